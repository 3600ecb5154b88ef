package dev.whyrank.train.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.checkpoint.CheckpointOptions;
import dev.whyrank.checkpoint.TinyCheckpoint;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Precision;
import dev.whyrank.model.torch.TorchTrainer;
import dev.whyrank.model.torch.TrainingBatch;
import dev.whyrank.model.torch.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TuningTest {

    @TempDir
    private Path folder;

    private static TrainingOptions options(boolean full) {
        TrainingOptions.Adapter adapter =
                new TrainingOptions.Adapter(2, 4, 0.2, Set.of("q_proj", "v_proj", "down_proj"), 3);
        return new TrainingOptions(Precision.FLOAT32, "cpu", 1, 64, false, full ? null : adapter);
    }

    private static TuningSettings settings(@Nullable Integer steps) {
        return settings(steps, null);
    }

    private static TuningSettings settings(@Nullable Integer steps, @Nullable Duration patience) {
        return new TuningSettings(2, 2, 3, steps, patience, new LearningRate(1e-2, 0, false), 0.01, 1, 3, 4, 7);
    }

    private static List<Example> examples() {
        return IntStream.range(0, 12)
                .mapToObj(i -> new Example(
                        IntStream.range(0, 3 + i % 4)
                                .map(j -> (i * 31 + j * 7) % 300)
                                .toArray(),
                        IntStream.range(0, 2 + i % 3)
                                .map(j -> (i * 17 + j * 5) % 300)
                                .toArray(),
                        1,
                        0))
                .toList();
    }

    private Path base() {
        Path base = folder.resolve("base");
        TinyCheckpoint.write(base, Family.LLAMA, true, 1);
        return base;
    }

    private static final class Losses implements TuningListener {

        private final List<Double> losses = new ArrayList<>();

        @Override
        public void stepped(Step step) {
            losses.add(step.loss());
        }
    }

    private List<Double> run(Path out, boolean full, TuningListener further) throws IOException {
        Losses losses = new Losses();
        new Tuning(base(), null, out, options(full), settings(null))
                .run(
                        checkpoint -> new Tuning.Source.Examples(
                                examples(), examples().subList(0, 2)),
                        new Listeners(List.of(losses, further)));
        return losses.losses;
    }

    /** Makes every step take some processor time. */
    private static final class Busy implements TuningListener {

        @Override
        public void stepped(Step step) {
            Duration end = ProcessorTime.now().plusMillis(30);
            while (ProcessorTime.now().compareTo(end) < 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** As kill does: in the middle of a step, without a word to anyone. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKilledRunGoesOnWithTheVeryLossesItWouldHaveHad(boolean full) throws IOException {
        List<Double> whole = run(folder.resolve("whole"), full, TuningListener.NONE);
        Path out = folder.resolve("killed");
        assertThatThrownBy(() -> run(out, full, new TuningListener() {
                    @Override
                    public void stepped(Step step) {
                        if (step.step() == 6) {
                            throw new Killed();
                        }
                    }
                }))
                .isInstanceOf(Killed.class);
        List<Double> rest = run(out, full, TuningListener.NONE);
        assertThat(whole).hasSize(9);
        assertThat(rest).isEqualTo(whole.subList(4, 9));
        String weights = full ? "model.safetensors" : "adapter_model.safetensors";
        assertThat(out.resolve(weights))
                .hasSameBinaryContentAs(folder.resolve("whole").resolve(weights));
    }

    @Test
    void aRunThatIsAskedToStopSavesItsStateAndGoesOn() throws IOException {
        List<Double> whole = run(folder.resolve("whole"), true, TuningListener.NONE);
        Path out = folder.resolve("stopped");
        Losses first = new Losses();
        assertThatThrownBy(() -> run(out, true, new TuningListener() {
                    @Override
                    public void stepped(Step step) {
                        first.stepped(step);
                    }

                    @Override
                    public boolean stopRequested() {
                        return first.losses.size() == 3;
                    }
                }))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("stopped at step 3 of 9");
        assertThat(out.resolve("model.safetensors")).doesNotExist();
        assertThat(run(out, true, TuningListener.NONE)).isEqualTo(whole.subList(3, 9));
    }

    private static void assertRefused(Path base, @Nullable Path start, Path out, TrainingOptions options, int steps) {
        Tuning other = new Tuning(base, start, out, options, settings(steps));
        assertThatThrownBy(() ->
                        other.run(checkpoint -> new Tuning.Source.Examples(examples(), List.of()), TuningListener.NONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("state.json")
                .hasMessageContaining("--out");
    }

    private static TrainingOptions options(Precision precision, double alpha, double dropout) {
        Set<String> targets = Set.of("q_proj", "v_proj", "down_proj");
        TrainingOptions.Adapter adapter = new TrainingOptions.Adapter(2, alpha, dropout, targets, 3);
        return new TrainingOptions(precision, "cpu", 1, 64, false, adapter);
    }

    @Test
    void aStateOfAnotherRunIsRefused() throws IOException {
        Path out = folder.resolve("out");
        Tuning.Source source = checkpoint -> new Tuning.Source.Examples(examples(), List.of());
        TrainingOptions same = options(Precision.FLOAT32, 4, 0.2);
        new Tuning(base(), null, out, same, settings(2)).run(source, TuningListener.NONE);
        Path start = folder.resolve("start");
        new Tuning(base(), null, start, same, settings(1)).run(source, TuningListener.NONE);

        assertRefused(base(), null, out, same, 3);
        assertRefused(base(), start, out, same, 2);
        assertRefused(base(), null, out, options(Precision.FLOAT32, 8, 0.2), 2);
        assertRefused(base(), null, out, options(Precision.FLOAT32, 4, 0.1), 2);
        assertRefused(base(), null, out, options(Precision.BFLOAT16, 4, 0.2), 2);
        Path other = folder.resolve("other");
        TinyCheckpoint.write(other, Family.LLAMA, true, 2);
        assertRefused(other, null, out, same, 2);

        TrainingOptions byBlock = new TrainingOptions(Precision.FLOAT32, "auto", 2, 64, true, same.adapter());
        assertThat(new Tuning(base(), null, out, byBlock, settings(2)).run(source, TuningListener.NONE))
                .isEqualTo(2);
    }

    @Test
    void aRunDoesNotWriteWhereItStartsFrom() {
        assertThatThrownBy(() -> new Tuning(base(), null, base(), options(true), settings(2)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--out");
    }

    @Test
    void timeThatWasTakenBeforeARunWasTakenUpCounts() throws IOException {
        Path out = folder.resolve("out");
        Tuning brief = new Tuning(base(), null, out, options(true), settings(null, Duration.ofMillis(100)));
        Tuning.Source source = checkpoint -> new Tuning.Source.Examples(examples(), List.of());
        int steps = brief.run(source, new Busy());
        assertThat(steps).isBetween(1, 8);
        Losses again = new Losses();
        assertThat(brief.run(source, again)).isEqualTo(steps);
        assertThat(again.losses).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsWrittenIsServedWithTheLogitsThatWereTrained(boolean full) throws IOException {
        Path out = folder.resolve("out");
        run(out, full, TuningListener.NONE);
        TrainingBatch batch = Batches.of(examples(), 1);
        Path model = full ? out : folder.resolve("base");
        CheckpointOptions merged = CheckpointOptions.DEFAULT.withAdapter(full ? null : out);
        TrainingOptions whole = TrainingOptions.plain(1, 64);
        try (Checkpoint trained = Checkpoint.open(folder.resolve("base"));
                Checkpoint written = Checkpoint.open(model, merged);
                TorchTrainer trainer = TorchTrainer.load(trained.config(), trained.weights(), options(full));
                TorchTrainer served = TorchTrainer.load(written.config(), written.weights(), whole)) {
            new SavedStateReader(out).into(trainer);
            float[][] expected = trainer.logits(batch);
            float[][] actual = served.logits(batch);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).containsExactly(expected[i], within(1e-4f));
            }
        }
    }

    /** Reads the last state of a finished run. */
    private record SavedStateReader(Path out) {

        void into(TorchTrainer trainer) throws IOException {
            String pointer = Files.readString(out.resolve("state/state.json"));
            String run = pointer.replaceAll(".*\"run\"\\s*:\\s*\"([0-9a-f]+)\".*", "$1");
            assertThat(new SavedState(out.resolve("state"), run)
                            .restore(trainer)
                            .step())
                    .isEqualTo(9);
        }
    }

    @Test
    void writesLogAndChart() throws IOException {
        Path out = folder.resolve("out");
        run(out, true, TuningListener.NONE);
        assertThat(Files.readAllLines(out.resolve("training.jsonl")))
                .hasSize(9 + 3)
                .anySatisfy(line -> assertThat(line).contains("dev_label_accuracy"));
        assertThat(out.resolve("training.png")).isNotEmptyFile();
    }

    @Test
    void whatWasLearntIsWrittenThoughTheChartCannotBe() throws IOException {
        Path out = folder.resolve("out");
        Files.createDirectories(out.resolve("training.png/in-the-way"));
        assertThatThrownBy(() -> run(out, false, TuningListener.NONE)).isInstanceOf(IOException.class);
        assertThat(out.resolve("adapter_model.safetensors")).isNotEmptyFile();
    }
}
