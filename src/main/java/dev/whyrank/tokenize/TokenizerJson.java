package dev.whyrank.tokenize;

import dev.whyrank.model.InvalidInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A parsed {@code tokenizer.json}: its tokens, and the two definitions that the native library is given. */
final class TokenizerJson {

    /** Marks vocabulary entries that no text may spell; the character is removed from all text before encoding. */
    static final char UNSPELLABLE = '\uFFFF';

    /** A token that lies outside the model's own vocabulary, or that the file marks as special. */
    record AddedToken(int id, String content, boolean special) {}

    private static final JsonMapper JSON = JsonMapper.shared();

    private final ObjectNode root;
    private final List<AddedToken> added = new ArrayList<>();
    private final Map<String, Integer> vocabulary = new HashMap<>();

    TokenizerJson(byte[] content, String source) {
        try {
            JsonNode tree = JSON.readTree(content);
            if (!(tree instanceof ObjectNode object) || !object.path("model").isObject()) {
                throw new InvalidInputException(source + ": is not a tokenizer.json: it has no \"model\"");
            }
            root = object;
            root.putNull("truncation");
            root.putNull("padding");
            readModelVocabulary();
            readAddedTokens();
        } catch (JacksonException e) {
            throw new InvalidInputException(source + ": is not readable as JSON: " + e.getOriginalMessage(), e);
        }
    }

    private void readModelVocabulary() {
        JsonNode vocab = root.path("model").path("vocab");
        if (vocab instanceof ArrayNode pieces) {
            for (int id = 0; id < pieces.size(); id++) {
                vocabulary.put(pieces.get(id).path(0).asString(), id);
            }
        } else {
            vocab.properties()
                    .forEach(entry ->
                            vocabulary.put(entry.getKey(), entry.getValue().asInt()));
        }
    }

    private void readAddedTokens() {
        for (JsonNode token : root.path("added_tokens")) {
            AddedToken read = new AddedToken(
                    token.path("id").asInt(),
                    token.path("content").asString(),
                    token.path("special").asBoolean(false));
            added.add(read);
            vocabulary.put(read.content(), read.id());
        }
    }

    /** Every token, added ones included, and its id. */
    Map<String, Integer> vocabulary() {
        return vocabulary;
    }

    List<AddedToken> addedTokens() {
        return added;
    }

    /** A section such as {@code decoder}; missing if there is none. */
    JsonNode section(String name) {
        return root.path(name);
    }

    /** Whether a component of a section, at any depth of sequences, has this type. */
    boolean uses(String section, String type) {
        return root.path(section).findValues("type").stream()
                .anyMatch(found -> found.isString() && found.stringValue().equals(type));
    }

    /** Whether a template of the post-processor puts in a special token that it does not define. */
    boolean putsInUndefinedTokens() {
        return root.path("post_processor").findParents("special_tokens").stream()
                .anyMatch(template -> Stream.of("single", "pair")
                        .flatMap(form -> template.path(form).findValues("SpecialToken").stream())
                        .anyMatch(token -> !template.path("special_tokens")
                                .has(token.path("id").asString(""))));
    }

    /** Whether a merge's second token lacks the prefix that it should have, which is cut off unseen. */
    boolean mergesTokensWithoutTheirPrefix() {
        JsonNode model = root.path("model");
        String prefix = model.path("continuing_subword_prefix").asString("");
        return !prefix.isEmpty()
                && model.path("merges")
                        .valueStream()
                        .anyMatch(merge -> !second(merge).startsWith(prefix));
    }

    private static String second(JsonNode merge) {
        return merge.isArray() ? merge.path(1).asString("") : merge.asString("").replaceFirst("^[^ ]* ", "");
    }

    /** The definition in which special tokens are recognised. */
    String markupDefinition() {
        return JSON.writeValueAsString(root);
    }

    /**
     * The definition in which no added token can be spelled. White space runs that are added tokens stay: they open and
     * close nothing and the model was trained on them. The post-processor goes, because it names special tokens and
     * only ever adds them. An added token that the model's vocabulary also holds is renamed there to something that
     * cannot occur in text; the unknown token keeps its name, since the model refers to it.
     */
    String textDefinition() {
        ObjectNode text = root.deepCopy();
        text.putNull("post_processor");
        ArrayNode kept = JSON.createArrayNode();
        Set<String> dropped = new HashSet<>();
        String unknown = root.path("model").path("unk_token").asString("");
        for (JsonNode token : root.path("added_tokens")) {
            String content = token.path("content").asString();
            if (content.isBlank() && !token.path("special").asBoolean(false)) {
                kept.add(token);
            } else if (!content.equals(unknown)) {
                dropped.add(content);
            }
        }
        text.set("added_tokens", kept);
        hide((ObjectNode) text.path("model"), dropped);
        return JSON.writeValueAsString(text);
    }

    private static void hide(ObjectNode model, Set<String> dropped) {
        if (model.path("vocab") instanceof ArrayNode pieces) {
            for (JsonNode piece : pieces) {
                if (piece instanceof ArrayNode pair
                        && dropped.contains(pair.path(0).asString(""))) {
                    pair.set(0, UNSPELLABLE + pair.path(0).asString());
                }
            }
        } else if (model.path("vocab") instanceof ObjectNode ids) {
            for (String token : dropped) {
                JsonNode id = ids.remove(token);
                if (id != null) {
                    ids.set(UNSPELLABLE + token, id);
                }
            }
        }
        if (model.path("merges") instanceof ArrayNode merges) {
            ArrayNode possible = JSON.createArrayNode();
            for (JsonNode merge : merges) {
                if (!dropped.contains(product(merge))) {
                    possible.add(merge);
                }
            }
            model.set("merges", possible);
        }
    }

    private static String product(JsonNode merge) {
        return merge.isArray()
                ? merge.path(0).asString() + merge.path(1).asString()
                : merge.asString().replace(" ", "");
    }
}
