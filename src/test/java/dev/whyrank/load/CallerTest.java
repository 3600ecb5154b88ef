package dev.whyrank.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CallerTest {

    private static final String ENDED = "event: document.completed\ndata: {\"index\":0}\n\n";
    private static final String LAST = "event: rerank.completed\ndata: {}\n\n";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch over = new CountDownLatch(1);
    private final HttpServer server = startServer();

    private static HttpServer startServer() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Caller caller(Duration patience, HttpHandler handler) {
        server.createContext("/v1/rerank", handler);
        server.setExecutor(threads);
        server.start();
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new Caller(url, null, patience, number -> new Sample("{}", 1, Manner.READS));
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private static void begin(HttpExchange exchange, String text) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    @Test
    @Timeout(60)
    void patienceEndsForAStreamThatStallsAfterItsHeaders() {
        Caller caller = caller(Duration.ofMillis(300), exchange -> {
            begin(exchange, ENDED);
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Outcome outcome = caller.knock();
        assertThat(outcome.status()).isEqualTo(200);
        assertThat(outcome.broken()).isTrue();
        assertThat(outcome.fault()).contains("TimeoutException");
    }

    @Test
    @Timeout(60)
    void onlyWholeAnswersAreCapacity() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger whole = new AtomicInteger();
        Caller caller = caller(Duration.ofSeconds(20), exchange -> {
            int kind = asked.getAndIncrement() % 3;
            if (kind == 0) {
                exchange.sendResponseHeaders(429, -1);
            } else if (kind == 1) {
                begin(exchange, ENDED);
            } else {
                whole.incrementAndGet();
                begin(exchange, ENDED + LAST);
            }
            exchange.close();
        });
        Phase phase = caller.asFastAsItGoes(1, Duration.ofSeconds(1));
        assertThat(phase.outcomes()).hasSize(asked.get());
        assertThat(phase.perSecond()).isPositive().isBetween(whole.get() - 1.0, whole.get() + 0.0);
    }
}
