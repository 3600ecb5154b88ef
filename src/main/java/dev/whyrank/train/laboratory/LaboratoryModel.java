package dev.whyrank.train.laboratory;

import dev.whyrank.checkpoint.SafetensorsFile;
import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.DecoderConfig.Family;
import dev.whyrank.tokenize.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** The laboratory's model before it has learnt anything: a Llama of about a million parameters. */
public final class LaboratoryModel {

    private static final int LAYERS = 4;
    private static final int WIDTH = 128;
    private static final int HEADS = 4;
    private static final int FEED_FORWARD = 384;
    private static final int CONTEXT = 1024;
    private static final double EPSILON = 1e-5;
    private static final double THETA = 1e6;
    private static final ObjectMapper JSON = new ObjectMapper();

    private LaboratoryModel() {}

    /** The fixed parts of the served prompts and answers, one token each: a small model should not spend time on them. */
    static List<String> phrases() {
        List<String> phrases = new ArrayList<>();
        phrases.add("Explain whether the following document is relevant or not to the given question."
                + " Then end your response with a relevance label (0: irrelevant, 1: partially relevant, 2: relevant)"
                + " and the symbol '##'. Question:");
        phrases.add("Rate the relevance of the following document to the given question using these labels"
                + " (0: irrelevant, 1: partially relevant, 2: relevant). Your response should have this format:"
                + " 'Relevance Label: <label> ##'. Question:");
        phrases.add("\nDocument:");
        phrases.add("\n\nRelevance Label:");
        phrases.add("Relevance Label:");
        phrases.add(" ##");
        return phrases;
    }

    /** Writes a folder that can be trained and served. */
    public static void write(Path folder, long seed) throws IOException {
        Files.createDirectories(folder);
        byte[] tokenizer = LaboratoryTokenizer.json(phrases());
        Files.write(folder.resolve("tokenizer.json"), tokenizer);
        int vocabulary;
        try (Tokenizer opened = Tokenizer.open(tokenizer, "tokenizer.json")) {
            vocabulary = opened.vocabularySize();
        }
        DecoderConfig config = config(vocabulary);
        Files.writeString(folder.resolve("config.json"), json(config));
        SafetensorsFile.write(folder.resolve("model.safetensors"), new StructuredStart(config, seed));
    }

    private static DecoderConfig config(int vocabulary) {
        return new DecoderConfig(
                Family.LLAMA,
                LAYERS,
                WIDTH,
                HEADS,
                HEADS,
                WIDTH / HEADS,
                FEED_FORWARD,
                vocabulary,
                CONTEXT,
                EPSILON,
                THETA,
                null,
                true);
    }

    private static String json(DecoderConfig config) {
        ObjectNode json = JSON.createObjectNode();
        json.putArray("architectures").add("LlamaForCausalLM");
        json.put("model_type", "llama").put("hidden_size", config.hidden());
        json.put("intermediate_size", config.feedForward()).put("num_hidden_layers", config.layers());
        json.put("num_attention_heads", config.heads()).put("num_key_value_heads", config.kvHeads());
        json.put("head_dim", config.headDim()).put("vocab_size", config.vocabulary());
        json.put("max_position_embeddings", config.contextLength()).put("rms_norm_eps", config.normEpsilon());
        json.put("rope_theta", config.ropeTheta())
                .put("tie_word_embeddings", true)
                .put("hidden_act", "silu");
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }
}
