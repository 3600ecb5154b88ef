package dev.whyrank;

import dev.whyrank.rerank.cache.MemoryResultStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The result cache of the served model. Commands have none: what they measure has to be computed. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "whyrank.cache.enabled", matchIfMissing = true)
class CacheConfiguration {

    @Bean
    MemoryResultStore memoryResultStore(WhyrankProperties properties, ObjectProvider<MeterRegistry> registry) {
        WhyrankProperties.Cache settings = properties.cache();
        MemoryResultStore store = new MemoryResultStore(settings.maxSize().toBytes(), settings.ttl());
        registry.ifAvailable(meters -> CaffeineCacheMetrics.monitor(meters, store.cache(), "whyrank.results"));
        return store;
    }
}
