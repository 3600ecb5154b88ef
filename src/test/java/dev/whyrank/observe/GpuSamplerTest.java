package dev.whyrank.observe;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuSamplerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration OFTEN = Duration.ofMillis(20);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    private Path folder;

    /** A tool that answers what the file {@code answer} holds, once it has checked how it is asked. */
    private NvidiaSmi tool(String answer) throws IOException {
        Files.writeString(folder.resolve("answer"), answer);
        return script("""
                [ "$1" = --query-gpu=%s ] && [ "$2" = --format=csv,noheader,nounits ] || exit 3
                cat %s
                """.formatted(GpuReading.FIELDS, folder.resolve("answer")), PATIENCE);
    }

    private NvidiaSmi script(String body, Duration patience) throws IOException {
        Path script = folder.resolve("nvidia-smi");
        Files.writeString(script, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new NvidiaSmi(NvidiaSmi.find("/nowhere::" + folder).orElseThrow(), patience);
    }

    /** What no gauge can be if it is not there. */
    private double gauge(String name, String device) {
        Gauge gauge = registry.find(name).tag("device", device).gauge();
        return gauge == null ? Double.NEGATIVE_INFINITY : gauge.value();
    }

    @Test
    void showsEachDevice() throws IOException {
        NvidiaSmi tool = tool("0, 37, 1024, 81559, 350.25, 61\n1, 0, 0, 81559, [N/A], 30\n");
        try (GpuSampler sampler = new GpuSampler(registry, Optional.of(tool), PATIENCE)) {
            await().atMost(20, SECONDS).until(() -> gauge("hw.gpu.temperature", "1") >= 0);
            assertThat(gauge("hw.gpu.utilization", "0")).isEqualTo(0.37);
            assertThat(gauge("hw.gpu.memory.usage", "0")).isEqualTo(1024.0 * (1 << 20));
            assertThat(gauge("hw.gpu.memory.limit", "0")).isEqualTo(81559.0 * (1 << 20));
            assertThat(gauge("hw.gpu.power", "0")).isEqualTo(350.25);
            assertThat(gauge("hw.gpu.temperature", "0")).isEqualTo(61);
            assertThat(gauge("hw.gpu.power", "1")).isNaN();
            assertThat(gauge("hw.gpu.temperature", "1")).isEqualTo(30);
            assertThat(sampler.isSampling()).isTrue();
        }
    }

    @Test
    void followsChangesAndForgetsWhatItCannotRead() throws IOException {
        NvidiaSmi tool = tool("0, 10, 1, 2, 3, 4\n");
        GpuSampler closed;
        try (GpuSampler sampler = new GpuSampler(registry, Optional.of(tool), OFTEN)) {
            await().atMost(20, SECONDS).until(() -> gauge("hw.gpu.utilization", "0") >= 0);
            replace("0, 90, 1, 2, 3, 4\n");
            await().atMost(20, SECONDS).until(() -> gauge("hw.gpu.utilization", "0") == 0.9);
            replace("Unable to determine the device handle\n");
            await().atMost(20, SECONDS).until(() -> Double.isNaN(gauge("hw.gpu.utilization", "0")));
            replace("0, 20, 1, 2, 3, 4\n");
            await().atMost(20, SECONDS).until(() -> gauge("hw.gpu.utilization", "0") == 0.2);
            closed = sampler;
        }
        await().atMost(20, SECONDS).until(() -> !closed.isSampling());
    }

    @Test
    void triesAgainWhenTheFirstReadingFails() throws IOException {
        Path failed = folder.resolve("failed");
        NvidiaSmi late = script("""
                [ -e %s ] || { touch %s; echo 'the driver is not there yet'; exit 9; }
                echo 'Warning: the infoROM of a device is damaged'
                echo '0, 10, 1, 2, 3, 4'
                """.formatted(failed, failed), PATIENCE);
        try (GpuSampler sampler = new GpuSampler(registry, Optional.of(late), OFTEN)) {
            await().atMost(20, SECONDS).until(() -> gauge("hw.gpu.utilization", "0") == 0.1);
            assertThat(sampler.isSampling()).isTrue();
        }
    }

    private void replace(String answer) throws IOException {
        Path next = folder.resolve("next");
        Files.writeString(next, answer);
        Files.move(next, folder.resolve("answer"), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void costsNothingWithoutAGpu() throws IOException {
        assertThat(NvidiaSmi.find("/nowhere:" + folder)).isEmpty();
        try (GpuSampler none = new GpuSampler(registry, Optional.empty(), OFTEN)) {
            assertThat(none.isSampling()).isFalse();
        }
        NvidiaSmi driverless = script("echo 'has failed to talk to the driver'; exit 9", PATIENCE);
        try (GpuSampler ended = new GpuSampler(registry, Optional.of(driverless), OFTEN)) {
            await().atMost(20, SECONDS).until(() -> !ended.isSampling());
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void givesUpOnAToolThatHangsOrTalksNonsense() throws IOException {
        NvidiaSmi hanging = script("exec sleep 60", Duration.ofMillis(100));
        assertThatThrownBy(hanging::read).isInstanceOf(IOException.class).hasMessageContaining("has not answered");
        NvidiaSmi babbling = tool("0, x, 1, 2, 3, 4\n");
        assertThatThrownBy(babbling::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nvidia-smi cannot be understood");
    }
}
