package dev.whyrank.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A real Redis of one test: its own process, port and folder, with an append-only file that is synced every second. */
public final class RedisServer implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/redis-server");
    private static final int PATIENCE_SECONDS = 20;
    private static final boolean CI = "true".equals(System.getenv("CI"));

    private final Path folder;
    private final String scheme;
    private final int port;
    private final List<String> more;
    private @Nullable Process process;

    /** Starts it; skips the calling test where the program is missing, except in CI, where the test then fails. */
    public static RedisServer start(Path folder, String... more) {
        requireProgram();
        int port = freePort();
        return start(folder, "redis", port, List.of("--port", Integer.toString(port)), List.of(more));
    }

    /** Starts one that speaks nothing but TLS; skips where {@link #start} does, and where it was built without TLS. */
    public static RedisServer startTls(Path folder, TestCertificate certificate, String... more) {
        requireProgram();
        assumeTrue(CI || speaksTls(), PROGRAM + " was built without TLS");
        int port = freePort();
        List<String> listening = List.of(
                "--port",
                "0",
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                certificate.certificate().toString(),
                "--tls-key-file",
                certificate.key().toString(),
                "--tls-auth-clients",
                "no");
        return start(folder, "rediss", port, listening, List.of(more));
    }

    private static RedisServer start(Path folder, String scheme, int port, List<String> listening, List<String> more) {
        List<String> all = new ArrayList<>(listening);
        all.addAll(more);
        RedisServer server = new RedisServer(folder, scheme, port, all);
        server.start();
        return server;
    }

    private static void requireProgram() {
        assumeTrue(CI || Files.isExecutable(PROGRAM), PROGRAM + " is missing: install redis-server");
    }

    /** Told to listen nowhere, it ends at once; without TLS it complains of not knowing the word. */
    private static boolean speaksTls() {
        try {
            Process process = new ProcessBuilder(PROGRAM.toString(), "--port", "0", "--tls-port", "0")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return !said.contains("Bad directive");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RedisServer(Path folder, String scheme, int port, List<String> more) {
        this.folder = folder;
        this.scheme = scheme;
        this.port = port;
        this.more = more;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return scheme + "://127.0.0.1:" + port;
    }

    /** Starts it again after {@link #stop} or {@link #kill}, with what it has on disk. */
    public void start() {
        List<String> command = new ArrayList<>(List.of(
                PROGRAM.toString(),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "everysec",
                "--save",
                ""));
        command.addAll(more);
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("redis.log").toFile())
                    .start();
            awaitPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitPort() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
                return;
            } catch (IOException e) {
                pause();
            }
        }
        throw new AssertionError("Redis does not listen: " + Files.readString(folder.resolve("redis.log")));
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What a deployment of this name is told of it. */
    ClusterProperties properties(String keyPrefix) {
        return new Binder(new MapConfigurationPropertySource(Map.of("c.redis-url", url(), "c.key-prefix", keyPrefix)))
                .bindOrCreate("c", ClusterProperties.class);
    }

    /** Stops it in its tracks: it accepts connections and never answers, until it is thawed. */
    void freeze() {
        signal("-STOP");
    }

    void thaw() {
        signal("-CONT");
    }

    private void signal(String name) {
        long pid = Objects.requireNonNull(process).pid();
        try {
            new ProcessBuilder("kill", name, Long.toString(pid)).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Ends it in order. */
    public void stop() {
        end(false);
    }

    /** Ends it without warning: what was not synced is lost. */
    public void kill() {
        end(true);
    }

    private void end(boolean forcibly) {
        Process running = process;
        if (running == null) {
            return;
        }
        try {
            (forcibly ? running.destroyForcibly() : destroy(running)).waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Process destroy(Process process) {
        process.destroy();
        return process;
    }

    @Override
    public void close() {
        kill();
    }
}
