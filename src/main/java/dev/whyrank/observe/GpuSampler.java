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
 * thread, and where no GPU is listed the thread ends after its first look.
 */
final class GpuSampler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GpuSampler.class);

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

    /** Whether there is anything to sample: a tool without a driver fails, one without a device lists none. */
    private boolean first(NvidiaSmi tool) throws InterruptedException {
        try {
            tool.read().forEach(this::take);
        } catch (IOException e) {
            LOG.info("GPUs are not sampled: {}", e.getMessage());
        }
        return !latest.isEmpty();
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
