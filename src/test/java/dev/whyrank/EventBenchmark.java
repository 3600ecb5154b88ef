package dev.whyrank;

import dev.whyrank.api.Http;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.ObjectMapper;

/**
 * Measures what the service costs without any model: server-sent events per second and core, then memory over many
 * requests. The service runs in a process of its own over a scripted model; clients read it over loopback from here, so
 * only the service's own processor time is counted. Prints one JSON line.
 */
@Command(name = "events", mixinStandardHelpOptions = true)
final class EventBenchmark implements Callable<Integer> {

    private static final double MEBI = 1024.0 * 1024.0;

    /** A heap of fixed size whose pages are all touched at the start: what then grows is not the heap. */
    private static final List<String> FLAGS = List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Option(names = "--clients", defaultValue = "16", description = "Requests at once (default: 16).")
    private int clients;

    @Option(names = "--docs", defaultValue = "16", description = "Documents of each (default: 16).")
    private int docs;

    @Option(names = "--gen", defaultValue = "200", description = "Tokens written for each document (default: 200).")
    private int gen;

    @Option(names = "--seconds", defaultValue = "30", description = "How long events are counted (default: 30).")
    private int seconds;

    @Option(names = "--warmup", defaultValue = "20", description = "Seconds before that (default: 20).")
    private int warmup;

    @Option(names = "--requests", defaultValue = "10000", description = "Requests of the memory part (default: 10000).")
    private int requests;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] args) {
        System.exit(new CommandLine(new EventBenchmark()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try (ServerProcess server = ServerProcess.start(ScriptedService.class, FLAGS, Map.of(), List.of())) {
            Map<String, Object> report = new LinkedHashMap<>();
            throughput(server.port(), threads, report);
            memory(server.port(), threads, report);
            spec.commandLine().getOut().println(new ObjectMapper().writeValueAsString(report));
        } finally {
            threads.shutdownNow();
        }
        return 0;
    }

    private void throughput(int port, ExecutorService threads, Map<String, Object> report) throws Exception {
        String body = body(docs, gen);
        run(threads, port, body, until(warmup));
        double cpu = cpuSeconds(port);
        long begin = System.nanoTime();
        long events = run(threads, port, body, until(seconds));
        double wall = (System.nanoTime() - begin) / 1e9;
        double used = cpuSeconds(port) - cpu;
        report.put("events", events);
        report.put("events_per_s", Math.round(events / wall));
        report.put("service_cores", Math.round(100 * used / wall) / 100.0);
        report.put("events_per_s_per_core", Math.round(events / used));
    }

    private void memory(int port, ExecutorService threads, Map<String, Object> report) throws Exception {
        String body = body(2, 10);
        AtomicInteger sent = new AtomicInteger();
        List<Map<String, Object>> readings = new ArrayList<>();
        for (int part = 1; part <= 10; part++) {
            int until = requests / 10 * part;
            run(threads, port, body, () -> sent.incrementAndGet() <= until);
            sent.set(until);
            Map<String, Object> reading = footprint(port);
            reading.put("requests", until);
            readings.add(reading);
        }
        report.put("memory", readings);
    }

    private static BooleanSupplier until(int seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        return () -> System.nanoTime() < end;
    }

    /** All clients send as long as there is more to do; returns how many events came. */
    private long run(ExecutorService threads, int port, String body, BooleanSupplier more) throws Exception {
        LongAdder events = new LongAdder();
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            ends.add(threads.submit(() -> {
                while (more.getAsBoolean()) {
                    events.add(send(port, body));
                }
                return null;
            }));
        }
        for (Future<?> end : ends) {
            end.get();
        }
        return events.sum();
    }

    private long send(int port, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/rerank"))
                .header("Content-Type", "application/json")
                .header("Cache-Control", "no-cache")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        byte[] answer = response.body();
        if (response.statusCode() != 200 || !endsWell(answer)) {
            throw new IllegalStateException("status " + response.statusCode());
        }
        return events(answer);
    }

    private static boolean endsWell(byte[] answer) {
        int tail = Math.min(answer.length, 100_000);
        return new String(answer, answer.length - tail, tail, StandardCharsets.UTF_8)
                .contains("\nevent: rerank.completed\n");
    }

    /** Each event ends with an empty line, and JSON holds no line break. */
    private static long events(byte[] answer) {
        return IntStream.range(1, answer.length)
                .filter(i -> answer[i] == '\n' && answer[i - 1] == '\n')
                .count();
    }

    private static double cpuSeconds(int port) {
        return Double.parseDouble(new Http(port).get("/cpu").body());
    }

    private static Map<String, Object> footprint(int port) {
        var reading = Http.json(new Http(port).get("/footprint"));
        Map<String, Object> mebibytes = new LinkedHashMap<>();
        mebibytes.put("heap_mb", Math.round(10 * reading.path("heap_bytes").asLong() / MEBI) / 10.0);
        mebibytes.put(
                "resident_mb", Math.round(10 * reading.path("resident_bytes").asLong() / MEBI) / 10.0);
        return mebibytes;
    }

    private static String body(int docs, int gen) {
        String texts = IntStream.range(0, docs)
                .mapToObj(i -> "\"Document number " + i + " is about something.\"")
                .collect(Collectors.joining(","));
        return "{\"query\": \"why?\", \"documents\": [%s], \"max_explanation_tokens\": %d, \"stream\": true}"
                .formatted(texts, gen);
    }
}
