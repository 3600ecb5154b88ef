package dev.whyrank.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A real Redis of the test's own, on a free port, with nothing on disk. */
public final class TestRedis implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/redis-server");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final int port;
    private Process process;

    private TestRedis(int port) {
        this.port = port;
        this.process = launch(port);
        awaitAnswer();
    }

    public static TestRedis start() {
        if (!Files.isExecutable(PROGRAM)) {
            throw new AssertionError(PROGRAM + " is not there; install redis-server");
        }
        return new TestRedis(freePort());
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process launch(int port) {
        try {
            return new ProcessBuilder(List.of(
                            PROGRAM.toString(),
                            "--port",
                            String.valueOf(port),
                            "--bind",
                            "127.0.0.1",
                            "--save",
                            "",
                            "--appendonly",
                            "no"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitAnswer() {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            }
        });
    }

    /** What a deployment of this name is told of it. */
    ClusterProperties properties(String keyPrefix) {
        return new Binder(new MapConfigurationPropertySource(Map.of("c.redis-url", url(), "c.key-prefix", keyPrefix)))
                .bindOrCreate("c", ClusterProperties.class);
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Ends it without a word, and with all that it knew. */
    public void kill() {
        process.destroyForcibly()
                .onExit()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Starts it anew, empty, on the same port. */
    public void restart() {
        process = launch(port);
        awaitAnswer();
    }

    /** Stops it in its tracks: it accepts connections and never answers. */
    public void freeze() {
        signal("-STOP");
    }

    public void thaw() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", name, String.valueOf(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
