package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The program as its operator sees it: a process with arguments, an environment, output and an exit status. */
final class ServerProcess implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 120;
    private static final Pattern PORT = Pattern.compile("started on port (\\d+)");

    private final Process process;
    private final List<String> output = new ArrayList<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Thread reader = new Thread(this::read, "server-output");

    private ServerProcess(Process process) {
        this.process = process;
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts it on a free port, from the classes under test. */
    static ServerProcess start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> flags = List.of("-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        List<String> serve =
                Stream.concat(Stream.of("serve"), Stream.of(arguments)).toList();
        return start(WhyrankApplication.class, flags, environment, serve);
    }

    /** Starts a command. */
    static ServerProcess command(String... arguments) throws IOException {
        return process(WhyrankApplication.class, List.of("-Xmx400m"), Map.of(), List.of(arguments));
    }

    /** Starts another program that says, as Spring Boot does, on which port it listens. */
    static ServerProcess start(
            Class<?> program, List<String> flags, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> settings =
                Stream.concat(arguments.stream(), Stream.of("--server.port=0")).toList();
        return process(program, flags, environment, settings);
    }

    private static ServerProcess process(
            Class<?> program, List<String> flags, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--") || flag.startsWith("-XX:+Ignore"))
                .forEach(command::add);
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath(), program.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new ServerProcess(builder.start());
    }

    /** Surefire may pass the class path through a jar's manifest, and tells the true one apart. */
    private static String classPath() {
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        assertThat(own).contains("classes" + File.pathSeparator);
        return own;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                note(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            port.completeExceptionally(new AssertionError("it ended before it listened: " + output()));
        }
    }

    private void note(String line) {
        synchronized (output) {
            output.add(line);
        }
        Matcher started = PORT.matcher(line);
        if (started.find()) {
            port.complete(Integer.valueOf(Objects.requireNonNull(started.group(1))));
        }
    }

    /** The port, once it listens. */
    int port() throws Exception {
        return port.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Its number on this machine. */
    long pid() {
        return process.pid();
    }

    /** Asks it to end, as a supervisor does: SIGTERM. By its handle, since the process itself would lose its output. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** The exit status, once it has ended and all its output is read. */
    int awaitExit() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("it ends; so far %s", output())
                .isTrue();
        reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        return process.exitValue();
    }

    List<String> output() {
        synchronized (output) {
            return List.copyOf(output);
        }
    }

    /** Ends it at once, as a machine that is gone does: SIGKILL. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.toHandle().destroyForcibly();
    }
}
