package dev.whyrank.model.torch;

import static dev.whyrank.model.torch.WeightFeeder.names;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.whyrank.model.EncoderConfig;
import dev.whyrank.model.Precision;
import dev.whyrank.model.TextEncoder;
import dev.whyrank.model.Weights;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** A BERT encoder on libtorch. */
public final class TorchTextEncoder implements TextEncoder {

    private final ScriptModule module;
    private final Lanes lanes;
    private final EncoderConfig config;

    private TorchTextEncoder(ScriptModule module, Lanes lanes, EncoderConfig config) {
        this.module = module;
        this.lanes = lanes;
        this.config = config;
    }

    /**
     * Loads an encoder.
     *
     * @param weights named and shaped as in Hugging Face checkpoints of BERT
     * @param device {@code auto}, {@code cpu} or {@code cuda:N}
     * @param threads libtorch's threads for one operation on CPU, for the whole process; 0 leaves them as they are
     */
    public static TorchTextEncoder load(
            EncoderConfig config, Weights weights, Precision precision, String device, int threads) {
        int processThreads = Torch.start(threads);
        Device place = Torch.device(device);
        Linear linear = Linear.choose(precision, place);
        ScriptModule module = new ScriptModule(attributes(config, linear), linear.resourcesFor("bert.py"), place);
        try (PtNDManager manager = module.newCallManager()) {
            module.run(
                    "prepare",
                    IValue.from((long) config.vocabulary()),
                    ScriptModule.floats(manager, new float[1]),
                    IValue.from((long) Linear.format(precision)));
            load(config, new WeightFeeder(module, weights));
        } catch (RuntimeException e) {
            module.close();
            throw e;
        }
        return new TorchTextEncoder(module, new Lanes(place.isGpu() ? 1 : processThreads), config);
    }

    /** The attributes of bert.py's class, in its order. */
    private static Pickle.Module attributes(EncoderConfig config, Linear linear) {
        return new Pickle.Module(".Encoder")
                .with("training", false)
                .with("layers", config.layers())
                .with("hidden", config.hidden())
                .with("heads", config.heads())
                .with("eps", config.normEpsilon())
                .with("linear", linear.attributes())
                .with("embedding", linear.embeddingAttributes())
                .with("tables", List.of())
                .with("norms", List.of())
                .with("biases", List.of());
    }

    private static void load(EncoderConfig config, WeightFeeder feeder) {
        feeder.embedding("embeddings.word_embeddings.weight");
        feeder.add("add_table", "embeddings.position_embeddings.weight");
        feeder.add("add_table", "embeddings.token_type_embeddings.weight");
        norm(feeder, "embeddings.LayerNorm.");
        for (int i = 0; i < config.layers(); i++) {
            String layer = "encoder.layer." + i + ".";
            for (String kind : List.of("weight", "bias")) {
                String method = kind.equals("weight") ? "add_matrix" : "add_bias";
                feeder.add(method, names(layer + "attention.self.", "." + kind, "query", "key", "value"));
                feeder.add(method, layer + "attention.output.dense." + kind);
                feeder.add(method, layer + "intermediate.dense." + kind);
                feeder.add(method, layer + "output.dense." + kind);
            }
            norm(feeder, layer + "attention.output.LayerNorm.");
            norm(feeder, layer + "output.LayerNorm.");
        }
    }

    private static void norm(WeightFeeder feeder, String name) {
        feeder.add("add_norm", name + "weight");
        feeder.add("add_norm", name + "bias");
    }

    @Override
    public int window() {
        return config.positions();
    }

    @Override
    public int dimension() {
        return config.hidden();
    }

    @Override
    public float[][] encode(List<int[]> batch) {
        List<List<Integer>> parts = parts(batch);
        List<float[]> vectors = lanes.all(parts.stream()
                .<Callable<float[]>>map(
                        part -> () -> encodePart(part.stream().map(batch::get).toList()))
                .toList());
        float[][] result = new float[batch.size()][];
        for (int i = 0; i < parts.size(); i++) {
            for (int j = 0; j < parts.get(i).size(); j++) {
                result[parts.get(i).get(j)] =
                        Arrays.copyOfRange(vectors.get(i), j * config.hidden(), (j + 1) * config.hidden());
            }
        }
        return result;
    }

    /** Indices of the texts that one lane encodes. */
    private List<List<Integer>> parts(List<int[]> batch) {
        List<Integer> all = IntStream.range(0, batch.size()).boxed().toList();
        Shares<Integer> shares = new Shares<>(lanes.count());
        all.stream()
                .sorted(Comparator.comparingInt(i -> -batch.get(i).length))
                .forEach(i -> shares.add(i, batch.get(i).length));
        return shares.even() ? shares.parts() : List.of(all);
    }

    private float[] encodePart(List<int[]> batch) {
        int n = batch.stream().mapToInt(text -> text.length).sum();
        long[] tokens = new long[n];
        long[] positions = new long[n];
        int row = 0;
        for (int[] text : batch) {
            for (int i = 0; i < text.length; i++, row++) {
                tokens[row] = text[i];
                positions[row] = i;
            }
        }
        long[] lengths = batch.stream().mapToLong(text -> text.length).toArray();
        return encode(tokens, positions, lengths);
    }

    private float[] encode(long[] tokens, long[] positions, long[] lengths) {
        try (PtNDManager manager = module.newCallManager();
                IValue result = module.call(
                        "encode",
                        ScriptModule.longs(manager, tokens),
                        ScriptModule.longs(manager, positions),
                        IValue.listFrom(lengths))) {
            return result.toTensor(manager).toFloatArray();
        }
    }

    @Override
    public void close() {
        lanes.close();
        module.close();
    }
}
