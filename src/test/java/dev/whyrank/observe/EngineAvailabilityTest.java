package dev.whyrank.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;

class EngineAvailabilityTest {

    private final AtomicLong busy = new AtomicLong();
    private final AtomicBoolean supplied = new AtomicBoolean(true);
    private final EngineAvailability availability =
            new EngineAvailability(busy::get, Duration.ofSeconds(2), supplied::get);

    private LivenessState liveness() {
        return availability.getLivenessState();
    }

    @Test
    void breaksWhenTheEngineStallsAndRecoversWithIt() {
        tell(LivenessState.CORRECT);
        tell(ReadinessState.ACCEPTING_TRAFFIC);
        busy.set(Duration.ofSeconds(2).toNanos());
        assertThat(liveness()).as("not longer than allowed").isEqualTo(LivenessState.CORRECT);
        busy.incrementAndGet();
        assertThat(liveness()).isEqualTo(LivenessState.BROKEN);
        assertThat(availability.getReadinessState()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
        busy.set(0);
        assertThat(liveness()).isEqualTo(LivenessState.CORRECT);
    }

    @Test
    void breaksWhenTheEnginesThreadIsDead() {
        tell(LivenessState.CORRECT);
        busy.set(Long.MAX_VALUE);
        assertThat(liveness()).isEqualTo(LivenessState.BROKEN);
    }

    @Test
    void isAMeterBesideTheLongestTurnThatIsNoStall() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        availability.bindTo(registry);
        Gauge turn = registry.get("whyrank.engine.busy").gauge();
        assertThat(turn.value()).isZero();
        busy.set(Duration.ofMillis(1500).toNanos());
        assertThat(turn.value()).isEqualTo(1.5);
        busy.set(Long.MAX_VALUE);
        assertThat(turn.value()).isInfinite();
        assertThat(registry.get("whyrank.engine.stall.timeout").gauge().value()).isEqualTo(2);
    }

    @Test
    void keepsWhatTheApplicationSays() {
        tell(LivenessState.BROKEN);
        assertThat(liveness()).isEqualTo(LivenessState.BROKEN);
        tell(ReadinessState.REFUSING_TRAFFIC);
        assertThat(availability.getReadinessState()).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
    }

    @Test
    void isNotReadyWithoutWhatItNeeds() {
        tell(LivenessState.CORRECT);
        tell(ReadinessState.ACCEPTING_TRAFFIC);
        supplied.set(false);
        assertThat(availability.getReadinessState()).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
        assertThat(liveness()).as("a restart would not help").isEqualTo(LivenessState.CORRECT);
        supplied.set(true);
        assertThat(availability.getReadinessState()).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
    }

    private void tell(LivenessState state) {
        availability.onApplicationEvent(new AvailabilityChangeEvent<>(this, state));
    }

    private void tell(ReadinessState state) {
        availability.onApplicationEvent(new AvailabilityChangeEvent<>(this, state));
    }
}
