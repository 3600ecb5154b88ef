package dev.whyrank.checkpoint;

import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Weights;
import dev.whyrank.tokenize.ChatWrapper;
import dev.whyrank.tokenize.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * A model folder that has been opened and checked.
 *
 * @param name the folder's name
 * @param config the decoder's shape
 * @param weights the tensors, with the adapter merged in if there is one; belongs to one thread
 * @param tokenizer closed with this checkpoint
 * @param chat the text around a user's words
 * @param stopTokens ids that end a text; may be empty
 * @param parameters number of parameters, without the adapter's
 * @param dtype the format of the embedding table, such as {@code BF16}
 * @param files number of weight files
 */
public record Checkpoint(
        String name,
        DecoderConfig config,
        Weights weights,
        Tokenizer tokenizer,
        ChatWrapper chat,
        Set<Integer> stopTokens,
        long parameters,
        String dtype,
        long files)
        implements AutoCloseable {

    /** Opens a folder without an adapter, with the wrapper that its chat template implies. */
    public static Checkpoint open(Path folder) {
        return open(folder, CheckpointOptions.DEFAULT);
    }

    /**
     * Opens a folder and checks everything that can be checked without computing: configuration, every tensor's place,
     * format and shape, tokenizer, chat template and adapter. No weight is read.
     *
     * @throws InvalidInputException in one line that names the file, and the tensor or field at fault
     */
    public static Checkpoint open(Path folder, CheckpointOptions options) {
        requireFiles(folder);
        DecoderConfig config = ConfigReader.read(folder.resolve("config.json"));
        Safetensors files = Safetensors.ofFolder(folder);
        long parameters = DecoderTensors.verify(config, files);
        Weights weights = options.adapter() == null
                ? files
                : LoraWeights.open(files, options.adapter(), name -> DecoderTensors.uses(config, name));
        Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"));
        try {
            requireFit(folder, tokenizer, config);
            ChatWrapper chat = ChatTemplate.resolve(folder, tokenizer, options);
            return new Checkpoint(
                    String.valueOf(folder.toAbsolutePath().normalize().getFileName()),
                    config,
                    weights,
                    tokenizer,
                    chat,
                    StopTokens.find(folder, tokenizer, chat, config.vocabulary()),
                    parameters,
                    files.dtype("model.embed_tokens.weight"),
                    files.files());
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    static void requireFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new InvalidInputException(folder + ": is no folder; give a model folder or a name such as org/model");
        }
        if (!Files.isRegularFile(folder.resolve("config.json"))) {
            throw new InvalidInputException(
                    folder + ": has no config.json; give a folder with a Hugging Face checkpoint");
        }
    }

    static void requireFit(Path folder, Tokenizer tokenizer, DecoderConfig config) {
        if (tokenizer.vocabularySize() > config.vocabulary()) {
            throw new InvalidInputException(folder.resolve("tokenizer.json") + ": has " + tokenizer.vocabularySize()
                    + " tokens but the model only " + config.vocabulary() + "; take both from the same model");
        }
    }

    /** The same under another name. */
    public Checkpoint named(String other) {
        return new Checkpoint(other, config, weights, tokenizer, chat, stopTokens, parameters, dtype, files);
    }

    /** Bytes that one token takes in the key-value cache. */
    public long kvBytesPerToken(int bytesPerElement) {
        return 2L * config.layers() * config.kvHeads() * config.headDim() * bytesPerElement;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
