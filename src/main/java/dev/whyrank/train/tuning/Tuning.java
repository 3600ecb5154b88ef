package dev.whyrank.train.tuning;

import dev.whyrank.checkpoint.Checkpoint;
import dev.whyrank.checkpoint.CheckpointFingerprint;
import dev.whyrank.checkpoint.CheckpointFolder;
import dev.whyrank.checkpoint.CheckpointOptions;
import dev.whyrank.checkpoint.Safetensors;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.torch.TorchTrainer;
import dev.whyrank.model.torch.TrainingOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Trains a checkpoint on examples and writes what became of it: a model folder if all weights learn, else an adapter.
 *
 * @param base folder of the model
 * @param adapter folder of an adapter to go on from, or null for a fresh one; the options have its shape then, which
 *     {@link StartingAdapter} reads
 * @param out where the result, the log and the states go
 */
public record Tuning(Path base, @Nullable Path adapter, Path out, TrainingOptions options, TuningSettings settings) {

    /**
     * Checks what can be checked at once.
     *
     * @throws InvalidInputException if the parts do not go together
     */
    public Tuning {
        if (adapter != null && options.adapter() == null) {
            throw new InvalidInputException("an adapter goes on learning as an adapter: leave out --full");
        }
        // A run writes into its folder, which then were another start than the one that it began from.
        if (isSame(out, base) || (adapter != null && isSame(out, adapter))) {
            throw new InvalidInputException(out + ": is the folder to start from; give another --out");
        }
        TorchTrainer.requireTrainable(options.precision());
    }

    private static boolean isSame(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    /** Makes the examples of a checkpoint. */
    @FunctionalInterface
    public interface Source {

        /** Examples to learn, and to look at. */
        record Examples(List<Example> train, List<Example> dev) {}

        Examples of(Checkpoint checkpoint) throws IOException;
    }

    /**
     * Trains, from the last saved state on if there is one.
     *
     * @return steps made in all
     * @throws InvalidInputException if the checkpoint, the adapter or a saved state cannot be used
     */
    public int run(Source source, TuningListener listener) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(base, CheckpointOptions.DEFAULT);
                TorchTrainer trainer = TorchTrainer.load(checkpoint.config(), checkpoint.weights(), options)) {
            if (adapter != null) {
                Safetensors start = Safetensors.ofFile(adapter.resolve(StartingAdapter.WEIGHTS));
                trainer.overwrite(start, start.names());
            }
            Source.Examples examples = source.of(checkpoint);
            SavedState saved = new SavedState(out.resolve("state"), identity(examples.train()));
            TuningLog log = new TuningLog(out);
            TuningListener both = new Listeners(List.of(log, listener));
            int steps = new TuningRun(trainer, examples.train(), examples.dev(), settings, saved, both).run();
            write(trainer);
            // Last: not every machine that trains can draw.
            log.draw();
            return steps;
        }
    }

    /** What a finished run has written last, the chart apart. */
    public Path result() {
        return out.resolve(options.adapter() == null ? "model.safetensors" : StartingAdapter.WEIGHTS);
    }

    private void write(TorchTrainer trainer) throws IOException {
        TrainingOptions.Adapter shape = options.adapter();
        if (shape == null) {
            CheckpointFolder.write(base, out, trainer.learned());
        } else {
            CheckpointFolder.writeAdapter(
                    out,
                    base.toString(),
                    shape.rank(),
                    shape.alpha(),
                    shape.dropout(),
                    shape.targets(),
                    trainer.learned());
        }
    }

    /** What a state must have in common with a run to be taken up by it. */
    private String identity(List<Example> examples) {
        MessageDigest digest = sha256();
        for (Example example : examples) {
            for (int token : example.prompt()) {
                digest.update(bytes(token));
            }
            for (int token : example.answer()) {
                digest.update(bytes(token));
            }
            digest.update(bytes(Float.floatToIntBits((float) example.weight())));
        }
        digest.update(circumstances().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** All that decides what is learnt of the examples; not where it is computed, nor how much memory is spared. */
    private String circumstances() {
        TrainingOptions.Adapter shape = options.adapter();
        String learns = shape == null
                ? "all"
                : shape.rank() + " " + shape.alpha() + " " + shape.dropout() + " " + new TreeSet<>(shape.targets())
                        + " " + shape.seed();
        String start = adapter == null ? "" : CheckpointFingerprint.of(adapter);
        return String.join(
                "\n",
                settings.toString(),
                options.precision().toString(),
                learns,
                CheckpointFingerprint.of(base),
                start);
    }

    private static byte[] bytes(int number) {
        return new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
