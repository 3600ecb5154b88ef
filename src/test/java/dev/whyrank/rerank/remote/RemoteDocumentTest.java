package dev.whyrank.rerank.remote;

import static dev.whyrank.rerank.remote.RemoteLaboratory.askedTwice;
import static dev.whyrank.rerank.remote.RemoteLaboratory.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Transcript;
import dev.whyrank.rerank.remote.ChatRequest.Message;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One document's conversation, whose words come at the wrong moment. */
class RemoteDocumentTest {

    private final RemoteLaboratory lab = new RemoteLaboratory(2);
    private final Transcript heard = new Transcript();
    private final BlockingQueue<Runnable> pieces = new LinkedBlockingQueue<>();
    private final AtomicInteger ends = new AtomicInteger();

    private final RemoteDocument document = new RemoteDocument(
            new RemoteDocument.Question(
                    3,
                    RemoteLaboratory.EXPLAINING,
                    new ChatRequest(List.of(Message.user("Why? An egg.")), List.of(" ##"), 50, 8, null),
                    true,
                    25,
                    false),
            lab.client,
            pieces::add,
            heard);

    @AfterEach
    void close() {
        lab.close();
    }

    private Runnable piece() throws InterruptedException {
        return Objects.requireNonNull(pieces.poll(20, TimeUnit.SECONDS), "a piece of work");
    }

    private void begin() {
        document.begin(ends::incrementAndGet);
    }

    @Test
    void wordsThatComeAfterItsEndAreNotHeard() throws Exception {
        lab.fake.script((request, answer) -> answer.words("Slowly").dawdle());
        begin();
        Runnable word = piece();

        document.withdraw();
        word.run();
        document.withdraw();
        document.conclude();

        assertThat(heard.lines()).containsExactly("3 started, 25 tokens, 0 cached", "3 withdrawn");
        assertThat(ends).hasValue(1);
        await("the call is over", () -> lab.fake.left() == 1);
        assertThat(lab.fake.asked()).hasSize(1);
    }

    @Test
    void wordsOfACallThatTheDeadlineEndedAreNotHeard() throws Exception {
        lab.fake.script(askedTwice(
                (request, answer) -> answer.words("Slowly").dawdle(),
                (request, answer) -> answer.words("2").end("stop")));
        begin();
        Runnable word = piece();

        document.conclude();
        word.run();
        while (ends.get() == 0) {
            piece().run();
        }

        assertThat(heard.of(3)).containsExactly("started, 25 tokens, 0 cached", "judged 2");
        assertThat(heard.judgement(3).ending()).isEqualTo(Ending.DEADLINE);
        assertThat(heard.judgement(3).explanation()).isEmpty();
        await("the first call is over", () -> lab.fake.left() == 1);
        // Nothing had been heard, so there is no turn of the model's own to repeat.
        assertThat(lab.fake.asked().get(1).body().path("messages").size()).isEqualTo(2);
    }

    @Test
    void aLabelThatIsHeardByTheDeadlineIsNotDemanded() throws Exception {
        lab.fake.script((request, answer) ->
                answer.words("Good.\nRelevance Label: 2 ##").dawdle());
        begin();
        piece().run();

        document.conclude();

        assertThat(ends).hasValue(1);
        assertThat(heard.judgement(3).label()).isEqualTo(2);
        assertThat(heard.judgement(3).ending()).isEqualTo(Ending.STOP);
        assertThat(lab.fake.asked()).hasSize(1);
        await("the call is over", () -> lab.fake.left() == 1);
    }

    @Test
    void aDemandThatIsUnderWayEndsWithItsDocument() throws Exception {
        lab.fake.script(askedTwice(
                (request, answer) -> answer.words("Slowly").end("length"),
                (request, answer) -> answer.words("Rel").dawdle()));
        begin();
        await("the demand's first word", () -> {
            Runnable next = pieces.poll();
            if (next != null && lab.fake.asked().size() < 2) {
                next.run();
            }
            return lab.fake.asked().size() == 2 && next != null;
        });

        document.withdraw();

        await("the second call is over", () -> lab.fake.left() == 1);
        assertThat(heard.of(3)).containsExactly("started, 25 tokens, 0 cached", "says Slowly", "withdrawn");
    }

    @Test
    void aListenerThatThrowsDoesNotKeepTheTurn() throws Exception {
        RemoteDocument broken = new RemoteDocument(
                new RemoteDocument.Question(
                        0,
                        RemoteLaboratory.LABELLING,
                        new ChatRequest(List.of(Message.user("Why?")), List.of(), 16, 0, null),
                        false,
                        25,
                        true),
                lab.client,
                pieces::add,
                new Refusing());
        broken.begin(ends::incrementAndGet);
        while (ends.get() == 0) {
            try {
                piece().run();
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("the client is gone");
            }
        }
        assertThat(ends).hasValue(1);
    }

    /** Hears everything but judgements. */
    private static final class Refusing implements Judge.Listener {

        @Override
        public void started(int index, int promptTokens, int cachedTokens, boolean truncated) {
            assertThat(truncated).isTrue();
        }

        @Override
        public void delta(int index, String text) {
            throw new AssertionError("only a label was asked for");
        }

        @Override
        public void judged(int index, Judgement judgement) {
            throw new IllegalStateException("the client is gone");
        }

        @Override
        public void failed(int index, ErrorCode code, String message) {
            throw new AssertionError(message);
        }

        @Override
        public void withdrawn(int index) {
            throw new AssertionError("withdrawn");
        }
    }
}
