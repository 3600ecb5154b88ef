package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.RerankEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A client that sends its next request the moment it has read an answer, on one connection. */
@SpringBootTest(classes = ApiTestApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Timeout(120)
class KeptConnectionTest {

    private static final int ROUNDS = 100;

    @Autowired
    FakeReranker reranker;

    @LocalServerPort
    int port;

    @BeforeEach
    void reset() {
        reranker.reset();
    }

    /** Without {@link EventLoopWrites} this hangs within some dozen rounds. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"query\":\"q\",\"documents\":[\"good\"]}",
                "{\"query\":\"q\",\"documents\":[\"good\"],\"stream\":true}"
            })
    void answersFromOtherThreadsLoseNoRequest(String body) throws IOException {
        try (Socket socket = open()) {
            for (int round = 0; round < ROUNDS; round++) {
                assertThat(exchange(socket, post(body))).as("round %d", round).startsWith("HTTP/1.1 200");
                assertThat(exchange(socket, "GET /v3/api-docs HTTP/1.1\r\nHost: x\r\n\r\n"))
                        .as("round %d", round)
                        .startsWith("HTTP/1.1 200");
                assertThat(exchange(socket, post("{}"))).as("round %d", round).startsWith("HTTP/1.1 400");
            }
        }
    }

    @Test
    void refusalsFromOtherThreadsLoseNoRequest() throws IOException {
        reranker.play(run -> {
            run.emit(new RerankEvent.Started(0));
            run.fail(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "too long");
        });
        try (Socket socket = open()) {
            for (int round = 0; round < ROUNDS; round++) {
                assertThat(exchange(socket, post("{\"query\":\"q\",\"documents\":[\"good\"]}")))
                        .as("round %d", round)
                        .startsWith("HTTP/1.1 422");
                assertThat(exchange(socket, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"))
                        .as("round %d", round)
                        .startsWith("HTTP/1.1 200");
            }
        }
    }

    /** A browser fetches a page's files and then posts, on connections that it keeps. */
    @Test
    void filesLoseNoRequest() throws IOException {
        try (Socket socket = open()) {
            for (int round = 0; round < ROUNDS; round++) {
                for (String file : new String[] {"/", "/view.js", "/whyrank.css"}) {
                    assertThat(exchange(socket, "GET " + file + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                            .as("round %d", round)
                            .startsWith("HTTP/1.1 200");
                }
                assertThat(exchange(socket, post("{}"))).as("round %d", round).startsWith("HTTP/1.1 400");
            }
        }
    }

    private Socket open() throws IOException {
        Socket socket = new Socket("localhost", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String post(String body) {
        return "POST /v1/rerank HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static String exchange(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder answer = new StringBuilder();
        readUntil(in, answer, "\r\n\r\n");
        String head = answer.toString().toLowerCase(Locale.ROOT);
        int length = head.indexOf("content-length: ");
        if (length < 0) {
            readUntil(in, answer, "0\r\n\r\n");
        } else {
            int bytes = Integer.parseInt(head.substring(length + 16, head.indexOf("\r\n", length)));
            assertThat(in.readNBytes(bytes)).hasSize(bytes);
        }
        return answer.toString();
    }

    private static void readUntil(InputStream in, StringBuilder answer, String end) throws IOException {
        while (answer.length() < end.length() || answer.indexOf(end, answer.length() - end.length()) < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("closed after: " + answer);
            }
            answer.append((char) c);
        }
    }
}
