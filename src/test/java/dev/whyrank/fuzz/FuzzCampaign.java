package dev.whyrank.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Looks for new inputs: every fuzz test in a JVM of its own under Jazzer, as many at a time as there are processors, all
 * within about {@code -Dfuzz.seconds}; or, with {@code -Dfuzz.only}, those whose path holds this. What is learnt stays in
 * {@code target/fuzz}, so that the next run goes on from there; a first run with the same {@code -Dfuzz.seed} and code
 * tries the same inputs. Named so that only the profile {@code fuzz} runs it.
 */
class FuzzCampaign {

    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 180);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final int LANES = Runtime.getRuntime().availableProcessors();
    private static final String ONLY = System.getProperty("fuzz.only", "");
    private static final Path SOURCES = Path.of("src/test/java");
    private static final Path OUT = Path.of("target/fuzz");
    /** Large tools of other tests: Jazzer looks through every class of the path before it starts. */
    private static final Pattern OTHERS = Pattern.compile(
            "archunit|byte-buddy|client-java|docker-java|kubernetes|playwright|testcontainers|wiremock");

    private static final String SUFFIX = "FuzzTest.java";

    @Test
    void findsNoFault() throws Exception {
        List<String> targets = targets();
        int share = Math.max(1, SECONDS * Math.min(LANES, targets.size()) / targets.size());
        List<Campaigned> results = run(targets, share);
        String table = Campaigned.table(results);
        Files.writeString(OUT.resolve("table.md"), table);
        System.out.println(table);
        assertThat(results.stream().filter(Campaigned::failed).map(Campaigned::finding))
                .isEmpty();
    }

    private static List<String> targets() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .filter(file -> file.toString().contains(ONLY))
                    .map(file -> SOURCES.relativize(file).toString())
                    .map(file ->
                            file.substring(0, file.length() - ".java".length()).replace(File.separatorChar, '.'))
                    .sorted()
                    .toList();
        }
    }

    private static List<Campaigned> run(List<String> targets, int seconds) throws Exception {
        ExecutorService lanes = Executors.newFixedThreadPool(LANES);
        try {
            List<Future<Campaigned>> running = new ArrayList<>();
            for (String target : targets) {
                running.add(lanes.submit(() -> run(target, seconds)));
            }
            List<Campaigned> results = new ArrayList<>();
            for (Future<Campaigned> each : running) {
                results.add(each.get());
            }
            return results;
        } finally {
            lanes.shutdownNow();
            lanes.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry ->
                        !OTHERS.matcher(Path.of(entry).getFileName().toString()).find())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Campaigned run(String target, int seconds) throws IOException, InterruptedException {
        String name = target.substring(target.lastIndexOf('.') + 1);
        Path folder = OUT.resolve(name).toAbsolutePath();
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        Path temporary = Files.createDirectories(folder.resolve("tmp"));
        Path log = folder.resolve("log.txt");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // Little heap: an input of some kilobytes that asks for more than that is a fault.
                "-Xmx600m",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                classPath(),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target,
                "--instrumentation_includes=dev.whyrank.**",
                // An operator's own regular expressions are a setting.
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexInjection",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + File.separator,
                "-max_total_time=" + seconds,
                "-seed=" + SEED,
                // Of the clock, for what never ends: what ends late on a busy machine is no fault.
                "-timeout=300",
                "-rss_limit_mb=0",
                "-print_final_stats=1",
                corpus.toString(),
                Corpus.folder(name).toAbsolutePath().toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            return Campaigned.read(name, process.waitFor(), log);
        } finally {
            process.destroyForcibly();
        }
    }
}
