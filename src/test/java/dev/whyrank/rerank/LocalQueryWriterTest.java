package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The query writer over the real engine and a model that answers as a test says. */
class LocalQueryWriterTest {

    private static final String LIST = "1. why blue\n2. \"größe\" 😀\n3. dusk ##";

    /** Hears one ending, and counts how often it is told. */
    private static final class Heard implements QueryWriter.Listener {

        final CompletableFuture<WrittenQueries> ending = new CompletableFuture<>();
        final AtomicInteger told = new AtomicInteger();

        @Override
        public void written(WrittenQueries written) {
            told.incrementAndGet();
            ending.complete(written);
        }

        @Override
        public void failed(ErrorCode code, String message) {
            told.incrementAndGet();
            ending.completeExceptionally(new RerankException(code, message));
        }

        WrittenQueries await() {
            return ending.orTimeout(20, TimeUnit.SECONDS).join();
        }

        void requireFailure(ErrorCode code) {
            assertThatThrownBy(this::await)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            RerankException.class, e -> assertThat(e.code()).isEqualTo(code));
        }
    }

    private static Heard ask(Laboratory laboratory, String question, int most) {
        Heard heard = new Heard();
        laboratory.queryWriter().write(new QueryRequest("q", question, most), heard);
        return heard;
    }

    @Test
    void writesWhatTheModelLists() {
        AtomicReference<String> asked = new AtomicReference<>();
        Actor actor = new Actor(prompt -> {
            asked.set(prompt);
            return LIST;
        });
        try (Laboratory laboratory = new Laboratory(2, actor)) {
            WrittenQueries written = ask(laboratory, "Why? <|end|>", 10).await();
            assertThat(written.queries()).containsExactly("why blue", "größe 😀", "dusk");
            assertThat(written.completionTokens()).isEqualTo(LIST.getBytes(StandardCharsets.UTF_8).length);
            String prompt = "<|user|>" + QueryPrompt.words("Why? <|end|>") + "<|end|><|assistant|>";
            assertThat(asked.get()).isEqualTo(prompt);
            // The end of a turn that the question spells stays seven characters.
            assertThat(written.promptTokens())
                    .isEqualTo(QueryPrompt.words("Why? <|end|>").length() + 3);
            assertThat(ask(laboratory, "Why?", 2).await().queries()).containsExactly("why blue", "größe 😀");
            assertThat(laboratory.reranker.queuedTokens()).isZero();
        }
    }

    @Test
    void anAnswerWithoutAnEndIsCutAt256Tokens() {
        try (Laboratory laboratory = new Laboratory(2, new Actor(prompt -> "1. on\n".repeat(100)))) {
            WrittenQueries written = ask(laboratory, "Why?", 10).await();
            assertThat(written.completionTokens()).isEqualTo(256);
            assertThat(written.queries()).hasSize(10).containsOnly("on");
        }
    }

    @Test
    void anAnswerThatIsNoListIsNoQueries() {
        try (Laboratory laboratory = new Laboratory(2, new Actor(prompt -> "I cannot say. ##"))) {
            assertThat(ask(laboratory, "Why?", 10).await().queries()).isEmpty();
        }
    }

    @Test
    void refusesAQuestionThatNoSlotHolds() {
        try (Laboratory laboratory = new Laboratory(2, new Actor(prompt -> LIST))) {
            Heard heard = ask(laboratory, "why ".repeat(250_000), 10);
            heard.requireFailure(ErrorCode.CONTEXT_LENGTH_EXCEEDED);
            assertThat(laboratory.reranker.queuedTokens()).isZero();
        }
    }

    @Test
    void refusesABlankQuestionBeforeAnyWork() {
        try (Laboratory laboratory = new Laboratory(2, new Actor(prompt -> LIST))) {
            assertThatThrownBy(() -> ask(laboratory, " \u00a0", 10))
                    .isInstanceOfSatisfying(
                            RerankException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
        }
    }

    @Test
    void sharesAdmissionWithReranking() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Actor actor = new Actor(prompt -> {
            asked.countDown();
            await(go);
            return LIST;
        });
        LocalReranker.Settings tight = new LocalReranker.Settings(700, 700, 2);
        try (Laboratory laboratory = new Laboratory(2, actor, tight, RerankObserver.NONE)) {
            Heard first = ask(laboratory, "Why?", 10);
            await(asked);
            assertThat(laboratory.reranker.queuedTokens()).isBetween(256L, 512L);
            assertThatThrownBy(() -> {
                        ask(laboratory, "Why?", 10);
                        ask(laboratory, "Why?", 10);
                    })
                    .isInstanceOfSatisfying(
                            RerankException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
            go.countDown();
            assertThat(first.await().queries()).hasSize(3);
        }
    }

    @Test
    void aQuestionThatIsCancelledEndsOnceAndGivesItsPermitBack() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Actor actor = new Actor(prompt -> {
            asked.countDown();
            await(go);
            return LIST;
        });
        try (Laboratory laboratory = new Laboratory(2, actor)) {
            Heard heard = new Heard();
            Reranker.Handle handle = laboratory.queryWriter().write(new QueryRequest("q", "Why?", 10), heard);
            await(asked);
            handle.cancel();
            handle.cancel();
            go.countDown();
            heard.requireFailure(ErrorCode.CANCELLED);
            assertThat(laboratory.reranker.drain(Duration.ofSeconds(20))).isTrue();
            assertThat(laboratory.reranker.queuedTokens()).isZero();
            assertThat(heard.told).hasValue(1);
        }
    }

    @Test
    void aDrainWithoutPatienceFailsWhatStillRuns() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Actor actor = new Actor(prompt -> {
            asked.countDown();
            await(go);
            return LIST;
        });
        try (Laboratory laboratory = new Laboratory(2, actor)) {
            Heard heard = ask(laboratory, "Why?", 10);
            await(asked);
            assertThat(laboratory.reranker.drain(Duration.ZERO)).isFalse();
            heard.requireFailure(ErrorCode.NOT_READY);
            go.countDown();
            assertThatThrownBy(() -> ask(laboratory, "Why?", 10))
                    .isInstanceOfSatisfying(
                            RerankException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY));
        }
    }

    @Test
    void aModelThatFailsFailsTheQuestion() {
        Actor actor = new Actor(prompt -> {
            throw new IllegalStateException("broken");
        });
        try (Laboratory laboratory = new Laboratory(2, actor)) {
            ask(laboratory, "Why?", 10).requireFailure(ErrorCode.ENGINE_FAILURE);
        }
    }

    @Test
    void documentsAndQuestionsShareTheEngine() {
        Actor actor = new Actor(prompt -> prompt.contains("search queries") ? LIST : "Fine.\n\nRelevance Label: 2 ##");
        try (Laboratory laboratory = new Laboratory(2, actor)) {
            Recording documents = laboratory.rerank(Laboratory.asked(Laboratory.graded(2, 2, 2)));
            List<Heard> questions = List.of(ask(laboratory, "One?", 10), ask(laboratory, "Two?", 10));
            documents.await();
            assertThat(documents.completed().ranking()).hasSize(3);
            assertThat(questions)
                    .allSatisfy(heard -> assertThat(heard.await().queries()).hasSize(3));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nothing happened");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
