package dev.whyrank;

import dev.whyrank.api.batch.WhyrankBatchProperties;
import dev.whyrank.batch.BatchStore;
import dev.whyrank.cluster.RedisBatchStore;
import dev.whyrank.cluster.RedisLink;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Where a Redis is configured, batches are kept there: any process that serves HTTP takes them up, and none loses
 * them. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("whyrank.cluster.redis-url")
class SharedStoresConfiguration {

    @Bean
    @Conditional(HasHttp.class)
    BatchStore batchStore(RedisLink link, WhyrankBatchProperties settings) {
        return new RedisBatchStore(link, settings.retention());
    }
}
