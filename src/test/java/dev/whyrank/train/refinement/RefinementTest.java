package dev.whyrank.train.refinement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Precision;
import dev.whyrank.model.torch.TorchOptions;
import dev.whyrank.model.torch.TorchTrainer;
import dev.whyrank.model.torch.TrainingOptions;
import dev.whyrank.train.laboratory.LaboratoryModel;
import dev.whyrank.train.refinement.Weighing.Scored;
import dev.whyrank.train.refinement.Weighing.Weighed;
import dev.whyrank.train.tuning.Example;
import dev.whyrank.train.tuning.ExampleMaker;
import dev.whyrank.train.tuning.LearningRate;
import dev.whyrank.train.tuning.TrainingRecord.Judged;
import dev.whyrank.train.tuning.Tuning;
import dev.whyrank.train.tuning.TuningListener;
import dev.whyrank.train.tuning.TuningSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefinementTest {

    private static final Pair PAIR = new Pair(0, "Does it rain?", new Judged("It pours.", 2, "It does."));

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void write() throws IOException {
        model = folder.resolve("model");
        LaboratoryModel.write(model, 1);
    }

    private Refinement refinement(long seed) {
        TorchOptions options = new TorchOptions(Precision.FLOAT32, "cpu", 1, 4, 256, new int[0]);
        return new Refinement(model, null, options, new Sampler.Settings(3, 1, 12, seed), Weighing.DEFAULT);
    }

    private static Answer answer(String words, int label) {
        return new Answer(words, label, true, true);
    }

    private Tuning tuning(Path out) {
        return new Tuning(
                model,
                null,
                out,
                TrainingOptions.plain(1, 256),
                new TuningSettings(8, 1, 1, null, null, new LearningRate(1e-3, 0, false), 0, 1, 1, 10, 1));
    }

    /** The loss of a step over two answers, as the run reports it, against the formula by hand. */
    @Test
    void theLossIsTheCubeOfTheRewardTimesTheMeanOverTheAnswersTokens() throws IOException {
        Scored scored = new Scored(
                PAIR,
                List.of(answer("It pours, so it rains.", 2), answer("No.", 0)),
                answer("It does.", 2),
                new double[] {0.9, 0, 1});
        List<Double> losses = new ArrayList<>();
        refinement(1).learn(List.of(scored), tuning(folder.resolve("out")), new TuningListener() {
            @Override
            public void stepped(Step step) {
                losses.add(step.loss());
            }
        });
        double byHand = (0.9 * 0.9 * 0.9 * meanLoss("It pours, so it rains.") + 1 * meanLoss("It does.")) / 2;
        assertThat(losses).hasSize(1);
        assertThat(losses.get(0)).isCloseTo(byHand, within(1e-4));
    }

    /** From the logits alone: minus the mean log softmax of the answer's tokens. */
    private double meanLoss(String explanation) {
        try (Checkpoint checkpoint = Checkpoint.open(model);
                TorchTrainer trainer =
                        TorchTrainer.load(checkpoint.config(), checkpoint.weights(), TrainingOptions.plain(1, 256))) {
            Example example = Refinement.examples(
                            new ExampleMaker(checkpoint, 256), List.of(new Weighed(PAIR, answer(explanation, 2), 1)))
                    .get(0);
            return new PlainLoss(trainer).of(example);
        }
    }

    @Test
    void samplingIsAFunctionOfTheSeed() throws IOException {
        List<Pair> pairs = List.of(PAIR, new Pair(1, PAIR.question(), PAIR.teacher()));
        List<Scored> first = refinement(7).score(pairs, Scorer.agreement(), folder.resolve("first"));
        List<Scored> again = refinement(7).score(pairs, Scorer.agreement(), folder.resolve("again"));
        List<Scored> other = refinement(8).score(pairs, Scorer.agreement(), folder.resolve("other"));
        assertThat(words(first)).isEqualTo(words(again)).isNotEqualTo(words(other));
        assertThat(words(first.subList(0, 1))).isNotEqualTo(words(first.subList(1, 2)));
        assertThat(first.get(0).samples()).hasSize(3);
        assertThat(first.get(0).rewards()).hasSize(4);
        assertThat(first.get(0).rewards()[3]).isEqualTo(1);
    }

    private static List<String> words(List<Scored> scored) {
        return scored.stream()
                .flatMap(one -> one.samples().stream())
                .map(Response::words)
                .toList();
    }

    /** A scorer that fails in the way of a judge that is out of order, or has nothing left to say. */
    private static Scorer silent() {
        return answered -> {
            throw new InvalidInputException("nobody is to be asked");
        };
    }

    private static List<String> rewards(List<Scored> scored) {
        return scored.stream().map(one -> Arrays.toString(one.rewards())).toList();
    }

    @Test
    void neitherAnswersNorRewardsAreAskedForAgain() throws IOException {
        List<Asked> asked = List.of(PAIR, new Topic(1, "Does it rain?", List.of("rain today")));
        Path round = folder.resolve("round");
        assertThatThrownBy(() -> refinement(7).score(asked, silent(), round)).hasMessageContaining("nobody");
        // No model writes this: whoever has it has read it.
        Path answers = round.resolve("answers.jsonl");
        Files.writeString(
                answers,
                Files.readString(answers)
                        .replaceFirst("\"explanation\":\"[^\"]*\"", "\"explanation\":\"It was kept.\""));
        Scorer partly = answered -> {
            List<double[]> rewards = Scorer.agreement().rewards(answered);
            rewards.get(0)[1] = Double.NaN;
            return rewards;
        };
        List<Scored> scored = refinement(7).score(asked, partly, round);
        assertThat(words(scored)).hasSize(6).first().asString().startsWith("It was kept.");

        List<Scored> again = refinement(7).score(asked, silent(), round);
        assertThat(words(again)).isEqualTo(words(scored));
        assertThat(rewards(again)).isEqualTo(rewards(scored)).first().asString().contains("NaN");
    }

    @Test
    void whatAnotherRoundKeptIsRefused() throws IOException {
        Path round = folder.resolve("round");
        refinement(7).score(List.of(PAIR), Scorer.agreement(), round);
        Pair other = new Pair(0, PAIR.question(), new Judged("It pours.", 1, "It does."));
        assertRefused(
                () -> refinement(7).score(List.of(other), Scorer.agreement(), round), "answers.jsonl", "data was");
        assertRefused(
                () -> refinement(8).score(List.of(PAIR), Scorer.agreement(), round), "answers.jsonl", "seed was 7");
        Scorer judge = new Scorer() {
            @Override
            public List<double[]> rewards(List<Answered> answered) {
                throw new IllegalStateException("must not be asked");
            }

            @Override
            public String name() {
                return "judge";
            }
        };
        assertRefused(() -> refinement(7).score(List.of(PAIR), judge, round), "rewards.jsonl", "reward was agreement");
        LaboratoryModel.write(model, 2);
        assertRefused(
                () -> refinement(7).score(List.of(PAIR), Scorer.agreement(), round), "answers.jsonl", "model was");
    }

    private static void assertRefused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOf(InvalidInputException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).contains("another --out"));
    }

    @Test
    void exportsPreferencesAndRefusesToLearnNothing() throws IOException {
        Scored scored = new Scored(PAIR, List.of(answer("No.", 0)), answer("It does.", 2), new double[] {0, 1});
        Path file = folder.resolve("preferences.jsonl");
        Refinement.writePreferences(List.of(scored), file);
        assertThat(Files.readString(file))
                .contains("\"chosen\":\"It does.\\n\\nRelevance Label: 2 ##\"")
                .contains("\"rejected\":\"No.\\n\\nRelevance Label: 0 ##\"");
        assertThatThrownBy(() -> refinement(1).learn(List.of(), tuning(folder.resolve("x")), TuningListener.NONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--min-reward");
    }
}
