package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.generate.FinishReason;
import dev.whyrank.generate.GenerationTicket;
import dev.whyrank.generate.SequenceRequest;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.tokenize.LabelCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is asked of the engine, and how its answers are taken. */
class GenerativeJudgeTest {

    private static final int SLOT = 600;
    private final List<String> orders = new ArrayList<>();
    private final GenerationTicket ticket = new GenerationTicket() {
        @Override
        public void cancel() {
            orders.add("cancel");
        }

        @Override
        public void cancel(int index) {
            throw new AssertionError("a request is cancelled as a whole");
        }

        @Override
        public void conclude() {
            orders.add("conclude");
        }
    };

    private final List<SequenceRequest> submitted = new ArrayList<>();
    private final List<Judgement> judged = new ArrayList<>();
    private final List<Integer> failed = new ArrayList<>();
    private int shared;

    private GenerativeJudge judge(PromptFormat format, LabelCodes labels) {
        GenerativeJudge.Asking asking = new GenerativeJudge.Asking(format, labels);
        return new GenerativeJudge(
                (sequences, sharedPrefix, priority) -> {
                    submitted.addAll(sequences);
                    shared = sharedPrefix;
                    return ticket;
                },
                new ByteCodec(),
                SLOT,
                Set.of(ByteCodec.END),
                asking,
                asking);
    }

    private GenerativeJudge interank() {
        PromptFormat format = PromptFormat.interankExplain(Laboratory.CHAT);
        return judge(format, new LabelCodes(new ByteCodec().encodeText(format.forcedText()), Laboratory.LABELS));
    }

    private void run(GenerativeJudge judge, RerankRequest request) {
        List<Integer> all =
                IntStream.range(0, request.candidates().size()).boxed().toList();
        judge.judge(
                new Judge.Task(request, all, request.options().explain(), Runnable::run, () -> false), new Listener());
    }

    private final class Listener implements Judge.Listener {

        @Override
        public void started(int index, int promptTokens, int cachedTokens, boolean truncated) {}

        @Override
        public void delta(int index, String text) {}

        @Override
        public void judged(int index, Judgement judgement) {
            judged.add(judgement);
        }

        @Override
        public void failed(int index, ErrorCode code, String message) {
            failed.add(index);
        }

        @Override
        public void withdrawn(int index) {}
    }

    @Test
    void aFormatWithoutForcedTokensLendsItsPromptsLast() {
        GenerativeJudge judge = judge(PromptFormat.qwen3Reranker(), new LabelCodes(new int[0], new int[] {'n', 'y'}));
        run(judge, Laboratory.asked("one", "two"));
        SequenceRequest first = submitted.get(0);
        assertThat(first.maxNewTokens()).isZero();
        assertThat(first.forced()).containsExactly('\n');
        assertThat(ByteCodec.text(first.prompt(), 0)).endsWith("<think>\n\n</think>\n");
        first.listener().started(first.prompt().length, 0);
        first.listener().finished(FinishReason.LENGTH, new float[] {(float) Math.log(0.1), (float) Math.log(0.3)});
        assertThat(judged.get(0).labels()).containsExactly(0, 1);
        assertThat(judged.get(0).label()).isEqualTo(1);
        assertThat(judged.get(0).modelScore()).isCloseTo(0.75, within(1e-6));
        assertThat(judged.get(0).ending()).isEqualTo(Ending.STOP);
        assertThat(judged.get(0).source()).isEqualTo(LabelSource.FORCED);
    }

    @Test
    void batchMatesOfAFailedDocumentAreJudged() {
        run(interank(), Laboratory.asked("one", "two", "three"));
        submitted.get(1).listener().failed(new IllegalStateException("broken"));
        for (int i : List.of(0, 2)) {
            submitted.get(i).listener().started(10, 0);
            submitted.get(i).listener().finished(FinishReason.LENGTH, new float[] {-1f, -2f, -3f});
        }
        assertThat(failed).containsExactly(1);
        assertThat(judged).hasSize(2);
    }

    @Test
    void submitsAllDocumentsInOneMoveWithTheirStopRule() {
        run(interank(), Laboratory.asked("one", "two"));
        assertThat(submitted).hasSize(2).allSatisfy(sequence -> {
            assertThat(sequence.stop().strings()).containsExactly(" ##");
            assertThat(sequence.stop().tokens()).containsExactly(ByteCodec.END);
            assertThat(sequence.maxNewTokens()).isEqualTo(100);
        });
        assertThat(ByteCodec.text(submitted.get(0).prompt(), 0).substring(0, shared - "<|user|>".length()))
                .isNotEmpty();
        assertThat(ByteCodec.text(submitted.get(1).prompt(), shared)).startsWith("two");
    }

    @Test
    void equalDocumentsKeepATokenOfTheirOwn() {
        run(interank(), Laboratory.asked("same", "same"));
        assertThat(shared).isEqualTo(submitted.get(0).prompt().length - 1);
    }

    @Test
    void aSingleDocumentSharesNothing() {
        run(interank(), Laboratory.asked("one"));
        assertThat(shared).isZero();
    }

    @Test
    void everySequenceFitsItsSlotAndUncutPromptsAreTheUnsplitText() {
        for (int seed = 0; seed < 300; seed++) {
            submitted.clear();
            Random random = new Random(seed);
            int explanation = 1 + random.nextInt(400);
            String[] documents = IntStream.range(0, 4)
                    .mapToObj(i -> "ü".repeat(random.nextInt(200)) + "d")
                    .toArray(String[]::new);
            RerankRequest request = Laboratory.request(
                    Laboratory.options(true, 9, explanation, 1 + random.nextInt(600), true, false), documents);
            try {
                run(interank(), request);
            } catch (RerankException e) {
                assertThat(e.code()).as("seed %d", seed).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED);
                continue;
            }
            for (SequenceRequest sequence : submitted) {
                assertThat(sequence.prompt().length + sequence.maxNewTokens() + sequence.forced().length)
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(SLOT);
                assertThat(ByteCodec.text(sequence.prompt(), 0))
                        .as("seed %d", seed)
                        .startsWith("<|user|>Explain")
                        .endsWith("<|end|><|assistant|>");
            }
        }
    }

    @Test
    void stopsTokenisingWhenNobodyWaits() {
        RerankRequest request = Laboratory.asked("one");
        assertThatThrownBy(() -> interank()
                        .judge(new Judge.Task(request, List.of(0), true, Runnable::run, () -> true), new Listener()))
                .isInstanceOfSatisfying(
                        RerankException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        assertThat(submitted).isEmpty();
    }

    @Test
    void refusesFormatsThatSpellTheirLabelsDifferently() {
        GenerativeJudge.Asking digits = new GenerativeJudge.Asking(
                PromptFormat.interankExplain(Laboratory.CHAT), new LabelCodes(new int[0], Laboratory.LABELS));
        GenerativeJudge.Asking words = new GenerativeJudge.Asking(
                PromptFormat.qwen3Reranker(), new LabelCodes(new int[0], new int[] {'n', 'y'}));
        assertThatThrownBy(() -> new GenerativeJudge(
                        (sequences, sharedPrefix, priority) -> ticket, new ByteCodec(), SLOT, Set.of(), digits, words))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("interank and qwen3-reranker");
    }

    /** The prefix is 100 tokens and a third of the query's 4 characters and one; a document of 4 is 2 tokens. */
    @Test
    void guessesTheWorkFromLengths() {
        assertThat(estimate(Laboratory.explaining(), "text")).isEqualTo(102 + 2 + 100);
        assertThat(estimate(Laboratory.explaining(), "text", "text")).isEqualTo(102 + 2 * 2 + 2 * 100);
        assertThat(estimate(Laboratory.options(false, 9, 100, 600, true, false), "text", "text"))
                .isEqualTo(102 + 2 * 2);
        assertThat(estimate(Laboratory.options(true, 1, 100, 600, true, false), "text", "text"))
                .isEqualTo(2 * 102 + 2 * 2 + 100);
        assertThat(estimate(Laboratory.options(false, 9, 100, 5, true, false), "x".repeat(90)))
                .isEqualTo(102 + 5);
        assertThat(estimate(Laboratory.options(false, 9, 100, 9999, true, false), "x".repeat(9000)))
                .isEqualTo(102 + SLOT);
        assertThat(estimate(new RerankRequest.Options(false, 9, 100, 600, true, 0.7, null, "Be strict."), "text"))
                .isEqualTo(102 + 4 + 2);
        assertThat(estimate(Laboratory.options(true, 9, 5000, 600, true, false), "text"))
                .isEqualTo(102 + 2 + SLOT / 2);
    }

    private long estimate(RerankRequest.Options options, String... documents) {
        return interank().estimateTokens(Laboratory.request(options, documents));
    }

    @Test
    void ordersReachTheEngine() {
        RerankRequest request = Laboratory.asked("one");
        Judge.Judging judging =
                interank().judge(new Judge.Task(request, List.of(0), true, Runnable::run, () -> false), new Listener());
        judging.conclude();
        judging.cancel();
        assertThat(orders).containsExactly("conclude", "cancel");
    }
}
