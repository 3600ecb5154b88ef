package dev.whyrank.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps gauges of the machine's GPUs, from readings on a thread of its own. Where nothing can be read there is no
 * thread, and where no GPU is listed, or the tool fails from the start for a while, the thread ends.
 */
final class GpuSampler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GpuSampler.class);

    /** So many failures, five minutes of them as the service samples, tell a tool without a driver. */
    private static final int FIRST_ATTEMPTS = 20;

    private final MeterRegistry registry;
    private final Duration period;
    private final Map<String, GpuReading> latest = new ConcurrentHashMap<>();
    private final Set<String> known = new HashSet<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final @Nullable Thread thread;

    /**
     * Starts sampling, if there is a tool.
     *
     * @param period between the end of a reading and the next
     */
    GpuSampler(MeterRegistry registry, Optional<NvidiaSmi> tool, Duration period) {
        this.registry = registry;
        this.period = period;
        this.thread = tool.map(smi -> new Thread(() -> run(smi), "gpu-sampler")).orElse(null);
        if (thread != null) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Whether readings are being taken. */
    boolean isSampling() {
        return thread != null && thread.isAlive();
    }

    private void run(NvidiaSmi tool) {
        try {
            if (!first(tool)) {
                return;
            }
            boolean failing = false;
            while (!closed.await(period.toNanos(), TimeUnit.NANOSECONDS)) {
                failing = sample(tool, failing);
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted; GPUs are not sampled any more", e);
        }
    }

    /**
     * Whether there is anything to sample: a tool without a device lists none, and one without a driver fails each time.
     * One that is slow while the machine starts fails at first only.
     */
    private boolean first(NvidiaSmi tool) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                tool.read().forEach(this::take);
                return !latest.isEmpty();
            } catch (IOException e) {
                if (attempt == FIRST_ATTEMPTS) {
                    LOG.info("GPUs are not sampled: {}", e.getMessage());
                    return false;
                }
            }
            if (closed.await(period.toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        }
    }

    /** Says whether it failed; of failures in a row only the first is logged, and old readings do not pass as new. */
    private boolean sample(NvidiaSmi tool, boolean failing) throws InterruptedException {
        try {
            List<GpuReading> readings = tool.read();
            latest.clear();
            readings.forEach(this::take);
            return false;
        } catch (IOException e) {
            latest.clear();
            if (!failing) {
                LOG.warn("GPUs cannot be sampled for now: {}", e.getMessage());
            }
            return true;
        }
    }

    private void take(GpuReading reading) {
        latest.put(reading.device(), reading);
        if (!known.add(reading.device())) {
            return;
        }
        gauge(reading.device(), "hw.gpu.utilization", "1", GpuReading::utilization);
        gauge(reading.device(), "hw.gpu.memory.usage", "bytes", GpuReading::memoryUsage);
        gauge(reading.device(), "hw.gpu.memory.limit", "bytes", GpuReading::memoryLimit);
        gauge(reading.device(), "hw.gpu.power", "watts", GpuReading::power);
        gauge(reading.device(), "hw.gpu.temperature", "celsius", GpuReading::temperature);
    }

    private void gauge(String device, String name, String unit, ToDoubleFunction<GpuReading> value) {
        Gauge.builder(name, latest, all -> {
                    GpuReading reading = all.get(device);
                    return reading == null ? Double.NaN : value.applyAsDouble(reading);
                })
                .tag("device", device)
                .baseUnit(unit.equals("1") ? null : unit)
                .register(registry);
    }

    @Override
    public void close() {
        closed.countDown();
        if (thread != null) {
            thread.interrupt();
        }
    }
}
