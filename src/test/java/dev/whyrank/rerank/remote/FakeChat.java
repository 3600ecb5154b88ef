package dev.whyrank.rerank.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A chat endpoint over real HTTP that does what its script says, well or badly. */
public final class FakeChat implements AutoCloseable {

    /** Log probabilities after "Label:" that leave little doubt. */
    public static final Map<String, Double> MOSTLY_TWO = Map.of("0", -4.0, "1", -2.0, " 2", -0.2, "x", -3.0);

    private static final JsonMapper JSON = new JsonMapper();
    private static final long PULSE_MILLIS = 20;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private volatile Script script;

    /** What it does with a request. */
    @FunctionalInterface
    public interface Script {

        void answer(JsonNode request, Answer answer) throws IOException, InterruptedException;
    }

    /** A request that came, when, and with which key. */
    public record Asked(JsonNode body, long nanos, String authorization) {

        /** The words of the last turn. */
        public String words() {
            return lastWords(body);
        }
    }

    /** The script of a judge that explains in a sentence and says label 2. */
    public static void answerWell(JsonNode request, Answer answer) throws IOException {
        answer.token("Eggs", Map.of())
                .token(" float", Map.of())
                .token(".", Map.of())
                .token("\n", Map.of())
                .token("Relevance", Map.of())
                .token(" Label:", Map.of())
                .token(" 2", MOSTLY_TWO)
                .end("stop");
    }

    public FakeChat(Script script) {
        this.script = script;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/chat/completions", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public void script(Script next) {
        script = next;
        asked.clear();
        left.set(0);
        mostOpen.set(0);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    public List<Asked> asked() {
        return asked;
    }

    /** How many clients went away in the midst of an answer. */
    public int left() {
        return left.get();
    }

    /** Most answers given at the same time. */
    public int mostOpen() {
        return mostOpen.get();
    }

    public static String lastWords(JsonNode request) {
        JsonNode messages = request.path("messages");
        return messages.path(messages.size() - 1).path("content").asString("");
    }

    private void handle(HttpExchange exchange) throws IOException {
        JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
        String key = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        asked.add(new Asked(body, System.nanoTime(), key));
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        Answer answer = new Answer(exchange);
        try {
            script.answer(body, answer);
            if (answer.cut) {
                throw new IOException("the server closes a connection whose handler throws");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.decrementAndGet();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** One answer being given. */
    public final class Answer {

        private final HttpExchange exchange;
        private boolean begun;
        private boolean cut;

        Answer(HttpExchange exchange) {
            this.exchange = exchange;
        }

        /** Something else than a stream; headers are names and values in turn. */
        public void status(int status, String body, String... headers) throws IOException {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.getResponseHeaders().putIfAbsent("Content-Type", List.of("application/json"));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }

        /** Sends data as it is. */
        public Answer raw(String data) throws IOException {
            if (!begun) {
                begun = true;
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
            }
            try {
                exchange.getResponseBody().write((data + "\n\n").getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            } catch (IOException e) {
                left.incrementAndGet();
                throw e;
            }
            return this;
        }

        /** Words without anything about tokens, a chunk each. */
        public Answer words(String... pieces) throws IOException {
            for (String piece : pieces) {
                ObjectNode chunk = chunk();
                choice(chunk).putObject("delta").put("content", piece);
                raw("data: " + chunk);
            }
            return this;
        }

        /** One token with its alternatives' log probabilities. */
        public Answer token(String token, Map<String, Double> alternatives) throws IOException {
            ObjectNode chunk = chunk();
            ObjectNode choice = choice(chunk);
            choice.putObject("delta").put("content", token);
            ObjectNode told = choice.putObject("logprobs").putArray("content").addObject();
            told.put("token", token).put("logprob", alternatives.getOrDefault(token, -0.1));
            ArrayNode others = told.putArray("top_logprobs");
            alternatives.forEach(
                    (other, log) -> others.addObject().put("token", other).put("logprob", log));
            return raw("data: " + chunk);
        }

        /** The last chunks: why it ended, and what it cost. */
        public void end(String finish) throws IOException {
            ObjectNode last = chunk();
            choice(last).put("finish_reason", finish).putObject("delta");
            raw("data: " + last);
            ObjectNode counted = JSON.createObjectNode();
            counted.putArray("choices");
            counted.putObject("usage")
                    .put("prompt_tokens", 100)
                    .put("completion_tokens", 20)
                    .putObject("prompt_tokens_details")
                    .put("cached_tokens", 40);
            raw("data: " + counted);
            raw("data: [DONE]");
            exchange.close();
        }

        /** Ends the answer without another word. */
        public void close() {
            exchange.close();
        }

        /** Breaks the connection off when the script ends. */
        public void cut() {
            cut = true;
        }

        /** Says nothing but that it is alive until the client goes away. */
        public void dawdle() throws IOException, InterruptedException {
            while (true) {
                raw(": alive");
                Thread.sleep(PULSE_MILLIS);
            }
        }

        private ObjectNode chunk() {
            return JSON.createObjectNode().put("object", "chat.completion.chunk");
        }

        private ObjectNode choice(ObjectNode chunk) {
            return chunk.putArray("choices").addObject().put("index", 0);
        }
    }
}
