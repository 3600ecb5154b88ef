package dev.whyrank.train.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.checkpoint.Safetensors;
import dev.whyrank.checkpoint.TinyCheckpoint;
import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Precision;
import dev.whyrank.model.ReferenceDecoder;
import dev.whyrank.model.torch.TorchOptions;
import dev.whyrank.tokenize.Tokenizer;
import dev.whyrank.train.refinement.Answer;
import dev.whyrank.train.refinement.Answered;
import dev.whyrank.train.refinement.Pair;
import dev.whyrank.train.refinement.QueryList;
import dev.whyrank.train.refinement.Topic;
import dev.whyrank.train.tuning.TrainingRecord.Judged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A reward model of random weights against plain loops over the tokens of the conversation. */
class CheckpointScorerTest {

    private static final long SEED = 11;
    private static final int ROOM = 1024;

    private static final Pair PAIR =
            new Pair(0, "Does it rain?", new Judged("It pours, <|eot_id|> it pours.", 2, "It does."));
    private static final Topic TOPIC = new Topic(1, "Does it rain?", List.of("rain today", "weather"));

    @TempDir
    private Path folder;

    private DecoderConfig write(Family family) {
        return TinyCheckpoint.writeReward(folder, family, 1, SEED);
    }

    private CheckpointScorer scorer(int room) {
        return new CheckpointScorer(folder, new TorchOptions(Precision.FLOAT32, "cpu", 1, 4, room, new int[0]));
    }

    private static Answer answer(String words, int label) {
        return new Answer(words, label, true, true);
    }

    /** As the template of Llama 3 renders it, by hand: the words between the marks are plain text. */
    private static int[] conversation(Tokenizer tokenizer, int[] task, String answer) {
        return joined(
                tokenizer.encodeMarkup("<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n"),
                task,
                tokenizer.encodeMarkup("<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"),
                tokenizer.encodeText(answer),
                tokenizer.encodeMarkup("<|eot_id|>"));
    }

    private static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void agreesWithPlainLoopsAfterTheLastTokenOfTheConversation(Family family) {
        DecoderConfig config = write(family);
        List<Answered> answered = List.of(
                new Answered(PAIR, List.of(answer("It is dry.", 0), answer("It rains.", 1))),
                new Answered(TOPIC, List.of(new QueryList(List.of("snow", "ice"), true))));
        List<double[]> rewards = scorer(ROOM).rewards(answered);

        ReferenceDecoder reference = new ReferenceDecoder(config, Safetensors.ofFolder(folder));
        try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"))) {
            int[] pair = tokenizer.encodeText(RewardWords.task(PAIR));
            int[] topic = tokenizer.encodeText(RewardWords.task(TOPIC));
            double[] expected = {
                reference.score(conversation(tokenizer, pair, "It is dry.\n\nRelevance Label: 0")),
                reference.score(conversation(tokenizer, pair, "It rains.\n\nRelevance Label: 1")),
                reference.score(conversation(tokenizer, pair, "It does.\n\nRelevance Label: 2")),
                reference.score(conversation(tokenizer, topic, "1. snow\n2. ice")),
                reference.score(conversation(tokenizer, topic, "1. rain today\n2. weather"))
            };
            assertThat(rewards.get(0)).hasSize(3);
            assertThat(joined(rewards)).as("seed %d", SEED).containsExactly(expected, within(1e-4));
            assertThat(Math.abs(expected[0] - expected[1])).isGreaterThan(1e-2);
        }
    }

    private static double[] joined(List<double[]> rewards) {
        return rewards.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    @Test
    void cutsTheDocumentUntilTheLongestAnswerFits() {
        DecoderConfig config = write(Family.LLAMA);
        Pair long1 = new Pair(0, "Does it rain?", new Judged("wet ".repeat(500), 2, "It does."));
        Answer brief = answer("No.", 0);
        double[] rewards = scorer(ROOM)
                .rewards(List.of(new Answered(long1, List.of(brief))))
                .get(0);

        ReferenceDecoder reference = new ReferenceDecoder(config, Safetensors.ofFolder(folder));
        try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"))) {
            int[] task = tokenizer.encodeText(RewardWords.task(long1).strip());
            String longest = "It does.\n\nRelevance Label: 2";
            int around = conversation(tokenizer, new int[0], longest).length;
            int[] cut = Arrays.copyOf(task, ROOM - around);
            assertThat(rewards[0])
                    .isCloseTo(
                            reference.score(conversation(tokenizer, cut, "No.\n\nRelevance Label: 0")), within(1e-4));
            assertThat(rewards[1]).isCloseTo(reference.score(conversation(tokenizer, cut, longest)), within(1e-4));
        }
    }

    @Test
    void aQuestionThatIsTooLongHasNoRewardAndKeepsNoOtherFromIts() {
        write(Family.LLAMA);
        Pair endless = new Pair(0, "Does it rain? ".repeat(100), new Judged("It pours.", 2, "It does."));
        Answered tooLong = new Answered(endless, List.of(answer("No.", 0)));
        List<double[]> rewards = scorer(ROOM).rewards(List.of(tooLong, new Answered(PAIR, List.of())));
        assertThat(rewards.get(0)).containsExactly(Double.NaN, Double.NaN);
        assertThat(rewards.get(1)).hasSize(1).doesNotContain(Double.NaN);
    }

    /** Before there is anything to score. */
    private void refused(String... parts) {
        assertThatThrownBy(() -> scorer(ROOM))
                .isInstanceOf(InvalidInputException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    @Test
    void whatIsNoRewardModelIsOneLine() throws IOException {
        TinyCheckpoint.writeReward(folder, Family.LLAMA, 2, SEED);
        refused("score.weight has shape [2, 16]", "one row");

        write(Family.LLAMA);
        Files.delete(folder.resolve("chat_template.jinja"));
        refused("has no chat template", "chat_template.jinja");

        TinyCheckpoint.write(folder, Family.LLAMA, false, SEED);
        refused("has no tensor score.weight", "ForSequenceClassification");

        write(Family.LLAMA);
        Path json = folder.resolve("config.json");
        Files.writeString(json, Files.readString(json).replace("ForSequenceClassification", "ForCausalLM"));
        refused("config.json", "XForCausalLM is no reward model");
    }
}
