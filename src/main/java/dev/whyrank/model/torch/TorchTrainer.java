package dev.whyrank.model.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.NamedWeights;
import dev.whyrank.model.Precision;
import dev.whyrank.model.Weights;
import dev.whyrank.model.torch.LearnedWeights.Side;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** A decoder that learns, all of it or adapters beside it, with AdamW. Belongs to one thread. */
public final class TorchTrainer implements AutoCloseable {

    private static final int ROWS_BYTES = 16 << 20;

    private final ScriptModule module;
    private final LearnedTensors learned;
    private final int maxLength;
    private final int vocabulary;

    private TorchTrainer(ScriptModule module, LearnedTensors learned, int maxLength, int vocabulary) {
        this.module = module;
        this.learned = learned;
        this.maxLength = maxLength;
        this.vocabulary = vocabulary;
    }

    /**
     * What one step of AdamW is made with.
     *
     * @param step counted from 1
     * @param rate learning rate
     * @param weightDecay of matrices, decoupled
     * @param clip the norm that the whole gradient is cut down to
     */
    public record Update(int step, double rate, double weightDecay, double clip) {

        private static final double FIRST_DECAY = 0.9;
        private static final double SECOND_DECAY = 0.999;
        private static final double EPSILON = 1e-8;
    }

    /**
     * Loads a model to train.
     *
     * @param weights named and shaped as in Hugging Face checkpoints
     * @throws InvalidInputException if the device is not there or the precision cannot be trained in
     */
    public static TorchTrainer load(DecoderConfig config, Weights weights, TrainingOptions options) {
        requireTrainable(options.precision());
        Torch.start(options.threads());
        Device device = Torch.device(options.device());
        TrainingOptions.Adapter adapter = options.adapter();
        LearnedTensors learned =
                adapter == null ? LearnedTensors.all(config) : LearnedTensors.adapters(config, adapter);
        ScriptModule module =
                new ScriptModule(attributes(config, options), Map.of("__torch__.py", "training.py"), device);
        try {
            prepare(module, config, options);
            DecoderLoader.load(config, new WeightFeeder(module, weights));
            if (adapter != null) {
                addAdapters(module, config, adapter);
            }
            try (PtNDManager manager = module.newCallManager()) {
                module.callWithGradients("begin", ScriptModule.floatTensor(manager, new float[1], 1));
            }
        } catch (RuntimeException e) {
            module.close();
            throw e;
        }
        return new TorchTrainer(module, learned, options.maxLength(), config.vocabulary());
    }

    /**
     * Checks a precision before anything is loaded.
     *
     * @throws InvalidInputException if it cannot be trained in
     */
    public static void requireTrainable(Precision precision) {
        if (precision == Precision.INT8) {
            throw new InvalidInputException("int8 cannot be trained in: use float32 or bfloat16");
        }
    }

    /** The attributes of training.py's class, in its order. */
    private static Pickle.Module attributes(DecoderConfig config, TrainingOptions options) {
        TrainingOptions.Adapter adapter = options.adapter();
        Pickle.Module module = new Pickle.Module(".Training")
                .with("training", false)
                .with("layers", config.layers())
                .with("hidden", config.hidden())
                .with("heads", config.heads())
                .with("kv_heads", config.kvHeads())
                .with("head_dim", config.headDim())
                .with("feed_forward", config.feedForward())
                .with("eps", config.normEpsilon())
                .with("scale", 1 / Math.sqrt(config.headDim()))
                .with("has_bias", config.family() == Family.QWEN2)
                .with("has_head_norm", config.family() == Family.QWEN3)
                .with("tied", config.tiedHead())
                .with("checkpointing", options.checkpointing())
                .with("adapter_scale", adapter == null ? 0.0 : adapter.alpha() / adapter.rank())
                .with("dropout", adapter == null ? 0.0 : adapter.dropout())
                .with("held", adapter == null ? Linear.FLOAT32_FORMAT : Linear.format(options.precision()))
                .with("embedding", null)
                .with("like", null);
        for (String list :
                List.of("matrices", "norms", "biases", "head_norms", "downs", "ups", "learned", "first", "second")) {
            module.with(list, List.of());
        }
        return module.with("cosine", null).with("sine", null);
    }

    private static void prepare(ScriptModule module, DecoderConfig config, TrainingOptions options) {
        RotaryTables tables = RotaryTables.of(config, options.maxLength());
        int half = config.headDim() / 2;
        try (PtNDManager manager = module.newCallManager()) {
            PtNDArray like = (PtNDArray) manager.zeros(new Shape(1), DataType.FLOAT32);
            module.run(
                    "prepare",
                    IValue.from((long) config.vocabulary()),
                    IValue.from(like),
                    IValue.from((long) Linear.format(options.precision())),
                    IValue.from(ScriptModule.floatTensor(manager, tables.cosine(), options.maxLength(), half)),
                    IValue.from(ScriptModule.floatTensor(manager, tables.sine(), options.maxLength(), half)));
        }
    }

    /** A starts uniform and B at zero, so that an adapter changes nothing before it has learnt. */
    private static void addAdapters(ScriptModule module, DecoderConfig config, TrainingOptions.Adapter adapter) {
        SplittableRandom random = new SplittableRandom(adapter.seed());
        for (int i = 0; i < config.layers() * LearnedTensors.MODULES.size(); i++) {
            int which = i % LearnedTensors.MODULES.size();
            long[] shape = LearnedTensors.shape(config, which);
            int rank = LearnedTensors.has(adapter, which) ? adapter.rank() : 0;
            double bound = 1 / Math.sqrt((double) shape[1]);
            float[] down = new float[Math.toIntExact(rank * shape[1])];
            for (int j = 0; j < down.length; j++) {
                down[j] = (float) ((2 * random.nextDouble() - 1) * bound);
            }
            float[] up = new float[Math.toIntExact(shape[0] * rank)];
            try (PtNDManager manager = module.newCallManager()) {
                module.run(
                        "add_adapter",
                        IValue.from(ScriptModule.floatTensor(manager, down, rank, shape[1])),
                        IValue.from(ScriptModule.floatTensor(manager, up, shape[0], rank)));
            }
        }
    }

    /**
     * Adds the gradient of a batch's loss to what {@link #update} will use.
     *
     * @param seed of dropout's choices
     */
    public TrainingBatch.Outcome accumulate(TrainingBatch batch, long seed) {
        Engine.getEngine("PyTorch").setRandomSeed((int) (seed ^ (seed >>> 32)));
        try (PtNDManager manager = module.newCallManager()) {
            PtNDArray weights = ScriptModule.floatTensor(manager, batch.weights(), batch.weights().length);
            return outcome(module.callWithGradients(
                    "accumulate",
                    tokens(manager, batch),
                    ints(manager, batch.rows()),
                    ints(manager, batch.targets()),
                    weights));
        }
    }

    /** What the model makes of a batch; nothing is learnt. */
    public TrainingBatch.Outcome evaluate(TrainingBatch batch) {
        try (PtNDManager manager = module.newCallManager();
                IValue result = module.call(
                        "evaluate",
                        IValue.from(tokens(manager, batch)),
                        IValue.from(ints(manager, batch.rows())),
                        IValue.from(ints(manager, batch.targets())))) {
            return outcome(result.toTensor(manager));
        }
    }

    /** The logits of a batch's rows. */
    public float[][] logits(TrainingBatch batch) {
        try (PtNDManager manager = module.newCallManager();
                IValue result = module.call(
                        "logits", IValue.from(tokens(manager, batch)), IValue.from(ints(manager, batch.rows())))) {
            float[] flat = result.toTensor(manager).toFloatArray();
            float[][] logits = new float[batch.rows().length][];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = Arrays.copyOfRange(flat, i * vocabulary, (i + 1) * vocabulary);
            }
            return logits;
        }
    }

    /**
     * Makes one step of AdamW with what has been added up, which is zero again afterwards.
     *
     * @return the whole gradient's norm before it was cut down
     */
    public double update(Update update) {
        try (PtNDManager manager = module.newCallManager();
                IValue norm = module.call(
                        "update",
                        IValue.from((long) update.step()),
                        IValue.from(update.rate()),
                        IValue.from(Update.FIRST_DECAY),
                        IValue.from(Update.SECOND_DECAY),
                        IValue.from(Update.EPSILON),
                        IValue.from(update.weightDecay()),
                        IValue.from(update.clip()))) {
            return norm.toTensor(manager).getFloat();
        }
    }

    /** What learns, as it is now, under the names of its file's layout. Read on the trainer's thread. */
    public NamedWeights learned() {
        return side(Side.VALUE, "");
    }

    /** The gradient that has been added up since the last update, under the same names. */
    public NamedWeights gradients() {
        return side(Side.GRADIENT, "");
    }

    private LearnedWeights side(Side side, String prefix) {
        return new LearnedWeights(module).with(learned, side, prefix);
    }

    /** Everything that a trainer has to be given back to go on as if it had never stopped, batches and step apart. */
    public NamedWeights state() {
        return stateView();
    }

    private LearnedWeights stateView() {
        return new LearnedWeights(module)
                .with(learned, Side.VALUE, "value.")
                .with(learned, Side.FIRST_MOMENT, "first.")
                .with(learned, Side.SECOND_MOMENT, "second.");
    }

    /**
     * Takes up a state.
     *
     * @throws InvalidInputException if it is another model's
     */
    public void restore(Weights state) {
        copy(state, stateView());
    }

    /**
     * Replaces what learns; moments stay.
     *
     * @param names of all values
     * @throws InvalidInputException if something that learns has no value, or a value nothing that learns
     */
    public void overwrite(Weights values, Set<String> names) {
        LearnedWeights learning = side(Side.VALUE, "");
        for (String name : names) {
            if (!learning.contains(name)) {
                throw new InvalidInputException(values + ": tensor " + name + " belongs to nothing that can learn here;"
                        + " merge the adapter into the model with its own tools");
            }
        }
        copy(values, learning);
    }

    private static void copy(Weights from, LearnedWeights to) {
        for (String name : to.names()) {
            long[] shape = to.shape(name);
            if (!from.contains(name) || !Arrays.equals(from.shape(name), shape)) {
                throw new InvalidInputException(from + ": has no tensor " + name + " of shape " + Arrays.toString(shape)
                        + "; go on with the model and the layers that it was saved from");
            }
            long width = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
            int perCall = (int) Math.max(1, ROWS_BYTES / (width * Float.BYTES));
            for (int row = 0; row < shape[0]; row += perCall) {
                to.write(name, row, from.rows(name, row, (int) Math.min(shape[0], row + perCall)));
            }
        }
    }

    private PtNDArray tokens(PtNDManager manager, TrainingBatch batch) {
        int width = batch.width();
        if (width > maxLength) {
            throw new IllegalArgumentException("a sequence of " + width + " tokens is longer than " + maxLength);
        }
        return ScriptModule.longTensor(manager, batch.laidOut(), batch.tokens().length, width);
    }

    private static PtNDArray ints(PtNDManager manager, int[] values) {
        return ScriptModule.longTensor(
                manager, Arrays.stream(values).asLongStream().toArray(), values.length);
    }

    private static TrainingBatch.Outcome outcome(PtNDArray result) {
        float[] flat = result.toFloatArray();
        float[] losses = new float[flat.length / 2];
        int[] likeliest = new int[losses.length];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = flat[2 * i];
            likeliest[i] = (int) flat[2 * i + 1];
        }
        return new TrainingBatch.Outcome(losses, likeliest);
    }

    @Override
    public void close() {
        module.close();
    }
}
