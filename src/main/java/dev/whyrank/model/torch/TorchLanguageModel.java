package dev.whyrank.model.torch;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.LanguageModel;
import dev.whyrank.model.Precision;
import dev.whyrank.model.Step;
import dev.whyrank.model.Step.PrefixCopy;
import dev.whyrank.model.StepResult;
import dev.whyrank.model.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** A decoder on libtorch. */
public final class TorchLanguageModel implements LanguageModel {

    /**
     * Where reading a shared prefix once breaks even: it costs some more operations, and saves reading keys and values.
     * Measured with 135 million parameters; a GPU, which waits for operations more than for memory, never does it.
     */
    private static final int FEWEST_NUMBERS_SAVED = 100_000;

    private final ScriptModule module;
    private final TorchOptions options;
    private final Lanes lanes;
    private final int vocabulary;
    private final CopiedPrefixes prefixes;

    /** Slots that may hold bad numbers, and are cleared before another text begins there. */
    private final BitSet suspects = new BitSet();

    private TorchLanguageModel(
            ScriptModule module, Lanes lanes, TorchOptions options, int vocabulary, CopiedPrefixes prefixes) {
        this.module = module;
        this.lanes = lanes;
        this.options = options;
        this.vocabulary = vocabulary;
        this.prefixes = prefixes;
    }

    /**
     * Loads a model; beside what is already loaded at most one matrix is held in float32.
     *
     * @param weights named and shaped as in Hugging Face checkpoints
     * @throws dev.whyrank.model.InvalidInputException if the device is not there or cannot hold the precision
     */
    public static TorchLanguageModel load(DecoderConfig config, Weights weights, TorchOptions options) {
        int threads = Torch.start(options.threads());
        Device device = Torch.device(options.device());
        Linear linear = Linear.choose(options.precision(), device);
        return load(config, weights, options, threads, device, linear, FEWEST_NUMBERS_SAVED);
    }

    /**
     * {@link Linear#PLAIN} computes on CPU, too, exactly as it does on a GPU.
     *
     * @param fewestNumbersSaved numbers of a layer's keys that must not be read for single tokens to read a shared prefix
     *     once
     */
    static TorchLanguageModel load(
            DecoderConfig config,
            Weights weights,
            TorchOptions options,
            int threads,
            Device device,
            Linear linear,
            int fewestNumbersSaved) {
        ScriptModule module = new ScriptModule(attributes(config, linear), linear.resourcesFor("decoder.py"), device);
        try (PtNDManager manager = module.newCallManager()) {
            PtNDArray like = (PtNDArray) manager.zeros(new Shape(1), DataType.FLOAT32);
            module.run("prepare", IValue.from((long) config.vocabulary()), IValue.from(like), IValue.from((long)
                    Linear.format(options.precision())));
            DecoderLoader.load(config, new WeightFeeder(module, weights));
            allocateCache(module, manager, config, options, cachePrecision(options.precision(), linear));
        } catch (RuntimeException e) {
            module.close();
            throw e;
        }
        boolean plain = linear == Linear.PLAIN;
        Lanes lanes = new Lanes(plain ? 1 : threads, options.slots());
        long fewestSaved = plain ? Long.MAX_VALUE : fewestNumbersSaved / (config.kvHeads() * config.headDim());
        CopiedPrefixes prefixes = new CopiedPrefixes(options.slots(), fewestSaved);
        return new TorchLanguageModel(module, lanes, options, config.vocabulary(), prefixes);
    }

    /**
     * Bytes that one number takes in the cache of keys and values.
     *
     * @throws dev.whyrank.model.InvalidInputException if the device is not there
     */
    public static int cacheElementBytes(Precision precision, String device) {
        return (Torch.device(device).isGpu() ? precision : Precision.FLOAT32).bytes();
    }

    /** On a GPU the cache is as exact as the matrices; on CPU products with a bfloat16 cache would copy it first. */
    private static Precision cachePrecision(Precision precision, Linear linear) {
        return linear == Linear.PLAIN ? precision : Precision.FLOAT32;
    }

    /** The attributes of decoder.py's class, in its order. */
    private static Pickle.Module attributes(DecoderConfig config, Linear linear) {
        return new Pickle.Module(".Decoder")
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
                .with("fused", linear == Linear.PLAIN)
                .with("linear", linear.attributes())
                .with("embedding", linear.embeddingAttributes())
                .with("norms", List.of())
                .with("biases", List.of())
                .with("head_norms", List.of())
                .with("keys", null)
                .with("values", null)
                .with("cosine", null)
                .with("sine", null)
                .with("labels", null);
    }

    private static void allocateCache(
            ScriptModule module, PtNDManager manager, DecoderConfig config, TorchOptions options, Precision precision) {
        RotaryTables tables = RotaryTables.of(config, options.slotLength());
        int half = config.headDim() / 2;
        module.run(
                "allocate_cache",
                IValue.from((long) options.slots()),
                IValue.from((long) options.slotLength()),
                ScriptModule.floats(manager, new float[1]),
                IValue.from((long) Linear.format(precision)),
                IValue.from(ScriptModule.floatTensor(manager, tables.cosine(), options.slotLength(), half)),
                IValue.from(ScriptModule.floatTensor(manager, tables.sine(), options.slotLength(), half)),
                ScriptModule.longs(
                        manager,
                        Arrays.stream(options.labelIds()).asLongStream().toArray()));
    }

    @Override
    public int slots() {
        return options.slots();
    }

    @Override
    public int slotLength() {
        return options.slotLength();
    }

    @Override
    public int vocabularySize() {
        return vocabulary;
    }

    @Override
    public int[] labelIds() {
        return options.labelIds().clone();
    }

    @Override
    public StepResult run(Step step) {
        try (PtNDManager manager = module.newCallManager()) {
            clearSuspects(step);
            copyPrefixes(manager, step.copies());
            step.chunks().forEach(prefixes::writing);
            List<PackedStep> parts = PackedStep.of(step, lanes.count(), prefixes);
            List<float[]> rows = lanes.all(parts.stream()
                    .<Callable<float[]>>map(part -> () -> compute(part))
                    .toList());
            int sampled =
                    parts.stream().mapToInt(part -> part.lastRows().length).sum();
            StepResult result = new StepResult(new int[sampled], new float[sampled][]);
            for (int i = 0; i < parts.size(); i++) {
                parts.get(i).unpack(rows.get(i), result);
                parts.get(i).slotsWithBadNumbers(rows.get(i)).forEach(this::suspect);
            }
            return result;
        }
    }

    /**
     * The bad numbers may be in what the slot has in common with others. Those are not cleared now: where the prefix is
     * good, they are in use.
     */
    private void suspect(int slot) {
        prefixes.sharing(slot).forEach(suspects::set);
        clear(slot);
    }

    private void clearSuspects(Step step) {
        if (suspects.isEmpty()) {
            return;
        }
        step.copies().forEach(copy -> clearIfSuspect(copy.to()));
        step.chunks().stream().filter(chunk -> chunk.position() == 0).forEach(chunk -> clearIfSuspect(chunk.slot()));
    }

    private void clearIfSuspect(int slot) {
        if (suspects.get(slot)) {
            clear(slot);
        }
    }

    private void clear(int slot) {
        module.run("clear", IValue.from((long) slot));
        prefixes.forget(slot);
        suspects.clear(slot);
    }

    /** Copies to all slots that take the same prefix at once. */
    private void copyPrefixes(PtNDManager manager, List<PrefixCopy> copies) {
        Map<List<Integer>, List<Integer>> targets = new LinkedHashMap<>();
        for (PrefixCopy copy : copies) {
            targets.computeIfAbsent(List.of(copy.from(), copy.length()), key -> new ArrayList<>())
                    .add(copy.to());
        }
        targets.forEach((prefix, slots) -> module.run(
                "copy_prefix",
                IValue.from((long) prefix.get(0)),
                ScriptModule.longs(
                        manager, slots.stream().mapToLong(Integer::longValue).toArray()),
                IValue.from((long) prefix.get(1))));
        copies.forEach(prefixes::copied);
    }

    private float[] compute(PackedStep packed) {
        try (PtNDManager manager = module.newCallManager();
                IValue result = module.call(
                        "step",
                        ScriptModule.longs(manager, packed.tokens()),
                        ScriptModule.longs(manager, packed.positions()),
                        ScriptModule.longs(manager, packed.slots()),
                        IValue.listFrom(packed.ofDecodes(DecodeGroup::count)),
                        IValue.listFrom(packed.ofDecodes(DecodeGroup::lowestSlot)),
                        IValue.listFrom(packed.ofDecodes(DecodeGroup::denseRows)),
                        IValue.listFrom(packed.decodeSpans(options.slotLength())),
                        IValue.listFrom(packed.ofDecodes(DecodeGroup::shared)),
                        IValue.listFrom(packed.runLengths()),
                        IValue.listFrom(packed.runSlots()),
                        IValue.listFrom(packed.runContexts()),
                        ScriptModule.longs(manager, packed.lastRows()),
                        ScriptModule.floats(manager, packed.temperatures()),
                        ScriptModule.floats(manager, packed.topPs()),
                        ScriptModule.floats(manager, packed.uniforms()),
                        IValue.from(packed.sampled()))) {
            return result.toTensor(manager).toFloatArray();
        }
    }

    /** Native arrays that outlive a step, to be counted by a test. */
    int liveArrays() {
        return module.manager().getManagedArrays().size();
    }

    @Override
    public void close() {
        lanes.close();
        module.close();
    }
}
