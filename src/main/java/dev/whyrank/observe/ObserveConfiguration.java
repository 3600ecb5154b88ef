package dev.whyrank.observe;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The service's meters. The root hands them to the engine and to the reranker. */
@Configuration(proxyBeanMethods = false)
class ObserveConfiguration {

    private static final Duration GPU_PERIOD = Duration.ofSeconds(15);
    private static final Duration GPU_PATIENCE = Duration.ofSeconds(10);

    @Bean
    EngineMeters engineMeters(MeterRegistry registry) {
        return new EngineMeters(registry);
    }

    @Bean
    RerankMeters rerankMeters(MeterRegistry registry) {
        return new RerankMeters(registry);
    }

    @Bean
    GpuSampler gpuSampler(MeterRegistry registry) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        Optional<NvidiaSmi> tool = NvidiaSmi.find(path).map(executable -> new NvidiaSmi(executable, GPU_PATIENCE));
        return new GpuSampler(registry, tool, GPU_PERIOD);
    }
}
