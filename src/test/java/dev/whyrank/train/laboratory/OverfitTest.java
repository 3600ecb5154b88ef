package dev.whyrank.train.laboratory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.model.torch.TrainingOptions;
import dev.whyrank.train.laboratory.Exam.Marks;
import dev.whyrank.train.tuning.ExampleMaker;
import dev.whyrank.train.tuning.ExampleMaker.Task;
import dev.whyrank.train.tuning.LearningRate;
import dev.whyrank.train.tuning.TrainingRecord;
import dev.whyrank.train.tuning.Tuning;
import dev.whyrank.train.tuning.TuningListener;
import dev.whyrank.train.tuning.TuningSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverfitTest {

    private static final long SEED = 4;

    @TempDir
    private Path folder;

    /** Learnt by heart: labels of 54 documents, answered by the engine that serves. */
    @Test
    void aFewDocumentsAreLearntByHeart() throws IOException {
        LaboratoryModel.write(folder.resolve("start"), SEED);
        Path data = Files.write(
                folder.resolve("data.jsonl"),
                IntStream.range(0, 9)
                        .mapToObj(World.of(SEED, 1, 1).plain()::record)
                        .toList());
        List<TrainingRecord> records = TrainingRecord.read(data);
        TuningSettings settings =
                new TuningSettings(27, 1, 100, null, null, new LearningRate(2e-3, 0.05, false), 0, 1, 1000, 1000, SEED);
        Path out = folder.resolve("out");
        new Tuning(folder.resolve("start"), null, out, TrainingOptions.plain(1, 128), settings)
                .run(
                        checkpoint -> new Tuning.Source.Examples(
                                new ExampleMaker(checkpoint, 128).of(records, Set.of(Task.LABEL)), List.of()),
                        TuningListener.NONE);
        Marks marks = Exam.take(out, Task.LABEL, data, 1);
        assertThat(marks.asked()).isEqualTo(54);
        assertThat(marks.labelAccuracy()).as("seed %d", SEED).isGreaterThan(0.95);
    }
}
