package dev.whyrank.checkpoint;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.model.TinyWeights;
import dev.whyrank.tokenize.TokenizerFixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A checkpoint of random weights, small enough to write in a test, with a byte-level tokenizer. */
public final class TinyCheckpoint {

    private static final int VOCABULARY = 320;

    private TinyCheckpoint() {}

    /** Writes a folder with two layers of width 8 and returns its shape. */
    public static DecoderConfig write(Path folder, Family family, boolean tied, long seed) {
        DecoderConfig config =
                new DecoderConfig(family, 2, 8, 2, 1, 4, 12, VOCABULARY, 128, 1e-6, 10_000.0, null, tied);
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("config.json"), configJson(config));
            Files.write(folder.resolve("tokenizer.json"), TokenizerFixtures.byteLevel(List.of(), true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        weights(config, seed).write(folder.resolve("model.safetensors"));
        return config;
    }

    /** Writes a folder with a model that gives numbers, so many, and reads conversations as Llama 3 does. */
    public static DecoderConfig writeReward(Path folder, Family family, int labels, long seed) {
        DecoderConfig config =
                new DecoderConfig(family, 2, 16, 4, 2, 4, 24, VOCABULARY, 128, 1e-6, 10_000.0, null, false);
        TinyWeights weights = TinyWeights.of(config, seed);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : weights.names()) {
            // The head of a language model is as many rows of the right width as a score can want.
            boolean head = name.equals("lm_head.weight");
            long[] shape = head ? new long[] {labels, config.hidden()} : weights.shape(name);
            float[] values =
                    new float[Math.toIntExact(TensorInfo.elements(shape).orElseThrow())];
            weights.rows(name, 0, (int) shape[0]).get(values);
            writer.f32(head ? "score.weight" : name, shape, values);
        }
        String[] markup = {"<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"};
        String architecture = "{\"architectures\":[\"XForSequenceClassification\"],";
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve("config.json"),
                    architecture + configJson(config).substring(1));
            Files.write(folder.resolve("tokenizer.json"), TokenizerFixtures.byteLevel(List.of(), false, markup));
            Files.writeString(folder.resolve("chat_template.jinja"), String.join("", markup));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        writer.write(folder.resolve("model.safetensors"));
        return config;
    }

    static SafetensorsWriter weights(DecoderConfig config, long seed) {
        Random random = new Random(seed);
        SafetensorsWriter writer = new SafetensorsWriter();
        DecoderTensors.forEach(config, (name, shape) -> {
            float[] values =
                    new float[Math.toIntExact(TensorInfo.elements(shape).orElseThrow())];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian() * 0.1f;
            }
            writer.f32(name, shape, values);
        });
        return writer;
    }

    static String configJson(DecoderConfig config) {
        return """
                {"model_type":"%s","hidden_size":%d,"intermediate_size":%d,"num_hidden_layers":%d,
                 "num_attention_heads":%d,"num_key_value_heads":%d,"head_dim":%d,"vocab_size":%d,
                 "max_position_embeddings":%d,"rms_norm_eps":1e-6,"rope_theta":10000.0,"tie_word_embeddings":%b,
                 "eos_token_id":302}""".formatted(
                        config.family().name().toLowerCase(java.util.Locale.ROOT),
                        config.hidden(),
                        config.feedForward(),
                        config.layers(),
                        config.heads(),
                        config.kvHeads(),
                        config.headDim(),
                        config.vocabulary(),
                        config.contextLength(),
                        config.tiedHead());
    }
}
