package dev.whyrank.checkpoint;

import dev.whyrank.checkpoint.ConfigReader.Head;
import dev.whyrank.model.DecoderConfig;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.Weights;
import dev.whyrank.tokenize.ChatWrapper;
import dev.whyrank.tokenize.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A folder with a model that gives a conversation one number, that has been opened and checked: Hugging Face's
 * {@code ...ForSequenceClassification} with one label.
 *
 * @param config the decoder's shape
 * @param weights the tensors; after a row the model's score is the log probability of the first of {@link #LABELS} less
 *     that of the second. Belongs to one thread
 * @param tokenizer closed with this checkpoint
 * @param chat the text around the user's words, up to where the assistant's begin
 * @param turnEnd markup after the assistant's words; the score is read after its last token
 */
public record RewardCheckpoint(
        DecoderConfig config, Weights weights, Tokenizer tokenizer, ChatWrapper chat, String turnEnd)
        implements AutoCloseable {

    /** The tokens of a two-word vocabulary in which the head speaks. */
    public static final List<Integer> LABELS = List.of(0, 1);

    /**
     * Opens a folder and checks everything that can be checked without computing.
     *
     * @throws InvalidInputException in one line that names the file, and the tensor or field at fault
     */
    public static RewardCheckpoint open(Path folder) {
        Checkpoint.requireFiles(folder);
        DecoderConfig config = ConfigReader.read(folder.resolve("config.json"), Head.REWARD);
        Safetensors files = Safetensors.ofFolder(folder);
        requireOneScore(folder, files);
        DecoderTensors.verifyReward(config, files);
        Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"));
        try {
            Checkpoint.requireFit(folder, tokenizer, config);
            ChatWrapper chat = ChatTemplate.require(folder, tokenizer);
            Weights weights = new ScoreHead(files, config.hidden());
            return new RewardCheckpoint(config, weights, tokenizer, chat, ChatTemplate.turnEnd(chat));
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    private static void requireOneScore(Path folder, Safetensors files) {
        if (!files.contains(DecoderTensors.SCORE)) {
            throw new InvalidInputException(folder + ": has no tensor " + DecoderTensors.SCORE
                    + ", so it is no reward model; give a ...ForSequenceClassification with one label");
        }
        long[] shape = files.shape(DecoderTensors.SCORE);
        if (shape.length != 2 || shape[0] != 1) {
            throw new InvalidInputException(folder + ": tensor " + DecoderTensors.SCORE + " has shape "
                    + Arrays.toString(shape) + "; a reward model has one row");
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
