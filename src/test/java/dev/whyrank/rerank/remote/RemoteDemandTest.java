package dev.whyrank.rerank.remote;

import static dev.whyrank.rerank.remote.RemoteLaboratory.askedTwice;
import static dev.whyrank.rerank.remote.RemoteLaboratory.explaining;
import static dev.whyrank.rerank.remote.RemoteLaboratory.options;
import static dev.whyrank.rerank.remote.RemoteLaboratory.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.Transcript;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** An answer that ends before its label, for want of room or of time: the label is asked for by itself. */
class RemoteDemandTest {

    private static final FakeChat.Script CUT_SHORT =
            (request, answer) -> answer.words("It goes on", " and on").end("length");

    private final RemoteLaboratory lab = new RemoteLaboratory(1);

    @AfterEach
    void close() {
        lab.close();
    }

    private Judgement judged(FakeChat.Script explanation, FakeChat.Script label) {
        lab.fake.script(askedTwice(explanation, label));
        return lab.run(explaining("An egg.")).judgement(0);
    }

    @Test
    void theLabelIsDemandedWhereTheAnswerHadNoRoomForIt() {
        Judgement judgement = judged(
                CUT_SHORT,
                (request, answer) ->
                        answer.token("1", Map.of("1", -0.1, "2", -2.4)).end("stop"));

        assertThat(judgement.explanation()).isEqualTo("It goes on and on");
        assertThat(judgement.label()).isEqualTo(1);
        assertThat(judgement.source()).isEqualTo(LabelSource.FORCED);
        assertThat(judgement.ending()).isEqualTo(Ending.LENGTH);
        assertThat(judgement.usage()).isEqualTo(new Judgement.Usage(200, 80, 40));
        double sum = Math.exp(-0.1) + Math.exp(-2.4);
        assertThat(judgement.labelProbabilities().get(0)).isZero();
        assertThat(judgement.labelProbabilities().get(2)).isCloseTo(Math.exp(-2.4) / sum, within(1e-6));
    }

    @Test
    void theDemandContinuesTheConversation() {
        judged(CUT_SHORT, (request, answer) -> answer.words("1").end("stop"));

        JsonNode demand = lab.fake.asked().get(1).body();
        assertThat(demand.path("messages").size()).isEqualTo(3);
        assertThat(demand.path("messages").path(1).path("role").asString()).isEqualTo("assistant");
        assertThat(demand.path("messages").path(1).path("content").asString()).isEqualTo("It goes on and on");
        assertThat(lab.fake.asked().get(1).words())
                .isEqualTo("Stop here and answer with nothing but 'Relevance Label: <label>'.");
        assertThat(demand.path("max_tokens").asInt()).isEqualTo(32);
    }

    @Test
    void aDemandedLabelMayComeWithItsMarkerOrWithout() {
        Judgement whole = judged(
                CUT_SHORT,
                (request, answer) -> answer.words("Relevance Label: 2 ##").end("stop"));
        Judgement bare =
                judged(CUT_SHORT, (request, answer) -> answer.words("2").end("stop"));

        assertThat(whole.labelProbabilities()).containsExactly(0.0, 0.0, 1.0);
        assertThat(whole.source()).isEqualTo(LabelSource.FORCED);
        assertThat(bare.labelProbabilities()).containsExactly(0.0, 0.0, 1.0);
        assertThat(bare.source()).isEqualTo(LabelSource.FORCED);
    }

    @Test
    void whereTheDemandIsNotMetTheWordsDecide() {
        FakeChat.Script wordy = (request, answer) ->
                answer.words("It is partially relevant, because").end("length");

        Judgement evaded =
                judged(wordy, (request, answer) -> answer.words("Who knows?").end("stop"));
        Judgement refused = judged(wordy, (request, answer) -> answer.status(500, "{}"));

        assertThat(evaded.label()).isEqualTo(1);
        assertThat(evaded.source()).isEqualTo(LabelSource.INFERRED);
        assertThat(evaded.usage()).isEqualTo(new Judgement.Usage(200, 80, 40));
        assertThat(refused.label()).isEqualTo(1);
        assertThat(refused.source()).isEqualTo(LabelSource.INFERRED);
        assertThat(refused.ending()).isEqualTo(Ending.LENGTH);
        assertThat(refused.usage()).isEqualTo(new Judgement.Usage(100, 40, 20));
    }

    @Test
    void aLabelThatStandsIsNotDemanded() {
        lab.fake.script((request, answer) ->
                answer.words("Good.\nRelevance Label: 2 ## Also").end("length"));

        Judgement judgement = lab.run(explaining("An egg.")).judgement(0);

        assertThat(judgement.label()).isEqualTo(2);
        assertThat(judgement.source()).isEqualTo(LabelSource.STATED);
        assertThat(judgement.ending()).isEqualTo(Ending.STOP);
        assertThat(lab.fake.asked()).hasSize(1);
    }

    @Test
    void anAnswerThatEndsByItselfWithoutALabelIsNotAskedAgain() {
        lab.fake.script((request, answer) -> answer.words("It is irrelevant.").end("stop"));

        Judgement judgement = lab.run(explaining("An egg.")).judgement(0);

        assertThat(judgement.source()).isEqualTo(LabelSource.INFERRED);
        assertThat(judgement.ending()).isEqualTo(Ending.STOP);
        assertThat(lab.fake.asked()).hasSize(1);
    }

    @Test
    void whereOnlyTheLabelWasAskedForNothingWasCut() {
        lab.fake.script(
                askedTwice(CUT_SHORT, (request, answer) -> answer.words("2").end("stop")));

        Transcript heard = lab.run(request(options(false, 1000, true), "An egg."));

        assertThat(heard.of(0)).hasSize(2).last().isEqualTo("judged 2");
        assertThat(heard.judgement(0).source()).isEqualTo(LabelSource.FORCED);
        assertThat(heard.judgement(0).ending()).isEqualTo(Ending.STOP);
        assertThat(heard.judgement(0).explanation()).isEmpty();
    }

    @Test
    void atTheDeadlineTheOneAtWorkIsLabelledAndTheRestIsWithdrawn() {
        lab.fake.script(askedTwice(
                (request, answer) -> answer.words("Let me think").dawdle(),
                (request, answer) -> answer.words("2").end("stop")));
        Transcript heard = new Transcript();
        Judge.Judging judging = lab.judge(explaining("one", "two", "three"), heard);
        RemoteLaboratory.await("a word", () -> heard.of(0).contains("says Let me think"));

        judging.conclude();
        judging.conclude();

        heard.awaitEnds(3);
        assertThat(heard.judgement(0).label()).isEqualTo(2);
        assertThat(heard.judgement(0).source()).isEqualTo(LabelSource.FORCED);
        assertThat(heard.judgement(0).ending()).isEqualTo(Ending.DEADLINE);
        assertThat(heard.judgement(0).explanation()).isEqualTo("Let me think");
        assertThat(heard.of(1)).containsExactly("withdrawn");
        assertThat(heard.of(2)).containsExactly("withdrawn");
        assertThat(lab.fake.asked()).hasSize(2);
        RemoteLaboratory.await("the first call is over", () -> lab.fake.left() == 1);
        lab.requireFreeTurn();
    }

    @Test
    void atTheDeadlineALabelThatIsMerelyMissingSaysSo() {
        lab.fake.script(askedTwice(
                (request, answer) -> answer.words("Hm").dawdle(),
                (request, answer) -> answer.words("1").end("stop")));
        Transcript heard = new Transcript();
        Judge.Judging judging = lab.judge(request(options(false, 1000, true), "one"), heard);
        RemoteLaboratory.await("a call", () -> lab.fake.asked().size() == 1);

        judging.conclude();

        heard.awaitEnds(1);
        assertThat(heard.judgement(0).label()).isEqualTo(1);
        assertThat(heard.judgement(0).ending()).isEqualTo(Ending.DEADLINE);
        assertThat(heard.judgement(0).explanation()).isEmpty();
    }
}
