package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The service with keys, strict names, small limits and little patience. */
@SpringBootTest(
        classes = ApiTestApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            // The second is the digest of "second-key".
            "whyrank.api.api-keys=first-key,sha256:f397f260a275cc4d42e7965c556167bf3f068aed491d35a8f5b38c8c2db96bb0,hasty-key",
            "whyrank.api.requests-per-minute=60",
            "whyrank.api.strict-model=true",
            "whyrank.api.max-documents=3",
            "whyrank.api.max-body=100KB",
            "whyrank.api.keep-alive=50ms",
            "whyrank.api.client-timeout=500ms",
            "whyrank.api.cors-origins=https://ui.example"
        })
@Timeout(60)
class GuardedHttpTest {

    private static final String GOOD = "{\"query\":\"q\",\"documents\":[\"good\"]}";
    private static final String KEY = "second-key";

    @Autowired
    FakeReranker reranker;

    @LocalServerPort
    int port;

    @BeforeEach
    void reset() {
        reranker.reset();
    }

    private HttpResponse<String> post(String path, String body, String... headers) {
        return new Http(port).post(path, body, headers);
    }

    @Test
    void asksForAKey() {
        HttpResponse<String> response = post("/v1/rerank", GOOD);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(Http.json(response).at("/code").asString()).isEqualTo("unauthorized");
        assertThat(response.headers().firstValue("X-Request-Id")).isPresent();
    }

    @Test
    void acceptsEitherHeaderAndAnyKey() {
        assertThat(post("/v1/rerank", GOOD, "Authorization", "Bearer first-key").statusCode())
                .isEqualTo(200);
        assertThat(post("/v1/rerank", GOOD, "Authorization", "bearer second-key")
                        .statusCode())
                .isEqualTo(200);
        assertThat(post("/v1/rerank", GOOD, "X-Api-Key", "first-key").statusCode())
                .isEqualTo(200);
    }

    @Test
    void aKeyThatAsksTooOftenWaitsAndTheOthersDoNot() {
        HttpResponse<String> last = post("/v1/rerank", GOOD, "X-Api-Key", "hasty-key");
        for (int sent = 1; sent < 200 && last.statusCode() == 200; sent++) {
            last = post("/v1/rerank", GOOD, "X-Api-Key", "hasty-key");
        }

        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(Http.json(last).at("/code").asString()).isEqualTo("rate_limited");
        assertThat(Http.json(last).at("/retryable").asBoolean()).isTrue();
        assertThat(last.headers().firstValue("Retry-After")).contains("1");
        assertThat(post("/v1/rerank", GOOD, "X-Api-Key", KEY).statusCode()).isEqualTo(200);
        assertThat(new Http(port).get("/health").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"first-ke", "first-key2", "FIRST-KEY", "first-key,second-key"})
    void forbidsAnyOtherKey(String key) {
        HttpResponse<String> response = post("/v1/rerank", GOOD, "X-Api-Key", key);

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(Http.json(response).at("/code").asString()).isEqualTo("forbidden");
        assertThat(response.body()).doesNotContain(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/rerank",
                "/v1;a=b/rerank;c=d",
                "/v1/%72erank",
                "/rerank",
                "/%72erank;x=y",
                "/v2/rerank",
                "/v1/score",
                "/v1/nowhere"
            })
    void noSpellingOfAPathGoesAroundTheKey(String path) {
        assertThat(post(path, GOOD).statusCode()).isEqualTo(401);
    }

    @Test
    void theModelListAsksForAKeyAndHealthDoesNot() {
        assertThat(new Http(port).get("/v1/models").statusCode()).isEqualTo(401);
        assertThat(new Http(port).get("/v1/models", "X-Api-Key", KEY).statusCode())
                .isEqualTo(200);
        for (String open : List.of("/health", "/ping", "/v2/health/live", "/v2/health/ready", "/v3/api-docs")) {
            assertThat(new Http(port).get(open).statusCode()).as(open).isEqualTo(200);
        }
    }

    @Test
    void strictNamesMakeAnUnknownModelNotFound() {
        HttpResponse<String> unknown =
                post("/v1/rerank", GOOD.replace("\"q\"", "\"q\",\"model\":\"other\""), "X-Api-Key", KEY);
        HttpResponse<String> served =
                post("/v1/rerank", GOOD.replace("\"q\"", "\"q\",\"model\":\"fake-1\""), "X-Api-Key", KEY);

        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(Http.json(unknown).at("/code").asString()).isEqualTo("model_not_found");
        assertThat(served.statusCode()).isEqualTo(200);
    }

    @Test
    void configuredLimitsHold() {
        String four = "{\"query\":\"q\",\"documents\":[\"a\",\"b\",\"c\",\"d\"]}";
        String big = "{\"query\":\"q\",\"documents\":[\"" + "x".repeat(101 * 1024) + "\"]}";

        assertThat(post("/v1/rerank", four, "X-Api-Key", KEY).statusCode()).isEqualTo(413);
        assertThat(post("/v1/rerank", big, "X-Api-Key", KEY).statusCode()).isEqualTo(413);
        assertThat(post("/rerank", four.replace("documents", "texts"), "X-Api-Key", KEY)
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void onlyConfiguredOriginsMayCallFromABrowser() {
        Http http = new Http(port);
        String[] preflight = {"Access-Control-Request-Method", "POST"};

        HttpResponse<String> allowed =
                http.send("OPTIONS", "/v1/rerank", "Origin", "https://ui.example", preflight[0], preflight[1]);
        HttpResponse<String> refused =
                http.send("OPTIONS", "/v1/rerank", "Origin", "https://evil.example", preflight[0], preflight[1]);

        assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).contains("https://ui.example");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void sendsKeepAliveCommentsWhileQueued() throws Exception {
        reranker.driveByHand();
        try (Socket socket = open(GOOD.replace("}", ",\"stream\":true}"))) {
            FakeReranker.Run run = reranker.nextRun();

            readUntil(socket.getInputStream(), ": keep-alive\n\n");
            readUntil(socket.getInputStream(), ": keep-alive\n\n");
            run.emit(new RerankEvent.Started(0));
            run.fail(ErrorCode.ENGINE_FAILURE, "done");
            readUntil(socket.getInputStream(), "event: error\n");
        }
    }

    @Test
    void aQuietButReadingClientIsNotDropped() throws Exception {
        reranker.driveByHand();
        try (Socket socket = open(GOOD.replace("}", ",\"stream\":true}"))) {
            FakeReranker.Run run = reranker.nextRun();
            for (int i = 0; i < 40; i++) {
                readUntil(socket.getInputStream(), ": keep-alive\n\n");
            }
            assertThat(run.isCancelled()).isFalse();
        }
    }

    @Test
    void aClientThatLeavesItsStreamCancelsTheRequest() throws Exception {
        reranker.driveByHand();
        FakeReranker.Run run;
        try (Socket socket = open(GOOD.replace("}", ",\"stream\":true}"))) {
            run = reranker.nextRun();
            run.emit(new RerankEvent.Started(0));
            readUntil(socket.getInputStream(), "rerank.started");
        }
        assertThat(run.awaitCancelled()).isTrue();
        run.fail(ErrorCode.CANCELLED, "the client is gone");
    }

    @Test
    void aClientThatLeavesBeforeItsAnswerCancelsTheRequest() throws Exception {
        reranker.driveByHand();
        FakeReranker.Run run;
        try (Socket ignored = open(GOOD)) {
            run = reranker.nextRun();
            assertThat(ignored.isConnected()).isTrue();
        }
        assertThat(run.awaitCancelled()).isTrue();
    }

    @Test
    void aClientThatDoesNotReadIsDroppedAndNeverBlocksTheReranker() throws Exception {
        reranker.driveByHand();
        try (Socket socket = open(GOOD.replace("}", ",\"stream\":true}"))) {
            FakeReranker.Run run = reranker.nextRun();
            run.emit(new RerankEvent.Started(0));
            run.emit(new RerankEvent.DocumentStarted(0, 1, 0, false));
            String text = "x".repeat(10_000);
            for (int i = 0; i < 1_500; i++) {
                run.emit(new RerankEvent.ExplanationDelta(0, text));
            }
            assertThat(run.awaitCancelled()).isTrue();
            run.fail(ErrorCode.CANCELLED, "dropped");
            assertThat(endsBeforeTheStreamDoes(socket)).isTrue();
        }
    }

    @Test
    void aClientThatDoesNotReadAnAnswerLosesItsConnection() throws Exception {
        reranker.driveByHand();
        try (Socket socket = open(GOOD)) {
            int length = 32 << 20;
            reranker.nextRun().answer("x".repeat(length));
            await().during(Duration.ofSeconds(3)).until(socket::isConnected);
            assertThat(bytesLeft(socket)).isLessThan(length);
        }
    }

    @Test
    void aClientThatReadsSlowlyGetsItsAnswer() throws Exception {
        reranker.driveByHand();
        try (Socket socket = open(GOOD)) {
            int length = 32 << 20;
            reranker.nextRun().answer("x".repeat(length));
            InputStream in = socket.getInputStream();
            int read = 0;
            for (int pause = 0; pause < 10; pause++) {
                read += in.readNBytes(2 << 20).length;
                Thread.sleep(250);
            }
            assertThat(read + in.readNBytes(length - read).length).isEqualTo(length);
        }
    }

    @Test
    void aClientFurtherBehindThanTheBufferIsDroppedAtOnce() throws Exception {
        reranker.driveByHand();
        try (Socket socket = open(GOOD.replace("}", ",\"stream\":true}"))) {
            FakeReranker.Run run = reranker.nextRun();
            run.emit(new RerankEvent.Started(0));
            run.emit(new RerankEvent.DocumentStarted(0, 1, 0, false));
            String text = "x".repeat(1 << 20);
            for (int i = 0; i < 64; i++) {
                run.emit(new RerankEvent.ExplanationDelta(0, text));
            }
            assertThat(run.awaitCancelled()).isTrue();
            assertThat(socket.isConnected()).isTrue();
        }
    }

    /** Opens a connection with a small window and posts; what comes back is the test's to read, or not. */
    private Socket open(String body) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(8 * 1024);
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress("localhost", port));
        String head = "POST /v1/rerank HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "X-Api-Key: " + KEY + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    private static void readUntil(InputStream in, String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            int c = in.read();
            if (c < 0) {
                throw new AssertionError("the stream ended before '" + text + "': " + read);
            }
            read.append((char) c);
        }
    }

    private static long bytesLeft(Socket socket) throws IOException {
        long bytes = 0;
        try {
            byte[] buffer = new byte[64 * 1024];
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                bytes += n;
            }
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return bytes;
    }

    /** Reads what is left; the last chunk that ends a whole response must not come. */
    private static boolean endsBeforeTheStreamDoes(Socket socket) throws IOException {
        byte[] last = new byte[5];
        byte[] buffer = new byte[64 * 1024];
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                if (n >= 5) {
                    System.arraycopy(buffer, n - 5, last, 0, 5);
                }
            }
        } catch (SocketException reset) {
            return reset.getMessage() != null;
        }
        return !new String(last, StandardCharsets.US_ASCII).equals("0\r\n\r\n");
    }
}
