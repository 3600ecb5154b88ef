package dev.whyrank.cli;

import dev.whyrank.generate.EngineListener;
import dev.whyrank.generate.GenerationEngine;
import dev.whyrank.generate.SequenceRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Times the service over HTTP, and in turn its own engine on what those requests put before it. Both sides have the same
 * clients, each of which sends its request again as soon as it was answered. Service, engine and clients share this
 * process and the machine's cores, so the service pays for its clients, too.
 */
final class ServiceBench {

    private final ServiceFactory services;
    private final Map<String, String> settings;
    private final BenchRequests load;
    private final int clients;
    private final int each;

    ServiceBench(ServiceFactory services, Map<String, String> settings, BenchRequests load, int clients, int each) {
        this.services = services;
        this.settings = settings;
        this.load = load;
        this.clients = clients;
        this.each = each;
    }

    /** One client's turn. */
    @FunctionalInterface
    private interface Turn {

        void take(int client) throws Exception;
    }

    /** Notes what the engine takes on, while there is somebody to note it. */
    private static final class Notes implements EngineListener {

        private volatile EngineListener current = EngineListener.NONE;

        @Override
        public void accepted(List<SequenceRequest> sequences, int sharedPrefix) {
            current.accepted(sequences, sharedPrefix);
        }

        @Override
        public void accepted(List<int[]> texts) {
            current.accepted(texts);
        }
    }

    /** What rounds of one side took: wall time, and processor time of all threads of this process. */
    private static final class Side {

        private final List<Double> seconds = new ArrayList<>();
        private double cpuSeconds;

        void add(double wall, double cpu) {
            seconds.add(wall);
            cpuSeconds += cpu;
        }

        double sum() {
            return seconds.stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    /**
     * Documents per second of both sides, and processor time.
     *
     * @param warmups rounds of both sides that do not count
     * @param rounds rounds of both sides that count
     */
    Map<String, Object> measure(int warmups, int rounds) throws Exception {
        Notes notes = new Notes();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try (ServiceFactory.Service service = services.start(settings, notes)) {
            BenchClient client = new BenchClient(service.port(), load.stream(), load.docs());
            List<String> bodies =
                    IntStream.range(0, clients).mapToObj(load::body).toList();
            List<EngineWork> work = note(client, bodies, notes);
            GenerationEngine engine = service.engine();
            Turn overHttp = number -> client.send(bodies.get(number));
            Turn bare = number -> work.get(number).repeat(engine);
            for (int round = 0; round < warmups; round++) {
                round(threads, overHttp, new Side());
                round(threads, bare, new Side());
            }
            Side served = new Side();
            Side alone = new Side();
            for (int round = 0; round < rounds; round++) {
                // Whoever comes second in one round comes first in the next, so that a drift favours neither.
                if (round % 2 == 0) {
                    round(threads, overHttp, served);
                    round(threads, bare, alone);
                } else {
                    round(threads, bare, alone);
                    round(threads, overHttp, served);
                }
            }
            return report(served, alone);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Sends each request alone, so that what the engine takes on meanwhile is its. */
    private static List<EngineWork> note(BenchClient client, List<String> bodies, Notes notes) throws Exception {
        List<EngineWork> all = new ArrayList<>();
        for (String body : bodies) {
            EngineWork work = new EngineWork();
            notes.current = work;
            client.send(body);
            all.add(work);
        }
        notes.current = EngineListener.NONE;
        return all;
    }

    private void round(ExecutorService threads, Turn turn, Side side) throws Exception {
        double cpu = ProcessTime.cpuSeconds();
        long begin = System.nanoTime();
        List<Future<?>> ends = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int client = i;
            ends.add(threads.submit(() -> {
                for (int turns = 0; turns < each; turns++) {
                    turn.take(client);
                }
                return null;
            }));
        }
        for (Future<?> end : ends) {
            end.get();
        }
        side.add((System.nanoTime() - begin) / 1e9, ProcessTime.cpuSeconds() - cpu);
    }

    private Map<String, Object> report(Side served, Side alone) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("engine", "whyrank");
        report.put("model", settings.getOrDefault("whyrank.model", "embedded"));
        report.put("requests_at_once", clients);
        report.put("docs", load.docs());
        report.put("stream", load.stream());
        report.put("rounds", served.seconds.size());
        report.put("service_docs_per_s", rounded(documents(served) / served.sum(), 100));
        report.put("engine_docs_per_s", rounded(documents(alone) / alone.sum(), 100));
        report.put("service_of_engine", rounded(alone.sum() / served.sum(), 1000));
        report.put(
                "service_of_engine_by_round",
                IntStream.range(0, served.seconds.size())
                        .mapToObj(i -> rounded(alone.seconds.get(i) / served.seconds.get(i), 1000))
                        .toList());
        report.put("service_cpu_ms_per_doc", rounded(1000 * served.cpuSeconds / documents(served), 1000));
        report.put("engine_cpu_ms_per_doc", rounded(1000 * alone.cpuSeconds / documents(alone), 1000));
        return report;
    }

    private double documents(Side side) {
        return (double) clients * each * load.docs() * side.seconds.size();
    }

    private static double rounded(double value, int parts) {
        return Math.round(value * parts) / (double) parts;
    }
}
