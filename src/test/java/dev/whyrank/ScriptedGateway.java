package dev.whyrank;

import dev.whyrank.batch.BatchStore;
import dev.whyrank.cluster.ClusterProperties;
import dev.whyrank.cluster.RedisBatchStore;
import dev.whyrank.cluster.RedisLink;
import dev.whyrank.generate.EngineListener;
import dev.whyrank.rerank.LocalReranker;
import dev.whyrank.rerank.QueryWriter;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.ScriptedReranker;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;

/**
 * The HTTP side with its batches in Redis, over a model that computes nothing and takes its time. Deliberately no
 * {@code @Configuration}: a component scan of the whole house must not find it.
 */
@EnableAutoConfiguration
@EnableConfigurationProperties(ClusterProperties.class)
@ComponentScan("dev.whyrank.api")
public class ScriptedGateway {

    public static void main(String[] args) {
        SpringApplication.run(ScriptedGateway.class, args);
    }

    @Bean
    ScriptedReranker scripted(@Value("${scripted.pause:0ms}") Duration pause) {
        ScriptedReranker scripted = new ScriptedReranker(4, EngineListener.NONE, RerankObserver.NONE);
        scripted.model().beforeStep(step -> {
            try {
                Thread.sleep(pause.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return scripted;
    }

    @Bean(destroyMethod = "")
    LocalReranker reranker(ScriptedReranker scripted) {
        return scripted.reranker();
    }

    @Bean
    QueryWriter queryWriter() {
        return QueryWriter.refusing("the scripted model writes no queries");
    }

    @Bean
    RedisLink redisLink(ClusterProperties properties) {
        return new RedisLink(properties);
    }

    @Bean
    BatchStore batchStore(RedisLink link) {
        return new RedisBatchStore(link, Duration.ofHours(1));
    }
}
