package dev.whyrank.observe;

import dev.whyrank.rerank.RerankObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The service's meters, log and traces. The root hands them to the engine and to the reranker. */
@Configuration(proxyBeanMethods = false)
class ObserveConfiguration {

    /** Who makes the spans. */
    private static final String SCOPE = "dev.whyrank";

    private static final Duration GPU_PERIOD = Duration.ofSeconds(15);
    private static final Duration GPU_PATIENCE = Duration.ofSeconds(10);

    @Bean
    EngineMeters engineMeters(MeterRegistry registry) {
        return new EngineMeters(registry);
    }

    @Bean
    @ConditionalOnProperty("whyrank.cluster.redis-url")
    ClusterMeters clusterMeters(MeterRegistry registry) {
        return new ClusterMeters(registry);
    }

    @Bean
    RerankObserver rerankObserver(
            MeterRegistry registry, ObjectProvider<OpenTelemetry> telemetry, ObjectProvider<SpanExporter> exporters) {
        List<RerankObserver> observers = new ArrayList<>(List.of(new RerankMeters(registry), new RequestLog()));
        if (TracingConfiguration.isTraced(exporters)) {
            telemetry.ifAvailable(sdk -> observers.add(new RequestTraces(sdk.getTracer(SCOPE))));
        }
        return new Observers(List.copyOf(observers));
    }

    @Bean
    GpuSampler gpuSampler(MeterRegistry registry) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        Optional<NvidiaSmi> tool = NvidiaSmi.find(path).map(executable -> new NvidiaSmi(executable, GPU_PATIENCE));
        return new GpuSampler(registry, tool, GPU_PERIOD);
    }
}
