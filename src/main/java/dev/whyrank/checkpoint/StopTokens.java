package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.tokenize.ChatWrapper;
import dev.whyrank.tokenize.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Finds the tokens that end a text. */
final class StopTokens {

    private StopTokens() {}

    /**
     * The end tokens of {@code generation_config.json}, or else of {@code config.json}, and the one that ends a turn of
     * the wrapper.
     */
    static Set<Integer> find(Path folder, Tokenizer tokenizer, ChatWrapper chat, int vocabulary) {
        Set<Integer> stops = new TreeSet<>();
        Path generation = folder.resolve("generation_config.json");
        if (Files.isRegularFile(generation)) {
            addAll(Json.object(generation).path("eos_token_id"), generation, vocabulary, stops);
        }
        if (stops.isEmpty()) {
            Path config = folder.resolve("config.json");
            addAll(Json.object(config).path("eos_token_id"), config, vocabulary, stops);
        }
        for (String endOfTurn : List.of("<|eot_id|>", "<|im_end|>")) {
            Integer id = tokenizer.idOf(endOfTurn);
            if (id != null && chat.after().contains(endOfTurn)) {
                stops.add(id);
            }
        }
        return Set.copyOf(stops);
    }

    private static void addAll(JsonNode value, Path file, int vocabulary, Set<Integer> stops) {
        if (value.isArray()) {
            value.forEach(element -> addAll(element, file, vocabulary, stops));
        } else if (!value.isMissingNode() && !value.isNull()) {
            boolean valid = value.canConvertToInt() && value.isIntegralNumber();
            if (!valid || value.intValue() < 0 || value.intValue() >= vocabulary) {
                throw new InvalidInputException(
                        file + ": eos_token_id must be token ids below " + vocabulary + "; correct it");
            }
            stops.add(value.intValue());
        }
    }
}
