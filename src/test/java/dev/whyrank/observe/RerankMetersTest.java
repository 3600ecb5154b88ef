package dev.whyrank.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.RerankEvent.Timings;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RerankMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RerankMeters meters = new RerankMeters(registry);

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    private Timer duration(String error) {
        return registry.get("gen_ai.server.request.duration")
                .tags("gen_ai.operation.name", "rerank", "error.type", error)
                .timer();
    }

    private static Judgement judgement(LabelSource source, boolean truncated) {
        return new Judgement(
                "because",
                1,
                List.of(0, 1),
                List.of(0.25, 0.75),
                0.75,
                source,
                Ending.STOP,
                truncated,
                new Judgement.Usage(40, 25, 7));
    }

    @Test
    void countsFailedDocumentsByReason() {
        assertThat(count("whyrank.failed", "reason", "engine_failure")).isZero();
        meters.failed(ErrorCode.ENGINE_FAILURE);
        meters.failed(ErrorCode.CANCELLED);
        assertThat(count("whyrank.failed", "reason", "engine_failure")).isEqualTo(1);
        assertThat(count("whyrank.failed", "reason", "cancelled")).isEqualTo(1);
    }

    @Test
    void countsLabelsBySourceAndTokensOfPrefixes() {
        meters.judged(judgement(LabelSource.STATED, false));
        meters.judged(judgement(LabelSource.FORCED, true));
        meters.judged(judgement(LabelSource.STATED, false));

        assertThat(count("whyrank.labels", "source", "stated")).isEqualTo(2);
        assertThat(count("whyrank.labels", "source", "forced")).isEqualTo(1);
        assertThat(count("whyrank.labels", "source", "defaulted")).isZero();
        assertThat(count("whyrank.truncated")).isEqualTo(1);
        assertThat(count("whyrank.prefix.queries")).isEqualTo(120);
        assertThat(count("whyrank.prefix.hits")).isEqualTo(75);
    }

    @Test
    void timesRequestsByTheirOutcome() {
        Timings timings = new Timings(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(30));
        meters.queued(timings.queue());
        meters.firstToken(timings.firstToken());
        meters.ended(timings, null);
        meters.ended(timings, ErrorCode.ENGINE_FAILURE);

        assertThat(duration("none").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
        assertThat(duration("engine_failure").count()).isEqualTo(1);
        assertThat(registry.get("whyrank.queue.duration").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(1);
        assertThat(registry.get("gen_ai.server.time_to_first_token")
                        .tag("gen_ai.operation.name", "rerank")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(2);
    }

    @Test
    void showsTheQueueAndWhoIsTurnedAway() {
        assertThat(count("whyrank.rejected", "reason", "overloaded")).isZero();
        meters.waiting(2, 17);
        meters.rejected(ErrorCode.OVERLOADED);
        meters.rejected(ErrorCode.CONTEXT_LENGTH_EXCEEDED);
        meters.cancelled();

        assertThat(registry.get("whyrank.queue.requests").gauge().value()).isEqualTo(2);
        assertThat(registry.get("whyrank.queue.documents").gauge().value()).isEqualTo(17);
        assertThat(count("whyrank.rejected", "reason", "overloaded")).isEqualTo(1);
        assertThat(count("whyrank.rejected", "reason", "context_length_exceeded"))
                .isEqualTo(1);
        assertThat(count("whyrank.cancelled")).isEqualTo(1);
    }
}
