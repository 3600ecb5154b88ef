package dev.whyrank.train.laboratory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.tokenize.Tokenizer;
import dev.whyrank.train.tuning.Example;
import dev.whyrank.train.tuning.TrainingRecord;
import dev.whyrank.train.tuning.TrainingRecord.Judged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorldTest {

    private static final long SEED = 11;

    @TempDir
    private Path folder;

    private List<TrainingRecord> records(IntFunction<String> world, int count) throws IOException {
        return TrainingRecord.read(Files.write(
                folder.resolve("records.jsonl"),
                IntStream.range(0, count).mapToObj(world).toList()));
    }

    @Test
    void isAFunctionOfItsSeed() {
        assertThat(World.of(3, 3, 4).record(5))
                .isEqualTo(World.of(3, 3, 4).record(5))
                .isNotEqualTo(World.of(4, 3, 4).record(5))
                .isNotEqualTo(World.of(3, 3, 4).record(6));
    }

    @Test
    void labelsAreBalancedUnderEveryQuestion() throws IOException {
        for (TrainingRecord record : records(World.of(SEED, 3, 5)::record, 50)) {
            assertThat(record.documents().stream().map(Judged::label).sorted()).containsExactly(0, 0, 1, 1, 2, 2);
        }
    }

    @Test
    void theTeachersLabelsFollowFromItsDerivationsAndThoseFromTheTexts() throws IOException {
        for (TrainingRecord record : records(World.of(SEED, 3, 5)::record, 50)) {
            for (Judged document : record.documents()) {
                Derivation truth = Derivation.of(record.question(), document.text());
                assertThat(document.label()).as("seed %d", SEED).isEqualTo(truth.label());
                assertThat(truth.matches(document.explanation())).isTrue();
                assertThat(truth.agreement(document.explanation())).isEqualTo(1);
            }
        }
    }

    @Test
    void aWrongDerivationOfARightLabelIsNotAccepted() {
        String document =
                "Adan ships cargo to Belo. Belo delivers freight to Cire. Cire ships no cargo. Dune lost supplies"
                        + " from Emil. Dune ships no cargo.";
        Derivation truth = Derivation.of("Does cargo from Adan reach Cire?", document);
        assertThat(truth.explanation())
                .isEqualTo("Route: Adan ships to Belo. Belo ships to Cire. Cire ships no cargo."
                        + " The route reaches Cire and is open.");
        assertThat(truth.label()).isEqualTo(2);
        String shortcut = "Route: Adan ships to Cire. Cire ships no cargo. The route reaches Cire and is open.";
        assertThat(truth.matches(shortcut)).isFalse();
        assertThat(truth.agreement(shortcut)).isLessThan(0.5);
    }

    @Test
    void theBlindSpotErrsOnlyWhereASuspensionIsInThePassiveVoice() throws IOException {
        int wrong = 0;
        for (TrainingRecord record : records(World.of(SEED, 3, 4).withBlindSpot()::record, 100)) {
            for (Judged document : record.documents()) {
                Derivation truth = Derivation.of(record.question(), document.text());
                if (document.label() != truth.label()) {
                    wrong++;
                    assertThat(truth.label()).isEqualTo(1);
                    assertThat(document.label()).isEqualTo(2);
                    assertThat(document.text()).containsPattern("nothing|lost");
                }
            }
        }
        // A third has label 1, half of these in the passive voice, three quarters of these overlooked: one in eight.
        assertThat(wrong).as("seed %d", SEED).isBetween(45, 105);
    }

    @Test
    void everyWordOfTheWorldIsOneToken() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(LaboratoryTokenizer.json(LaboratoryModel.phrases()), "tokenizer")) {
            for (TrainingRecord record : records(World.of(SEED, 3, 4)::record, 20)) {
                for (Judged document : record.documents()) {
                    String text = " " + document.text();
                    int words = text.split("(?= )|(?=\\.)", -1).length;
                    int[] tokens = tokenizer.encodeText(text);
                    assertThat(tokens).hasSize(words);
                    assertThat(tokenizer.decode(tokens)).isEqualTo(text);
                }
            }
            String foreign = "Zürich delivers 3 crates, \"fragile\"!\n";
            assertThat(tokenizer.decode(tokenizer.encodeText(foreign))).isEqualTo(foreign);
        }
    }

    /** Classifiers that count, trained on 3,000 pairs, must not find out what takes reasoning. */
    @Test
    void countingWordsOrPairsOfWordsDoesNotTellTheLabel() throws IOException {
        List<TrainingRecord> train = records(World.of(SEED, 3, 4)::record, 500);
        List<TrainingRecord> test = records(World.of(SEED + 1, 3, 4)::record, 200);
        double words = new CountingClassifier(train, 1).accuracy(test);
        double pairs = new CountingClassifier(train, 2).accuracy(test);
        assertThat(words).as("bag of words, seed %d", SEED).isLessThan(0.45);
        assertThat(pairs).as("pairs in a sentence, seed %d", SEED).isLessThan(0.50);
    }

    /** The classifier can learn: it finds a shortcut that is there. */
    @Test
    void theCountingClassifierFindsAShortcutThatIsThere() throws IOException {
        List<TrainingRecord> train = records(World.of(SEED, 1, 2)::record, 300);
        assertThat(new CountingClassifier(train, 2).accuracy(records(World.of(SEED + 1, 1, 2)::record, 100)))
                .isGreaterThan(0.5);
    }

    @Test
    void tellsWhatAnExampleMayNotBe() {
        assertThat(Arrays.asList(Names.ALL.toArray())).doesNotHaveDuplicates().hasSize(300);
        assertThat(new Example(new int[] {1}, new int[] {2}, 1, -1)
                        .weighing(0.5)
                        .weight())
                .isEqualTo(0.5);
    }
}
