package dev.whyrank.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.generate.EngineListener;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EngineMetersTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EngineListener meters = new EngineMeters(registry);

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private double tokens(String type) {
        return registry.get("whyrank.tokens").tag("type", type).counter().count();
    }

    private Timer step(String kind) {
        return registry.get("whyrank.step.duration").tag("kind", kind).timer();
    }

    @Test
    void tellsStepsApartByWhatTheyCompute() {
        meters.step(2, 30, 0, 10, 3 * MILLI);
        meters.step(3, 7, 2, 0, 4 * MILLI);
        meters.step(2, 0, 2, 0, MILLI);
        meters.step(2, 0, 2, 0, MILLI);
        meters.encoded(8, 100, 5 * MILLI);

        assertThat(step("prefill").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(3);
        assertThat(step("mixed").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(4);
        assertThat(step("decode").count()).isEqualTo(2);
        assertThat(step("encode").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(5);
        assertThat(tokens("prefill")).isEqualTo(37);
        assertThat(tokens("decode")).isEqualTo(6);
        assertThat(tokens("copied")).isEqualTo(10);
        assertThat(tokens("encoded")).isEqualTo(100);
        assertThat(registry.get("whyrank.batch.size").summary().totalAmount()).isEqualTo(2 + 3 + 2 + 2 + 8);
        assertThat(registry.get("whyrank.batch.tokens").summary().totalAmount()).isEqualTo(30 + 9 + 2 + 2 + 100);
    }

    @Test
    void timesOutputTokensOnlyInStepsThatWriteSome() {
        meters.step(1, 30, 0, 0, 9 * MILLI);
        meters.step(2, 30, 1, 0, 4 * MILLI);
        meters.encoded(1, 5, MILLI);

        Timer perToken = registry.get("gen_ai.server.time_per_output_token")
                .tag("gen_ai.operation.name", "rerank")
                .timer();
        assertThat(perToken.count()).isEqualTo(1);
        assertThat(perToken.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(4);
    }

    @Test
    void showsTheCacheAsAShareOfItsCapacity() {
        assertThat(gauge("whyrank.kv.usage")).isZero();
        meters.state(1, 3, 64, 4);
        assertThat(gauge("whyrank.kv.usage")).as("an encoder has no cache").isZero();
        meters.capacity(256);
        assertThat(gauge("whyrank.kv.usage")).isEqualTo(0.25);
        assertThat(gauge("whyrank.running")).isEqualTo(3);
        assertThat(gauge("whyrank.waiting")).isEqualTo(1);
        meters.state(0, 0, 0, 0);
        assertThat(gauge("whyrank.waiting")).isZero();
        assertThat(gauge("whyrank.running")).isZero();
        assertThat(gauge("whyrank.kv.usage")).isZero();
    }

    @Test
    void usesFixedBucketsAndNoClientSideQuantiles() {
        meters.step(1, 0, 1, 0, MILLI);
        var snapshot = step("decode").takeSnapshot();
        assertThat(snapshot.percentileValues()).isEmpty();
        double[] bounds = Arrays.stream(snapshot.histogramCounts())
                .mapToDouble(bucket -> bucket.bucket(TimeUnit.MILLISECONDS))
                .toArray();
        assertThat(bounds).hasSizeGreaterThan(10).isSorted().contains(0.5, 1, 10_240);
        assertThat(snapshot.histogramCounts()[0].count()).isZero();
        assertThat(snapshot.histogramCounts()[1].count()).isEqualTo(1);
    }
}
