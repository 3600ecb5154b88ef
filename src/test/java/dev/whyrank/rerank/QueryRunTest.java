package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.generate.FinishReason;
import dev.whyrank.generate.GenerationTicket;
import dev.whyrank.model.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** One question, step by step, with an engine that does what a test says. */
class QueryRunTest {

    private static final float[] NO_LABELS = {};

    private final List<String> told = new ArrayList<>();
    private final List<String> orders = new ArrayList<>();
    private final Observations observed = new Observations();
    private final Deque<Runnable> pool = new ArrayDeque<>();
    private int released;
    private int ended;

    private final GenerationTicket ticket = new GenerationTicket() {
        @Override
        public void cancel() {
            orders.add("cancel");
        }

        @Override
        public void cancel(int index) {
            throw new AssertionError("a question has one sequence");
        }

        @Override
        public void conclude() {
            throw new AssertionError("half a list is none");
        }
    };

    private final QueryWriter.Listener listener = new QueryWriter.Listener() {
        @Override
        public void written(WrittenQueries written) {
            told.add(written.queries() + " for " + written.promptTokens() + " and " + written.completionTokens());
        }

        @Override
        public void failed(ErrorCode code, String message) {
            told.add(code + ": " + message);
        }
    };

    private final QueryRun run = run(new ByteCodec());

    private QueryRun run(TokenCodec codec) {
        Surroundings around = new Surroundings(
                pool::add,
                (delay, task) -> () -> {},
                () -> released++,
                new Backlog(observed),
                observed,
                whoever -> ended++);
        return new QueryRun(new QueryRequest("q", "Why?", 3), codec, listener, around);
    }

    private void work() {
        while (!pool.isEmpty()) {
            pool.remove().run();
        }
    }

    private void begin(Supplier<GenerationTicket> submission) {
        run.begin(submission);
        work();
    }

    private void write(String answer) {
        for (byte each : answer.getBytes(StandardCharsets.ISO_8859_1)) {
            run.token(each & 0xFF, NO_LABELS);
        }
    }

    private void requireEnd(String line) {
        work();
        assertThat(told).containsExactly(line);
        assertThat(released).as("permits given back").isEqualTo(1);
        assertThat(ended).as("ends told").isEqualTo(1);
    }

    @Test
    void tellsTheListAndItsCost() {
        begin(() -> ticket);
        run.started(31, 0);
        write("1. why\n2. blue ##");
        run.finished(FinishReason.STOP, NO_LABELS);
        requireEnd("[why, blue] for 31 and 17");
        assertThat(orders).isEmpty();
    }

    @Test
    void halfACharacterAtTheEndIsShownAsOne() {
        begin(() -> ticket);
        write("1. blue \u00c3");
        run.finished(FinishReason.LENGTH, NO_LABELS);
        requireEnd("[blue \ufffd] for 0 and 9");
    }

    @Test
    void cancelledBeforeItBeginsItIsNotHandedToTheEngine() {
        run.begin(() -> {
            throw new AssertionError("submitted");
        });
        run.cancel();
        requireEnd("CANCELLED: the request was cancelled");
        assertThat(observed.of("cancelled")).isEmpty();
    }

    @Test
    void cancelledWhileItIsHandedOverItIsTakenBack() {
        begin(() -> {
            run.cancel();
            return ticket;
        });
        assertThat(orders).containsExactly("cancel");
        run.finished(FinishReason.CANCELLED, NO_LABELS);
        requireEnd("CANCELLED: the request was cancelled");
    }

    @Test
    void cancellingReachesTheEngineAndIsObservedUntilTheEnd() {
        begin(() -> ticket);
        run.cancel();
        assertThat(orders).as("at once").containsExactly("cancel");
        work();
        assertThat(observed.of("cancelled")).hasSize(1);
        write("1. why ##");
        run.finished(FinishReason.STOP, NO_LABELS);
        requireEnd("CANCELLED: the request was cancelled");
        run.cancel();
        work();
        assertThat(observed.of("cancelled")).hasSize(1);
    }

    @Test
    void anEngineThatCancelsSaysSo() {
        begin(() -> ticket);
        run.finished(FinishReason.CANCELLED, NO_LABELS);
        requireEnd("CANCELLED: the request was cancelled");
    }

    @Test
    void anAbortedQuestionIsTakenBackAndEndsOnce() {
        begin(() -> ticket);
        run.abort(ErrorCode.NOT_READY, "shutting down");
        requireEnd("NOT_READY: shutting down");
        assertThat(orders).containsExactly("cancel");
        run.finished(FinishReason.CANCELLED, NO_LABELS);
        requireEnd("NOT_READY: shutting down");
    }

    @Test
    void aQuestionThatCannotBeAskedIsRefusedWithTheReason() {
        begin(() -> {
            throw new RerankException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "too long");
        });
        requireEnd("CONTEXT_LENGTH_EXCEEDED: too long");
    }

    @Test
    void inputThatTheEngineRefusesIsTheRequestsFault() {
        begin(() -> {
            throw new InvalidInputException("no such token");
        });
        requireEnd("INVALID_REQUEST: no such token");
    }

    @Test
    void anEngineThatFailsAtOnceFailsTheQuestion() {
        begin(() -> {
            throw new IllegalStateException("no memory");
        });
        requireEnd("ENGINE_FAILURE: the model failed on this question");
    }

    @Test
    void whatBreaksInsideEndsTheQuestionAndItsSequence() {
        QueryRun broken = run(new TokenCodec() {
            @Override
            public int[] encodeText(String words) {
                return new int[0];
            }

            @Override
            public int[] encodeMarkup(String words) {
                return new int[0];
            }

            @Override
            public byte[] of(int token) {
                throw new IllegalStateException("no such token");
            }
        });
        broken.begin(() -> ticket);
        broken.token(7, NO_LABELS);
        requireEnd("ENGINE_FAILURE: the request failed inside the service");
        assertThat(orders).containsExactly("cancel");
    }
}
