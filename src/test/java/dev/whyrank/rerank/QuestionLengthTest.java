package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.generate.FinishReason;
import dev.whyrank.generate.GenerationTicket;
import dev.whyrank.generate.SequenceRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long a question for queries may be, to the token. */
class QuestionLengthTest {

    /** Shorter than twice the longest answer, so that half of it is the answer's. */
    private static final int SLOT = 500;

    /** Around the question stand the start of a turn, its end, and the start of the next. */
    private static final int LONGEST = SLOT / 2 - 3 - QueryPrompt.words("").length();

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private GenerationTicket submit(List<SequenceRequest> sequences) {
        SequenceRequest only = sequences.get(0);
        told.add(only.prompt().length + " tokens for " + only.maxNewTokens());
        only.listener().finished(FinishReason.STOP, new float[0]);
        return new GenerationTicket() {
            @Override
            public void cancel() {}

            @Override
            public void cancel(int index) {}

            @Override
            public void conclude() {}
        };
    }

    private String ask(int characters) throws InterruptedException {
        LocalReranker.Settings settings = new LocalReranker.Settings(10_000, 10_000, 1);
        try (LocalReranker host = new LocalReranker("model", new HandJudge(), settings, RerankObserver.NONE)) {
            LocalQueryWriter writer = new LocalQueryWriter(
                    host,
                    new LocalQueryWriter.Voice(
                            (sequences, shared, priority) -> submit(sequences),
                            new ByteCodec(),
                            SLOT,
                            Set.of(ByteCodec.END),
                            Laboratory.CHAT));
            writer.write(new QueryRequest("q", "q".repeat(characters), 10), new QueryWriter.Listener() {
                @Override
                public void written(WrittenQueries written) {}

                @Override
                public void failed(ErrorCode code, String message) {
                    told.add(code + ": " + message);
                }
            });
            return String.valueOf(told.poll(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aQuestionThatFillsItsHalfOfTheSlotIsAsked() throws Exception {
        assertThat(ask(LONGEST)).isEqualTo("250 tokens for 250");
    }

    @Test
    void oneTokenMoreIsRefused() throws Exception {
        assertThat(ask(LONGEST + 1))
                .isEqualTo("CONTEXT_LENGTH_EXCEEDED: the question is too long for the model: shorten it");
    }
}
