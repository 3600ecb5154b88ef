package dev.whyrank;

import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.observe.EngineAvailability;
import dev.whyrank.rerank.LocalReranker;
import dev.whyrank.rerank.QueryWriter;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.cache.ResultStore;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the served model to the web tier. The web server starts after this, so it never serves an unready model. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WhyrankProperties.class)
class ServingConfiguration {

    @Bean
    LocalModel localModel(
            WhyrankProperties properties,
            ObjectProvider<EngineListener> engineListeners,
            ObjectProvider<RerankObserver> observer,
            ObjectProvider<ResultStore> results) {
        return LocalModel.open(
                properties,
                EngineListener.all(engineListeners.orderedStream().toList()),
                observer.getIfAvailable(() -> RerankObserver.NONE),
                results.getIfAvailable());
    }

    /** Closed by its model. */
    @Bean(destroyMethod = "")
    LocalReranker reranker(LocalModel model) {
        return model.reranker();
    }

    @Bean
    QueryWriter queryWriter(LocalModel model) {
        return model.queryWriter()
                .orElseGet(() -> QueryWriter.refusing("queries need a language model in this process, and '"
                        + model.reranker().model() + "' is none; set whyrank.model to a checkpoint"));
    }

    /** Liveness includes the engine's, on every path that tells it; a model elsewhere is not helped by a restart here. */
    @Bean
    EngineAvailability availability(LocalModel model, WhyrankProperties properties) {
        return new EngineAvailability(
                () -> model.engine().map(GenerationEngine::busyNanos).orElse(0L),
                properties.engine().stallTimeout());
    }

    /**
     * Drains before the web server stops: whoever comes meanwhile is told to come back, whoever streams may finish, and
     * whoever does not is told so.
     */
    @Bean
    SmartLifecycle drain(
            LocalReranker reranker,
            WhyrankProperties properties,
            @Value("${spring.lifecycle.timeout-per-shutdown-phase:30s}") Duration phase) {
        if (properties.drainTimeout().compareTo(phase) >= 0) {
            throw new InvalidInputException("whyrank.drain-timeout is " + properties.drainTimeout()
                    + ", but the process is stopped after " + phase
                    + "; raise spring.lifecycle.timeout-per-shutdown-phase above it");
        }
        return new Drain(reranker, properties.drainTimeout());
    }
}
