package dev.whyrank.rerank.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.remote.ChatFailure.Kind;
import dev.whyrank.rerank.remote.ChatRequest.Message;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatClientTest {

    private static final String KEY = "sk-very-secret";
    private static final ChatRequest REQUEST =
            new ChatRequest(List.of(Message.user("Why?")), List.of(" ##"), 50, 5, null);

    private final FakeChat fake =
            new FakeChat((request, answer) -> answer.words("Be", "cause").end("stop"));
    private final ChatClient client = client(0);

    private ChatClient client(int perMinute) {
        return client(perMinute, Duration.ofSeconds(20));
    }

    private ChatClient client(int perMinute, Duration idle) {
        Duration patience = Duration.ofSeconds(20);
        return new ChatClient(
                ChatEndpoint.of(fake.url(), "teacher", KEY),
                new ChatPolicy(
                        3, Duration.ofMillis(20), Duration.ofSeconds(5), patience, idle, patience, 4, perMinute));
    }

    @AfterEach
    void close() {
        client.close();
        fake.close();
    }

    private ChatFailure failure() {
        return failure(client);
    }

    private static ChatFailure failure(ChatClient client) {
        try {
            ChatAnswer answer = client.ask(REQUEST).join();
            throw new AssertionError("answered: " + answer);
        } catch (CompletionException e) {
            return (ChatFailure) Objects.requireNonNull(e.getCause());
        }
    }

    @Test
    void asksInTheEndpointsOwnWordsAndCollectsTheAnswer() {
        ChatAnswer answer = client.ask(REQUEST).join();

        assertThat(answer).isEqualTo(new ChatAnswer("Because", "stop", new ChatUsage(100, 40, 20)));
        FakeChat.Asked asked = fake.asked().get(0);
        assertThat(asked.authorization()).isEqualTo("Bearer " + KEY);
        assertThat(asked.words()).isEqualTo("Why?");
        assertThat(asked.body().path("model").asString()).isEqualTo("teacher");
        assertThat(asked.body().path("temperature").asInt(-1)).isZero();
        assertThat(asked.body().path("max_tokens").asInt()).isEqualTo(50);
        assertThat(asked.body().path("top_logprobs").asInt()).isEqualTo(5);
        assertThat(asked.body().path("stop").path(0).asString()).isEqualTo(" ##");
    }

    @Test
    void waitsAsLongAsABusyEndpointAsks() {
        AtomicInteger calls = new AtomicInteger();
        fake.script((request, answer) -> {
            if (calls.incrementAndGet() == 1) {
                answer.status(429, "{\"error\":{\"message\":\"slow down\"}}", "Retry-After", "1");
            } else {
                answer.words("fine").end("stop");
            }
        });

        assertThat(client.ask(REQUEST).join().text()).isEqualTo("fine");
        assertThat(fake.asked().get(1).nanos() - fake.asked().get(0).nanos())
                .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(1000));
        assertThat(client.retries()).isEqualTo(1);
    }

    @Test
    void doesNotWaitForAnEndpointThatAsksForTooMuch() {
        fake.script((request, answer) -> answer.status(429, "{}", "Retry-After", "3600"));

        assertThat(failure().kind()).isEqualTo(Kind.BUSY);
        assertThat(fake.asked()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"500, FAILED, 3", "503, FAILED, 3", "401, UNUSABLE, 1", "404, UNUSABLE, 1", "422, REJECTED, 1"})
    void asksAgainOnlyWhereThatMayHelp(int status, Kind kind, int attempts) {
        fake.script((request, answer) -> answer.status(status, "{\"error\":{\"message\":\"no: " + KEY + "\"}}"));

        ChatFailure failure = failure();

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessage("answered with status " + status);
        assertThat(failure.detail()).isEqualTo("no: …");
        assertThat(fake.asked()).hasSize(attempts);
    }

    @Test
    void wholeAnswersSurviveACutStreamAnEmptyChoiceAndBadJson() {
        AtomicInteger calls = new AtomicInteger();
        fake.script((request, answer) -> {
            switch (calls.incrementAndGet()) {
                case 1 -> answer.words("Half an ans").cut();
                case 2 -> answer.raw("data: {\"choices\":[]}").raw("data: [DONE]");
                default -> answer.words("whole").end("stop");
            }
        });
        assertThat(client.ask(REQUEST).join().text()).isEqualTo("whole");

        fake.script((request, answer) -> answer.raw("data: {\"choices\": [").raw("data: [DONE]"));
        assertThat(failure().kind()).isEqualTo(Kind.UNREADABLE);
        fake.script((request, answer) -> answer.words("Half").cut());
        assertThat(failure().kind()).isEqualTo(Kind.CUT);
        assertThat(fake.asked()).hasSize(3);
    }

    @Test
    void aStreamIsNotBegunTwice() throws Exception {
        fake.script((request, answer) -> answer.words("Half").cut());
        Heard heard = new Heard();
        client.stream(REQUEST, heard);

        assertThat(heard.next()).isEqualTo("Half");
        assertThat(heard.next()).isEqualTo("failed: CUT");
        assertThat(fake.asked()).hasSize(1);
    }

    @Test
    void aSilentAnswerEnds() {
        fake.script((request, answer) -> {
            answer.words("Hm");
            Thread.sleep(60_000);
        });

        try (ChatClient impatient = client(0, Duration.ofMillis(300))) {
            assertThat(failure(impatient).kind()).isEqualTo(Kind.SILENT);
        }
    }

    @Test
    void aRefusalIsNoAnswer() {
        fake.script((request, answer) -> answer.raw(
                        "data: {\"choices\":[{\"delta\":{\"content\":null,\"refusal\":\"I cannot.\"},\"finish_reason\":null}]}")
                .end("stop"));
        assertThat(failure().kind()).isEqualTo(Kind.REFUSED);
        fake.script((request, answer) -> answer.words("Well").end("content_filter"));
        assertThat(failure().kind()).isEqualTo(Kind.REFUSED);
        assertThat(fake.asked()).hasSize(1);
    }

    @Test
    void leavesOutWhatTheEndpointDoesNotKnowAndRemembersIt() {
        fake.script((request, answer) -> {
            if (request.has("max_tokens")) {
                answer.status(400, "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens'. Use another.\"}}");
            } else if (request.has("logprobs")) {
                answer.status(400, "{\"error\":{\"message\":\"unknown\",\"param\":\"logprobs\"}}");
            } else {
                answer.words("yes").end("stop");
            }
        });

        assertThat(client.ask(REQUEST).join().text()).isEqualTo("yes");
        assertThat(fake.asked()).hasSize(3);
        assertThat(client.ask(REQUEST).join().text()).isEqualTo("yes");
        assertThat(fake.asked()).hasSize(4);
        assertThat(fake.asked().get(3).body().path("max_completion_tokens").asInt())
                .isEqualTo(50);
    }

    @Test
    void understandsAnEndpointThatDoesNotStream() {
        fake.script((request, answer) -> answer.status(
                200,
                "{\"choices\":[{\"message\":{\"content\":\"at once\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}"));

        assertThat(client.ask(REQUEST).join()).isEqualTo(new ChatAnswer("at once", "stop", new ChatUsage(3, 0, 2)));
    }

    @Test
    void aCancelledCallLeavesTheEndpoint() throws Exception {
        fake.script((request, answer) -> answer.words("One").dawdle());
        Heard heard = new Heard();
        ChatCall call = client.stream(REQUEST, heard);
        assertThat(heard.next()).isEqualTo("One");

        call.cancel();

        for (int i = 0; i < 500 && fake.left() == 0; i++) {
            Thread.sleep(20);
        }
        assertThat(fake.left()).isEqualTo(1);
        assertThat(heard.queue).isEmpty();
    }

    @Test
    void keepsThePace() {
        try (ChatClient paced = client(120)) {
            List.of(paced.ask(REQUEST), paced.ask(REQUEST), paced.ask(REQUEST)).forEach(answer -> answer.join());
        }
        long first =
                fake.asked().stream().mapToLong(FakeChat.Asked::nanos).min().orElseThrow();
        long last = fake.asked().stream().mapToLong(FakeChat.Asked::nanos).max().orElseThrow();
        // Three calls, half a second apart; the first of them may fall anywhere in its half second.
        assertThat(last - first).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(500));
    }

    @Test
    void nobodyThereIsUnreachable() {
        fake.close();
        assertThat(failure().kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void namesAnEndpointAndHidesItsKey() {
        ChatEndpoint named = ChatEndpoint.named("openai:http://host:8000#org/model", KEY);
        assertThat(named.uri()).hasToString("http://host:8000/v1/chat/completions");
        assertThat(named.model()).isEqualTo("org/model");
        assertThat(named.toString()).doesNotContain(KEY);
        assertThat(ChatEndpoint.of("https://h/api/v3/", "m", null).uri())
                .hasToString("https://h/api/v3/chat/completions");
        assertThat(named).hasToString("org/model at http://host:8000/v1/chat/completions");
        assertThat(ChatEndpoint.isNamed("models/local")).isFalse();
        for (String wrong : List.of(
                "http://host/v1#a/model",
                "openai:http://h/v1",
                "openai:ftp://h/v1#m",
                "openai:#m",
                "openai:http://h/v1#")) {
            assertThatThrownBy(() -> ChatEndpoint.named(wrong, null)).isInstanceOf(InvalidInputException.class);
        }
        assertThatThrownBy(() -> ChatEndpoint.named("openai:http://u:secret@h/v1#m", null))
                .hasMessageContaining("http://h/v1")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aStreamIsBegunAgainAsLongAsNothingOfItWasTold() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        fake.script((request, answer) -> {
            if (calls.incrementAndGet() == 1) {
                answer.status(500, "{}");
            } else {
                answer.words("fine").end("stop");
            }
        });
        Heard heard = new Heard();
        client.stream(REQUEST, heard);

        assertThat(heard.next()).isEqualTo("fine");
        assertThat(client.retries()).isEqualTo(1);
    }

    @Test
    void signsOfLifeAreNoPartOfAnAnswerAndDoneIsItsEnd() throws Exception {
        fake.script((request, answer) ->
                answer.raw(": alive").words("One").raw("data: [DONE]").dawdle());
        Heard heard = new Heard();
        client.stream(REQUEST, heard);

        assertThat(heard.next()).isEqualTo("One");
        assertThat(heard.next()).isEqualTo("ended");
    }

    @Test
    void anAnswerEndsWithAReasonOrWithAMarkOrIsCut() throws Exception {
        String reason = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}";
        fake.script((request, answer) ->
                answer.words("One").raw(reason).raw("data: {\"choices\":[]}").close());
        assertThat(client.ask(REQUEST).join().text()).isEqualTo("One");

        fake.script((request, answer) -> answer.words("One").close());
        Heard heard = new Heard();
        client.stream(REQUEST, heard);
        assertThat(heard.next()).isEqualTo("One");
        assertThat(heard.next()).isEqualTo("failed: CUT");
    }

    @Test
    void alternativesAreAskedForOnlyWhereSomeAreWanted() {
        client.ask(new ChatRequest(List.of(Message.user("Why?")), List.of(), 50, 0, null))
                .join();
        assertThat(fake.asked().get(0).body().has("logprobs")).isFalse();
        assertThat(fake.asked().get(0).body().has("stop")).isFalse();
    }

    @Test
    void aWholeAnswerMayComeInOneEvent() {
        String words = "word ".repeat(100_000);
        fake.script((request, answer) -> answer.words(words).end("stop"));
        assertThat(client.ask(REQUEST).join().text()).isEqualTo(words);
    }

    private static final class Heard implements ChatListener {

        private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();

        @Nullable
        String next() throws InterruptedException {
            return queue.poll(20, TimeUnit.SECONDS);
        }

        @Override
        public void chunk(ChatChunk chunk) {
            queue.add(chunk.text());
        }

        @Override
        public void ended() {
            queue.add("ended");
        }

        @Override
        public void failed(ChatFailure failure) {
            queue.add("failed: " + failure.kind());
        }
    }
}
