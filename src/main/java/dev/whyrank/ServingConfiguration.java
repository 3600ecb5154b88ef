package dev.whyrank;

import dev.whyrank.cluster.ClusterGateway;
import dev.whyrank.cluster.ClusterWorker;
import dev.whyrank.cluster.RedisLink;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.observe.EngineAvailability;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.LocalReranker;
import dev.whyrank.rerank.QueryWriter;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.cache.CachingJudge;
import dev.whyrank.rerank.cache.ResultStore;
import java.time.Duration;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires the served model to the web tier. The web server starts after this, so it never serves an unready model. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WhyrankProperties.class)
class ServingConfiguration {

    @Bean
    @Conditional(HasModel.class)
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

    /** Asks the workers of a cluster where this is one of its gateways, and the model in this process otherwise. */
    @Bean
    LocalReranker reranker(
            ObjectProvider<LocalModel> model,
            ObjectProvider<ClusterGateway> gateway,
            WhyrankProperties properties,
            ObjectProvider<RerankObserver> observer,
            ObjectProvider<ResultStore> results) {
        ClusterGateway over = gateway.getIfAvailable();
        if (over == null) {
            return model.getObject().reranker();
        }
        RerankObserver observing = observer.getIfAvailable(() -> RerankObserver.NONE);
        WhyrankProperties.Queue queue = properties.queue();
        return new LocalReranker(
                over::model,
                cached(over, properties, results, observing),
                new LocalReranker.Settings(queue.maxTokens(), queue.maxRequestTokens(), queue.resolvedWorkers()),
                observing);
    }

    /** What is known never becomes a task. */
    private static Judge cached(
            ClusterGateway over,
            WhyrankProperties properties,
            ObjectProvider<ResultStore> results,
            RerankObserver observer) {
        Judge judge = over.judge(properties.evidence().analyzer());
        ResultStore store = results.getIfAvailable();
        return store == null ? judge : new CachingJudge(judge, over::identity, store, observer);
    }

    @Bean
    QueryWriter queryWriter(ObjectProvider<LocalModel> model) {
        return model.stream()
                .findFirst()
                .flatMap(LocalModel::queryWriter)
                .orElseGet(() -> QueryWriter.refusing("queries need a language model in this process;"
                        + " set whyrank.model to a checkpoint, on a gateway also whyrank.cluster.role to all"));
    }

    /** Liveness includes the engine's, on every path that tells it; a model elsewhere is not helped by a restart here. */
    @Bean
    EngineAvailability availability(
            ObjectProvider<LocalModel> model,
            ObjectProvider<RedisLink> link,
            ObjectProvider<ClusterGateway> gateway,
            WhyrankProperties properties) {
        Optional<GenerationEngine> engine = model.stream().findFirst().flatMap(LocalModel::engine);
        Optional<RedisLink> redis = link.stream().findFirst();
        Optional<ClusterGateway> over = gateway.stream().findFirst();
        return new EngineAvailability(
                () -> engine.map(GenerationEngine::busyNanos).orElse(0L),
                properties.engine().stallTimeout(),
                () -> redis.map(RedisLink::isReachable).orElse(true)
                        && over.map(ClusterGateway::isReady).orElse(true));
    }

    /**
     * Drains before the web server stops: whoever comes meanwhile is told to come back, whoever streams may finish, and
     * whoever does not is told so.
     */
    @Bean
    SmartLifecycle drain(
            LocalReranker reranker,
            ObjectProvider<ClusterWorker> worker,
            WhyrankProperties properties,
            @Value("${spring.lifecycle.timeout-per-shutdown-phase:30s}") Duration phase) {
        if (properties.drainTimeout().compareTo(phase) >= 0) {
            throw new InvalidInputException("whyrank.drain-timeout is " + properties.drainTimeout()
                    + ", but the process is stopped after " + phase
                    + "; raise spring.lifecycle.timeout-per-shutdown-phase above it");
        }
        return new Drain(reranker, worker.stream().findFirst(), properties.drainTimeout());
    }
}
