package dev.whyrank.rerank.remote;

import static dev.whyrank.rerank.remote.RemoteLaboratory.await;
import static dev.whyrank.rerank.remote.RemoteLaboratory.explaining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.Transcript;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents take turns, and give them back however they end. */
class RemoteRunTest {

    private final RemoteLaboratory lab = new RemoteLaboratory(1);
    private final Transcript heard = new Transcript();

    /** A mailbox whose pieces run when a test says so. */
    private final BlockingQueue<Runnable> pieces = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        lab.close();
    }

    private Runnable piece() throws InterruptedException {
        return Objects.requireNonNull(pieces.poll(20, TimeUnit.SECONDS), "a piece of work");
    }

    private void runPieces() {
        for (Runnable next = pieces.poll(); next != null; next = pieces.poll()) {
            next.run();
        }
    }

    @Test
    void requestsTakeTurnsDocumentByDocument() {
        CountDownLatch bothWait = new CountDownLatch(1);
        lab.fake.script((request, answer) -> {
            if (!bothWait.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody else came");
            }
            FakeChat.answerWell(request, answer);
        });
        Transcript other = new Transcript();
        lab.judge(explaining("a0", "a1", "a2"), heard);
        await("the first call", () -> lab.fake.asked().size() == 1);
        lab.judge(explaining("b0", "b1", "b2"), other);
        bothWait.countDown();

        heard.awaitEnds(3);
        other.awaitEnds(3);

        assertThat(lab.fake.asked())
                .extracting(asked -> asked.words().substring(asked.words().length() - 2))
                .containsExactly("a0", "a1", "b0", "a2", "b1", "b2");
        assertThat(lab.fake.mostOpen()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "500, '{}', ENGINE_FAILURE",
        "408, '{}', ENGINE_FAILURE",
        "422, '{}', ENGINE_FAILURE",
        "429, '{}', OVERLOADED",
        "401, '{}', NOT_READY",
        "400, '{\"error\":{\"code\":\"content_filter\"}}', ENGINE_FAILURE",
        "400, '{\"error\":{\"code\":\"context_length_exceeded\"}}', CONTEXT_LENGTH_EXCEEDED"
    })
    void aFailureEndsItsDocumentOnceAndNoOther(int status, String body, String code) {
        lab.fake.script((request, answer) -> {
            if (FakeChat.lastWords(request).endsWith("bad")) {
                answer.status(status, body);
            } else {
                FakeChat.answerWell(request, answer);
            }
        });

        lab.judge(explaining("bad", "good"), heard);

        heard.awaitEnds(2);
        assertThat(heard.of(0))
                .hasSize(2)
                .last()
                .isEqualTo("failed " + code + ": the remote model answered with status " + status);
        assertThat(heard.judgement(1).label()).isEqualTo(2);
    }

    @Test
    void nobodyThereIsNotReady() {
        lab.fake.close();
        lab.judge(explaining("An egg."), heard);
        heard.awaitEnds(1);
        assertThat(heard.of(0)).last().isEqualTo("failed NOT_READY: the remote model cannot be reached");
    }

    @Test
    void aCancelledTaskEndsItsCallsAndGivesItsTurnBack() {
        lab.fake.script((request, answer) -> answer.words("Slowly").dawdle());
        Judge.Judging judging = lab.judge(explaining("one", "two", "three"), heard);
        await("a word", () -> heard.of(0).contains("says Slowly"));

        judging.cancel();

        heard.awaitEnds(3);
        assertThat(heard.of(0)).last().isEqualTo("withdrawn");
        assertThat(heard.of(1)).containsExactly("withdrawn");
        assertThat(heard.of(2)).containsExactly("withdrawn");
        await("the call is over", () -> lab.fake.left() == 1);
        assertThat(lab.fake.asked()).hasSize(1);
        judging.cancel();
        judging.conclude();
        lab.requireFreeTurn();
    }

    @Test
    void cancellingClosesConnectionsEvenWhileTheRequestsWorkIsHeldUp() throws Exception {
        lab.fake.script((request, answer) -> answer.words("Slowly").dawdle());
        Judge.Judging judging = lab.judge(explaining("one", "two"), heard, pieces::add);
        piece().run();
        Runnable firstWord = piece();

        judging.cancel();

        await("the call is over", () -> lab.fake.left() == 1);
        assertThat(heard.lines()).hasSize(1);
        runPieces();
        firstWord.run();
        assertThat(heard.of(0)).hasSize(2).last().isEqualTo("withdrawn");
        assertThat(heard.of(1)).containsExactly("withdrawn");
    }

    @Test
    void aTaskThatIsCancelledBeforeItsTurnIsNeverAsked() {
        Judge.Judging judging = lab.judge(explaining("one", "two"), heard, pieces::add);
        judging.cancel();
        runPieces();
        assertThat(heard.lines()).containsExactly("0 withdrawn", "1 withdrawn");
        assertThat(lab.fake.asked()).isEmpty();
        lab.requireFreeTurn();
    }

    @Test
    void aTaskThatIsConcludedBeforeItsTurnGivesItBack() {
        Judge.Judging judging = lab.judge(explaining("one", "two"), heard, pieces::add);
        Runnable turn = Objects.requireNonNull(pieces.poll());
        judging.conclude();
        runPieces();
        assertThat(heard.lines()).containsExactly("0 withdrawn", "1 withdrawn");
        turn.run();
        assertThat(lab.fake.asked()).isEmpty();
        lab.requireFreeTurn();
    }
}
