package dev.whyrank.api.batch;

import dev.whyrank.api.ApiJson;
import dev.whyrank.api.RerankLines;
import dev.whyrank.batch.BatchStore;
import dev.whyrank.batch.MemoryBatchStore;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Batches, in the application's store if it has one, otherwise in memory. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WhyrankBatchProperties.class)
class BatchConfiguration {

    @Bean
    BatchService batchService(
            ObjectProvider<BatchStore> shared, RerankLines reranks, ApiJson json, WhyrankBatchProperties settings) {
        InstantSource clock = InstantSource.system();
        BatchStore store = shared.getIfAvailable(
                () -> new MemoryBatchStore(settings.maxSize().toBytes(), settings.retention(), clock));
        return new BatchService(store, reranks, json, settings, clock);
    }
}
