package dev.whyrank.rerank.cache;

import static dev.whyrank.rerank.HandJudge.judgement;
import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.HandJudge;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.RerankObserver;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.Transcript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a cache hands on of its judge's task, to the judge and to whoever asked. */
class CachedRunTest {

    private final HandJudge inner = new HandJudge();
    private final MemoryResultStore store = new MemoryResultStore(1 << 20, Duration.ofHours(1));
    private final List<String> lookedUp = new ArrayList<>();
    private final Judge judge = new CachingJudge(inner, () -> List.of("model"), store, new RerankObserver() {
        @Override
        public void lookedUp(int documents, int reused) {
            lookedUp.add(reused + " of " + documents);
        }
    });

    private static RerankRequest request(String... documents) {
        List<RerankRequest.Candidate> candidates = Stream.of(documents)
                .map(text -> new RerankRequest.Candidate(text, null))
                .toList();
        return new RerankRequest("r", "why?", candidates, RerankRequest.Options.DEFAULT);
    }

    private Judge.Judging judge(Transcript heard, String... documents) {
        List<Integer> all = IntStream.range(0, documents.length).boxed().toList();
        return judge.judge(new Judge.Task(request(documents), all, true, Runnable::run, () -> false), heard);
    }

    private void tell(Consumer<Judge.Listener> telling) {
        inner.task(inner.tasks() - 1).tell(telling);
    }

    @Test
    void equalDocumentsShareTheirEnd() {
        Transcript withdrawn = new Transcript();
        judge(withdrawn, "one", "one", "two");
        assertThat(inner.task(0).task().indices()).containsExactly(0, 2);
        tell(listener -> listener.withdrawn(0));
        assertThat(withdrawn.lines()).containsExactly("0 withdrawn", "1 withdrawn");

        Transcript failed = new Transcript();
        judge(failed, "one", "two", "one");
        tell(listener -> listener.failed(0, ErrorCode.ENGINE_FAILURE, "broken"));
        assertThat(failed.lines())
                .containsExactly("0 failed ENGINE_FAILURE: broken", "2 failed ENGINE_FAILURE: broken");
        assertThat(lookedUp).containsExactly("1 of 3", "1 of 3");
    }

    @Test
    void whatIsKnownIsToldAgainWithItsWarningsAndTheJudgeIsNotAsked() {
        inner.warning("early");
        Transcript first = new Transcript();
        assertThat(judge(first, "one").warnings()).containsExactly("early");
        tell(listener -> listener.warned(List.of("late")));
        tell(listener -> listener.judged(0, judgement("Because.", 2)));
        assertThat(first.lines()).containsExactly("warned [late]", "0 judged 2");

        Transcript again = new Transcript();
        Judge.Judging known = judge(again, "one");
        assertThat(inner.tasks()).isEqualTo(1);
        assertThat(again.lines()).containsExactly("0 started, 0 tokens, 0 cached", "0 says Because.", "0 judged 2");
        assertThat(known.warnings()).containsExactlyInAnyOrder("early", "late");
        known.cancel();
        known.conclude();
        assertThat(inner.task(0).orders()).isEmpty();
    }

    @Test
    void aKnownLabelHasNothingToSay() {
        judge(new Transcript(), "one");
        tell(listener -> listener.judged(0, judgement("", 1)));
        Transcript again = new Transcript();
        judge(again, "one");
        assertThat(again.lines()).containsExactly("0 started, 0 tokens, 0 cached", "0 judged 1");
    }

    @Test
    void ordersReachTheJudge() {
        Judge.Judging judging = judge(new Transcript(), "one");
        judging.conclude();
        judging.cancel();
        assertThat(inner.task(0).orders()).containsExactly("conclude", "cancel");
    }

    @Test
    void whatAJudgeElsewhereTellsIsHandedOn() {
        Transcript heard = new Transcript();
        judge(heard, "one");
        tell(listener -> listener.started(0, 10, 5, true));
        tell(listener -> listener.restarted(0, 2));
        tell(listener -> listener.refused(ErrorCode.TOO_LARGE, "too much"));
        assertThat(heard.lines())
                .containsExactly(
                        "0 started, 10 tokens, 5 cached, cut", "0 restarted, attempt 2", "refused TOO_LARGE: too much");
    }

    @Test
    void whatIsAskedOfTheJudgeBehindIsAnsweredByIt() {
        RerankRequest request = request("one", "two");
        Judge.StandIn scores = new Judge.StandIn(List.of(1.0, 2.0), "stand-in");
        inner.standingIn(scores);
        assertThat(judge.standIn(request)).contains(scores);
        assertThat(judge.estimateTokens(request)).isEqualTo(20);
        assertThat(judge.reproducible()).isTrue();
        inner.sampling();
        assertThat(judge.reproducible()).isFalse();
    }

    @Test
    void aJudgeThatBeginsToSampleIsNotRemembered() {
        judge(new Transcript(), "one");
        inner.sampling();
        tell(listener -> listener.judged(0, judgement("Perhaps.", 2)));
        assertThat(store.cache().asMap()).isEmpty();
    }
}
