package dev.whyrank.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.ApplicationAvailabilityBean;
import org.springframework.boot.availability.AvailabilityState;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;

/**
 * The application's availability, with the engine's pulse as part of it. An engine whose thread has died, or that has
 * been busy with one turn for too long, cannot be helped from inside: liveness is broken, so that a supervisor starts
 * the process anew. Everything that asks for liveness asks here, so all paths answer alike. The pulse is a meter, too.
 */
public final class EngineAvailability extends ApplicationAvailabilityBean implements MeterBinder {

    private static final double NANOS = 1e9;

    private final LongSupplier busyNanos;
    private final long stallNanos;
    private final BooleanSupplier supplied;

    /**
     * Watches an engine.
     *
     * @param busyNanos how long it has been busy with one turn; {@link Long#MAX_VALUE} if it is dead
     * @param stallTimeout the longest turn that is not a stall
     * @param supplied whether everything outside that requests need is there; without it the process is not ready
     */
    public EngineAvailability(LongSupplier busyNanos, Duration stallTimeout, BooleanSupplier supplied) {
        this.busyNanos = busyNanos;
        this.stallNanos = stallTimeout.toNanos();
        this.supplied = supplied;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("whyrank.engine.busy", this::busySeconds)
                .baseUnit("seconds")
                .description("How long the engine has been busy with its present turn; infinite if its thread is dead")
                .register(registry);
        Gauge.builder("whyrank.engine.stall.timeout", () -> stallNanos / NANOS)
                .baseUnit("seconds")
                .description("The longest turn that is not a stall")
                .register(registry);
    }

    private double busySeconds() {
        long nanos = busyNanos.getAsLong();
        return nanos == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : nanos / NANOS;
    }

    @Override
    public <S extends AvailabilityState> @Nullable S getState(Class<S> stateType) {
        if (stateType.equals(LivenessState.class) && busyNanos.getAsLong() > stallNanos) {
            return stateType.cast(LivenessState.BROKEN);
        }
        if (stateType.equals(ReadinessState.class) && !supplied.getAsBoolean()) {
            return stateType.cast(ReadinessState.REFUSING_TRAFFIC);
        }
        return super.getState(stateType);
    }
}
