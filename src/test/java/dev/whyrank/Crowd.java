package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Clients that post requests, follow their streams to the end, and come again when they are told to. */
final class Crowd {

    static final int DOCUMENTS = 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final ExecutorService people;
    private final List<Integer> ports;
    private final AtomicInteger ended = new AtomicInteger();

    Crowd(int atOnce, List<Integer> ports) {
        this.ports = new CopyOnWriteArrayList<>(ports);
        this.people = Executors.newFixedThreadPool(atOnce, task -> {
            Thread thread = new Thread(task, "crowd");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * What a client saw of its request.
     *
     * @param port of the gateway that accepted it
     * @param broken whether the connection ended before the stream did
     * @param last the last event's name
     * @param ends how many terminal events each document had, those with any
     * @param texts explanations, as the terminal events have them
     * @param told explanations, as the deltas since the last restart have them
     */
    record Story(
            int port,
            boolean broken,
            String last,
            Map<Integer, Integer> ends,
            Map<Integer, String> texts,
            Map<Integer, String> told,
            int restarts) {

        String outline() {
            return "port " + port + ", broken " + broken + ", last " + last + ", ends " + ends;
        }
    }

    /** Nobody goes there any more. */
    void leave(int port) {
        ports.remove((Object) port);
    }

    void awaitReady(Duration patience) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        for (int port : ports) {
            while (!ready(port)) {
                assertThat(System.nanoTime()).as("%d is ready", port).isLessThan(end);
                Thread.sleep(100);
            }
        }
    }

    private boolean ready(int port) throws Exception {
        HttpRequest asked = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness"))
                .build();
        return http.send(asked, BodyHandlers.discarding()).statusCode() == 200;
    }

    /** Waits until so many requests have ended. */
    void awaitEnds(int count) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (ended.get() < count) {
            assertThat(System.nanoTime())
                    .as("%d of %d ended", ended.get(), count)
                    .isLessThan(end);
            Thread.sleep(20);
        }
    }

    CompletableFuture<Story> ask(int number, String body) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return untilAccepted(number, body);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    } finally {
                        ended.incrementAndGet();
                    }
                },
                people);
    }

    private Story untilAccepted(int number, String body) throws InterruptedException {
        while (true) {
            int port = ports.get(number % ports.size());
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/rerank"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body))
                    .build();
            try {
                HttpResponse<Stream<String>> response = http.send(request, BodyHandlers.ofLines());
                if (response.statusCode() == 200) {
                    return follow(port, response.body());
                }
                assertThat(response.statusCode()).isIn(429, 503);
            } catch (IOException e) {
                // A gateway that is gone took nothing from us.
                assertThat(e).isNotNull();
            }
            Thread.sleep(200);
        }
    }

    private static Story follow(int port, Stream<String> lines) {
        Map<Integer, Integer> ends = new HashMap<>();
        Map<Integer, String> texts = new HashMap<>();
        Map<Integer, String> told = new HashMap<>();
        int restarts = 0;
        String name = "";
        boolean broken = false;
        try (lines) {
            Iterator<String> iterator = lines.iterator();
            while (iterator.hasNext()) {
                String line = iterator.next();
                if (line.startsWith("event: ")) {
                    name = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    JsonNode data = JSON.readTree(line.substring("data: ".length()));
                    int index = data.path("index").asInt(-1);
                    switch (name) {
                        case "explanation.delta" ->
                            told.merge(index, data.path("delta").asString(), String::concat);
                        case "document.restarted" -> {
                            told.remove(index);
                            restarts++;
                        }
                        case "document.completed" -> {
                            ends.merge(index, 1, Integer::sum);
                            texts.put(index, data.path("explanation").asString());
                        }
                        case "document.failed" -> ends.merge(index, 1, Integer::sum);
                        default ->
                            assertThat(name).isIn("rerank.started", "document.started", "rerank.completed", "error");
                    }
                }
            }
        } catch (java.io.UncheckedIOException e) {
            broken = true;
        }
        broken |= !name.equals("rerank.completed") && !name.equals("error");
        return new Story(port, broken, name, ends, texts, told, restarts);
    }
}
