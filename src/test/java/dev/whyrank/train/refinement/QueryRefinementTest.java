package dev.whyrank.train.refinement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Precision;
import dev.whyrank.model.torch.TorchOptions;
import dev.whyrank.rerank.ServedPrompts;
import dev.whyrank.train.laboratory.LaboratoryModel;
import dev.whyrank.train.refinement.Weighing.Scored;
import dev.whyrank.train.tuning.Example;
import dev.whyrank.train.tuning.ExampleMaker;
import dev.whyrank.train.tuning.TrainingRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of queries: what they are worth and how they are learnt. */
class QueryRefinementTest {

    private static final Topic TOPIC = new Topic(5, "Does it rain?", List.of("rain today", "weather forecast"));

    @TempDir
    private Path folder;

    private static QueryList list(String... queries) {
        return new QueryList(List.of(queries), true);
    }

    private static double reward(String... queries) {
        return Scorer.agreement()
                .rewards(List.of(new Answered(TOPIC, List.of(list(queries)))))
                .get(0)[0];
    }

    @Test
    void aListIsWorthItsLikenessToTheTeachersQueryByQuery() {
        assertThat(reward("weather forecast", "rain today")).isEqualTo(1);
        // One of two is missing: 2 * 1 / 3.
        assertThat(reward("rain today")).isCloseTo(2.0 / 3, within(1e-9));
        // The same again earns nothing: 2 * 1 / 4.
        assertThat(reward("rain today", "rain today")).isCloseTo(0.5, within(1e-9));
        // Half of the words of one: 2 * 0.5 / 3.
        assertThat(reward("rain tomorrow")).isCloseTo(1.0 / 3, within(1e-9));
        assertThat(reward()).isZero();
    }

    /** The original puts a line break between characters, so that all lists of the same letters look alike to it. */
    @Test
    void wordsAndLinesAreNotTakenApart() {
        assertThat(reward("train a day to", "two heat refer scars")).isZero();
        assertThat(list("rain today", "weather forecast").words()).isEqualTo("1. rain today\n2. weather forecast");
    }

    @Test
    void theTeachersListIsRewardedBesideTheSamples() {
        Answered answered = new Answered(TOPIC, List.of(list("snow"), list("rain today")));
        assertThat(Scorer.agreement().rewards(List.of(answered)).get(0))
                .hasSize(3)
                .endsWith(1.0);
    }

    @Test
    void recordsWithoutQueriesAreNoTopics() {
        TrainingRecord without = new TrainingRecord("q", List.of(), List.of());
        TrainingRecord with = new TrainingRecord("r", List.of("s"), List.of());
        assertThat(Topic.of(List.of(without, with, with), 7))
                .containsExactly(new Topic(7, "r", List.of("s")), new Topic(8, "r", List.of("s")));
    }

    @Test
    void boostingLeavesListsAsTheyAre() {
        Scored scored = new Scored(TOPIC, List.of(list("a"), list("b")), list("c"), new double[] {1, 0, 0.9});
        assertThat(new Weighing(0.85, true, 3).of(scored)).isEqualTo(Weighing.DEFAULT.of(scored));
        assertThat(Weighing.DEFAULT.of(scored)).hasSize(2);
    }

    @Test
    void listsAreSampledAndLearntInTheWordsThatServe() throws IOException {
        LaboratoryModel.write(folder, 1);
        TorchOptions options = new TorchOptions(Precision.FLOAT32, "cpu", 1, 4, 256, new int[0]);
        Refinement refinement =
                new Refinement(folder, null, options, new Sampler.Settings(3, 1, 12, 7), Weighing.DEFAULT);
        List<Scored> scored = refinement.score(List.of(TOPIC), Scorer.agreement(), folder.resolve("round"));
        assertThat(scored.get(0).samples()).hasSize(3).allMatch(QueryList.class::isInstance);
        assertThat(refinement.summary(scored).labelAgreement()).isNaN();

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            ExampleMaker maker = new ExampleMaker(checkpoint, 512);
            Weighing.Weighed weighed = new Weighing.Weighed(TOPIC, list("is it wet", "rain today"), 0.5);
            Example example = Refinement.examples(maker, List.of(weighed)).get(0);
            assertThat(example.weight()).isEqualTo(0.5);
            assertThat(example.prompt()).isEqualTo(maker.queriesPrompt(TOPIC.question(), 0));
            assertThat(example.answer())
                    .isEqualTo(checkpoint
                            .tokenizer()
                            .encodeText(ServedPrompts.queriesAnswer(List.of("is it wet", "rain today"))));
            ExampleMaker narrow = new ExampleMaker(checkpoint, example.length() - 1);
            assertThatThrownBy(() -> Refinement.examples(narrow, List.of(weighed)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("--max-length");
        }
    }

    @Test
    void exportsPreferences() throws IOException {
        Scored scored = new Scored(TOPIC, List.of(list("snow", "ice")), list("rain today"), new double[] {0, 1});
        Path file = folder.resolve("preferences.jsonl");
        Refinement.writePreferences(List.of(scored), file);
        assertThat(Files.readString(file))
                .isEqualTo("{\"topic\":5,\"question\":\"Does it rain?\",\"chosen\":\"1. rain today ##\","
                        + "\"rejected\":\"1. snow\\n2. ice ##\"}\n");
    }
}
