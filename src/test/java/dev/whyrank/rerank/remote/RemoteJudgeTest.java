package dev.whyrank.rerank.remote;

import static dev.whyrank.rerank.remote.FakeChat.MOSTLY_TWO;
import static dev.whyrank.rerank.remote.RemoteLaboratory.LONGEST;
import static dev.whyrank.rerank.remote.RemoteLaboratory.explaining;
import static dev.whyrank.rerank.remote.RemoteLaboratory.options;
import static dev.whyrank.rerank.remote.RemoteLaboratory.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.rerank.ErrorCode;
import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judgement;
import dev.whyrank.rerank.Judgement.Ending;
import dev.whyrank.rerank.Judgement.LabelSource;
import dev.whyrank.rerank.LabelSet;
import dev.whyrank.rerank.RerankException;
import dev.whyrank.rerank.RerankRequest;
import dev.whyrank.rerank.Transcript;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a model elsewhere is asked about a document, how its answer is read, and what the work is guessed to be. */
class RemoteJudgeTest {

    private final RemoteLaboratory lab = new RemoteLaboratory(1);

    @AfterEach
    void close() {
        lab.close();
    }

    private JsonNode asked(int call) {
        return lab.fake.asked().get(call).body();
    }

    @Test
    void tellsTheExplanationAsItComesAndScoresByTheAlternativesOfTheLabel() {
        Transcript heard = lab.run(explaining("An egg."));

        int prompt = lab.fake.asked().get(0).words().length() / 4 + 1;
        assertThat(heard.lines())
                .containsExactly(
                        "0 started, " + prompt + " tokens, 0 cached",
                        "0 says Eggs",
                        "0 says  float",
                        "0 says .",
                        "0 judged 2");
        Judgement judgement = heard.judgement(0);
        assertThat(judgement.explanation()).isEqualTo("Eggs float.");
        assertThat(judgement.source()).isEqualTo(LabelSource.STATED);
        assertThat(judgement.ending()).isEqualTo(Ending.STOP);
        assertThat(judgement.truncated()).isFalse();
        assertThat(judgement.usage()).isEqualTo(new Judgement.Usage(100, 40, 20));
        double sum = Math.exp(-4) + Math.exp(-2) + Math.exp(-0.2);
        assertThat(judgement.labelProbabilities().get(0)).isCloseTo(Math.exp(-4) / sum, within(1e-6));
        assertThat(judgement.labelProbabilities().get(1)).isCloseTo(Math.exp(-2) / sum, within(1e-6));
        assertThat(lab.judge.kind()).isEqualTo(ExplanationKind.REASONING);
        assertThat(lab.judge.labels()).isEqualTo(LabelSet.GRADED);
    }

    @Test
    void asksInTheFormatsWordsAndLeavesRoomForExplanationAndLabel() {
        lab.run(explaining("An egg."));

        assertThat(lab.fake.asked().get(0).words())
                .isEqualTo(RemoteLaboratory.EXPLAINING.words("Why?", null, "An egg."));
        assertThat(asked(0).path("messages").size()).isEqualTo(1);
        assertThat(asked(0).path("max_tokens").asInt()).isEqualTo(50 + 16);
        assertThat(asked(0).path("top_logprobs").asInt()).isEqualTo(8);
        assertThat(asked(0).path("stop").path(0).asString()).isEqualTo(" ##");
        assertThat(asked(0).path("stream_options").path("include_usage").asBoolean())
                .isTrue();
    }

    @Test
    void theSystemsWordsStandBeforeTheQuestion() {
        try (RemoteLaboratory told = new RemoteLaboratory(1, "Be strict.")) {
            told.run(explaining("An egg."));
            JsonNode messages = told.fake.asked().get(0).body().path("messages");
            assertThat(messages.path(0).path("role").asString()).isEqualTo("system");
            assertThat(messages.path(0).path("content").asString()).isEqualTo("Be strict.");
            assertThat(messages.path(1).path("role").asString()).isEqualTo("user");
        }
    }

    @Test
    void whatWasHeldBackIsToldAtTheEnd() {
        lab.fake.script(
                (request, answer) -> answer.words("It is relevant. Rele").end("stop"));
        Transcript begunMarker = lab.run(explaining("An egg."));
        assertThat(begunMarker.of(0)).contains("says  Rele");
        assertThat(begunMarker.judgement(0).explanation()).isEqualTo("It is relevant. Rele");

        lab.fake.script((request, answer) -> answer.raw("data: {\"choices\":[{\"delta\":{\"content\":\"relevant\"},"
                        + "\"logprobs\":{\"content\":[{\"token\":\"relevant, surely\",\"logprob\":-0.1}]}}]}")
                .end("stop"));
        Transcript begunToken = lab.run(explaining("An egg."));
        assertThat(begunToken.of(0)).contains("says relevant");
        assertThat(begunToken.judgement(0).explanation()).isEqualTo("relevant");
    }

    @Test
    void labelsAloneAreAskedForInTheirOwnFormatAndNotExplained() {
        lab.fake.script((request, answer) ->
                answer.words("Surely. Relevance Label:").token(" 2", MOSTLY_TWO).end("stop"));

        Transcript heard = lab.run(request(options(false, 1000, true), "An egg."));

        assertThat(heard.of(0)).hasSize(2).last().isEqualTo("judged 2");
        assertThat(heard.judgement(0).explanation()).isEmpty();
        assertThat(heard.judgement(0).source()).isEqualTo(LabelSource.STATED);
        assertThat(heard.judgement(0).ending()).isEqualTo(Ending.STOP);
        assertThat(lab.fake.asked().get(0).words()).startsWith("Rate the relevance");
        assertThat(asked(0).path("max_tokens").asInt()).isEqualTo(16);
    }

    @Test
    void aLabelThatIsNotAmongTheAlternativesIsImpossibleAndItsBestSpellingCounts() {
        lab.fake.script((request, answer) -> answer.words("No. Relevance Label:")
                .token(" 0", Map.of(" 0", -0.5, "0", -3.0, "2", -1.5))
                .end("stop"));

        Judgement judgement = lab.run(explaining("A stone.")).judgement(0);

        assertThat(judgement.label()).isZero();
        assertThat(judgement.explanation()).isEqualTo("No.");
    }

    @Test
    void withoutAlternativesTheStatedLabelIsCertain() {
        lab.fake.script((request, answer) ->
                answer.words("So-so.\n\nRelevance La", "bel: 1 ##").end("stop"));

        Judgement judgement = lab.run(explaining("An egg.")).judgement(0);

        assertThat(judgement.labelProbabilities()).containsExactly(0.0, 1.0, 0.0);
        assertThat(judgement.explanation()).isEqualTo("So-so.");
    }

    @Test
    void whereTheEndpointDoesNotCountThePiecesDo() {
        lab.fake.script((request, answer) ->
                answer.words("Fine.", " Relevance", " Label: 1").raw("data: [DONE]"));

        Judgement judgement = lab.run(explaining("An egg.")).judgement(0);

        int prompt = lab.fake.asked().get(0).words().length() / 4 + 1;
        assertThat(judgement.usage()).isEqualTo(new Judgement.Usage(prompt, 0, 3));
    }

    @Test
    void aLongDocumentIsCutAndSaysSo() {
        Transcript heard = lab.run(explaining("x".repeat(LONGEST), "x".repeat(LONGEST + 1)));

        assertThat(heard.of(0).get(0)).doesNotEndWith("cut");
        assertThat(heard.of(1).get(0)).endsWith(", cut");
        assertThat(heard.judgement(0).truncated()).isFalse();
        assertThat(heard.judgement(1).truncated()).isTrue();
        assertThat(lab.fake.asked().get(1).words()).endsWith(": " + "x".repeat(LONGEST));
    }

    @Test
    void aLongDocumentIsRefusedWhereItMustNotBeCut() {
        RerankRequest.Options uncut = options(true, 1000, false);
        assertThat(lab.run(request(uncut, "x".repeat(LONGEST))).judgement(0).truncated())
                .isFalse();
        lab.fake.asked().clear();

        Transcript heard = new Transcript();
        assertThatThrownBy(() -> lab.judge(request(uncut, "short", "x".repeat(LONGEST + 1)), heard))
                .isInstanceOfSatisfying(
                        RerankException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED))
                .hasMessageContaining("documents[1] is longer than 200 characters");
        assertThat(heard.lines()).isEmpty();
        assertThat(lab.fake.asked()).isEmpty();
    }

    @Test
    void guessesTheWorkFromLengths() {
        // A prompt is 100 tokens and the query's 4 / 4 + 1; each document here is 8 / 4 + 1.
        String[] two = {"12345678", "12345678"};
        assertThat(estimate(options(true, 1000, true), two)).isEqualTo(2 * 102 + 2 * 3 + 2 * 50);
        assertThat(estimate(options(true, 2, true), two)).isEqualTo(2 * 102 + 2 * 3 + 2 * 50);
        assertThat(estimate(options(true, 1, true), two)).isEqualTo(2 * (2 * 102 + 2 * 3) + 50);
        assertThat(estimate(options(true, 0, true), two)).isEqualTo(2 * 102 + 2 * 3);
        assertThat(estimate(options(false, 1, true), two)).isEqualTo(2 * 102 + 2 * 3);
        assertThat(estimate(limited(1000, "12345678901"), two)).isEqualTo(2 * (102 + 3) + 2 * 3);
        assertThat(estimate(limited(1000, null), "x".repeat(400))).isEqualTo(102 + LONGEST / 4 + 1);
        assertThat(estimate(limited(10, null), "x".repeat(400))).isEqualTo(102 + 10 + 1);
    }

    private long estimate(RerankRequest.Options options, String... documents) {
        return lab.judge.estimateTokens(request(options, documents));
    }

    private static RerankRequest.Options limited(int documentTokens, @Nullable String instruction) {
        return new RerankRequest.Options(false, 0, 50, documentTokens, true, 0.7, null, instruction);
    }

    @Test
    void anEndpointThatMustSampleIsNotReproducible() {
        assertThat(lab.judge.reproducible()).isTrue();
        lab.fake.script((request, answer) -> {
            if (request.has("temperature")) {
                answer.status(400, "{\"error\":{\"message\":\"Unsupported value: 'temperature'\"}}");
            } else {
                FakeChat.answerWell(request, answer);
            }
        });
        assertThat(lab.run(explaining("An egg.")).judgement(0).label()).isEqualTo(2);
        assertThat(lab.judge.reproducible()).isFalse();
    }
}
