package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.api.Http;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Hours in small: all kinds of requests at a served model for a while, with a pause after each round in which everything
 * that was taken for them has to be given back. Seconds in a normal build; {@code ./mvnw -Psoak test} takes half an hour.
 */
@EnabledOnOs(OS.LINUX)
class SoakTest {

    private static final int SECONDS = Integer.getInteger("soak.seconds", 6);
    private static final long SEED = Long.getLong("whyrank.seed", 1);
    private static final int CLIENTS = 6;
    private static final int ROUNDS = Math.max(6, SECONDS / 60);

    /** Rounds in which code is still compiled, pools fill and caches grow to their size. */
    private static final int WARM_UP = ROUNDS / 3;

    private final AtomicInteger requests = new AtomicInteger();

    /** A holding and how much more of it the fitted line may show at the end than at the beginning. */
    private record Limit(String name, String unit, double most, ToDoubleFunction<Holdings> value) {

        /** What the least squares line of the rounds rises by, from the first to the last. */
        double growth(List<Holdings> rounds) {
            double[] values = rounds.stream().mapToDouble(value).toArray();
            double middle = (values.length - 1) / 2.0;
            double mean = Arrays.stream(values).average().orElseThrow();
            double both = 0;
            double squares = 0;
            for (int i = 0; i < values.length; i++) {
                both += (i - middle) * (values[i] - mean);
                squares += (i - middle) * (i - middle);
            }
            return both / squares * (values.length - 1);
        }

        String row(List<Holdings> rounds) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %.0f %s | %.0f %s | %+.1f | %.1f |",
                    name,
                    value.applyAsDouble(rounds.get(0)),
                    unit,
                    value.applyAsDouble(rounds.get(rounds.size() - 1)),
                    unit,
                    growth(rounds),
                    most);
        }
    }

    private static final List<Limit> LIMITS = List.of(
            new Limit("live heap", "KiB", 2048, Holdings::heapKib),
            new Limit("resident memory outside files", "KiB", 16_384, Holdings::nativeKib),
            // Pools fill up as requests happen to meet; one left behind by each request would be hundreds.
            new Limit("threads", "", 5, Holdings::threads),
            new Limit("open files", "", 3, Holdings::files),
            new Limit("native arrays", "", 0.5, Holdings::arrays));

    @Test
    void whatIsHeldStaysFlatAndEveryDocumentEndsOnce() throws Exception {
        System.out.printf("%d seconds of mixed traffic, seed %d%n", SECONDS, SEED);
        List<String> flags =
                List.of("-Xms300m", "-Xmx300m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        List<String> serve = Stream.concat(Stream.of("serve"), Stream.of(Requests.FOUR_SLOTS))
                .toList();
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (ServerProcess server = ServerProcess.start(WhyrankApplication.class, flags, Map.of(), serve)) {
            int port = server.port();
            List<MixedTraffic> clients = IntStream.range(0, CLIENTS)
                    .mapToObj(i -> new MixedTraffic(port, SEED * CLIENTS + i))
                    .toList();
            List<Holdings> rounds = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                soak(threads, clients);
                awaitNothingRunning(new Prometheus(new Http(port)));
                rounds.add(Holdings.of(server.pid()));
            }
            report(rounds.subList(WARM_UP, ROUNDS));
            assertThat(server.output()).noneMatch(line -> line.contains("ERROR"));
        } finally {
            threads.shutdownNow();
        }
    }

    private void soak(ExecutorService threads, List<MixedTraffic> clients) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos() / ROUNDS;
        List<Callable<Void>> turns = clients.stream()
                .<Callable<Void>>map(client -> () -> {
                    while (System.nanoTime() < end) {
                        client.turn();
                        requests.incrementAndGet();
                    }
                    return null;
                })
                .toList();
        for (Future<Void> turn : threads.invokeAll(turns)) {
            turn.get();
        }
    }

    private static void awaitNothingRunning(Prometheus meters) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> meters.value("whyrank_running") == 0
                        && meters.value("whyrank_queue_requests") == 0
                        && meters.value("whyrank_kv_usage") == 0);
    }

    private void report(List<Holdings> rounds) {
        System.out.printf(
                "%d requests%n%n| holds | first | last | line rises by | at most |%n|---|---|---|---|---|%n",
                requests.get());
        LIMITS.forEach(limit -> System.out.println(limit.row(rounds)));
        for (Limit limit : LIMITS) {
            assertThat(limit.growth(rounds))
                    .as("growth of %s, round by round %s", limit.name(), rounds)
                    .isLessThanOrEqualTo(limit.most());
        }
    }
}
