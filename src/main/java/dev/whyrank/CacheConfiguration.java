package dev.whyrank;

import dev.whyrank.cluster.RedisLink;
import dev.whyrank.cluster.RedisResultStore;
import dev.whyrank.rerank.cache.MemoryResultStore;
import dev.whyrank.rerank.cache.ResultStore;
import dev.whyrank.rerank.cache.TieredResultStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The result cache of the served model, shared over Redis where one is configured. Commands have none: what they measure has to be computed. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "whyrank.cache.enabled", matchIfMissing = true)
class CacheConfiguration {

    @Bean
    ResultStore resultStore(
            WhyrankProperties properties, ObjectProvider<MeterRegistry> registry, ObjectProvider<RedisLink> link) {
        WhyrankProperties.Cache settings = properties.cache();
        MemoryResultStore near = new MemoryResultStore(settings.maxSize().toBytes(), settings.ttl());
        registry.ifAvailable(meters -> CaffeineCacheMetrics.monitor(meters, near.cache(), "whyrank.results"));
        RedisLink shared = link.getIfAvailable();
        return shared == null ? near : new TieredResultStore(near, new RedisResultStore(shared, settings.ttl()));
    }
}
