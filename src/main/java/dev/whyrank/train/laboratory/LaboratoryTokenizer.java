package dev.whyrank.train.laboratory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the laboratory's {@code tokenizer.json}: every word of its world is a token, every fixed sentence of the
 * prompts is one, too, and all single bytes are, so that any text can be read. The longest token that fits is taken.
 */
final class LaboratoryTokenizer {

    static final String UNKNOWN = "<unk>";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WORDS = " ?\\w+| ?[^\\s\\w]|\\s";

    /** Words that may come without a space before them, or are no part of a template. */
    private static final List<String> FURTHER = List.of(
            " Does",
            " cargo",
            " from",
            " reach",
            "?",
            " Where",
            " do",
            " and",
            " ship",
            ",",
            ".",
            "Route",
            ":",
            " to",
            " suspended",
            " The",
            " route",
            " reaches",
            " misses",
            " is",
            " open",
            " closed",
            " ships",
            " no",
            " 0",
            " 1",
            " 2",
            " ##",
            "0",
            "1",
            "2");

    private LaboratoryTokenizer() {}

    /**
     * The file's content.
     *
     * @param phrases fixed parts of prompts and answers
     */
    static byte[] json(List<String> phrases) {
        Set<String> vocabulary = new LinkedHashSet<>();
        vocabulary.add(UNKNOWN);
        for (int b = 0; b < 256; b++) {
            vocabulary.add(String.valueOf(letter(b)));
        }
        Set<String> words = new LinkedHashSet<>(phrases);
        words.addAll(FURTHER);
        Pattern pattern = Pattern.compile(WORDS);
        for (Sentence sentence : Sentence.values()) {
            pattern.matcher(" " + sentence.template().replaceAll("\\{[XY]}", ""))
                    .results()
                    .map(match -> match.group())
                    .filter(word -> !word.isBlank())
                    .forEach(words::add);
        }
        Names.ALL.forEach(name -> words.add(" " + name));
        words.forEach(word -> vocabulary.add(letters(word)));
        return JSON.writeValueAsBytes(root(vocabulary, phrases));
    }

    private static ObjectNode root(Set<String> vocabulary, List<String> phrases) {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        ObjectNode unknown = root.putArray("added_tokens").addObject();
        unknown.put("id", 0).put("content", UNKNOWN).put("single_word", false).put("lstrip", false);
        unknown.put("rstrip", false).put("normalized", false).put("special", true);
        root.putNull("normalizer");
        ObjectNode pre = root.putObject("pre_tokenizer").put("type", "Sequence");
        ArrayNode steps = pre.putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", pattern(phrases));
        split.put("behavior", "Isolated").put("invert", false);
        byteLevel(steps.addObject());
        root.putNull("post_processor");
        byteLevel(root.putObject("decoder"));
        ObjectNode model = root.putObject("model").put("type", "WordPiece").put("unk_token", UNKNOWN);
        model.put("continuing_subword_prefix", "").put("max_input_chars_per_word", 100_000);
        ObjectNode ids = model.putObject("vocab");
        vocabulary.forEach(token -> ids.put(token, ids.size()));
        return root;
    }

    private static void byteLevel(ObjectNode node) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", false);
    }

    /** Longer phrases first: the first alternative that fits wins. */
    private static String pattern(List<String> phrases) {
        List<String> longestFirst = new ArrayList<>(phrases);
        longestFirst.sort(Comparator.comparingInt(String::length).reversed());
        return longestFirst.stream().map(LaboratoryTokenizer::quoted).collect(Collectors.joining("|")) + "|" + WORDS;
    }

    private static String quoted(String phrase) {
        return phrase.replaceAll("([\\\\.?*+(){}\\[\\]|^$#])", "\\\\$1").replace("\n", "\\n");
    }

    private static String letters(String word) {
        StringBuilder letters = new StringBuilder();
        for (byte b : word.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            letters.append(letter(b & 255));
        }
        return letters.toString();
    }

    /** Printable Latin-1 bytes stand for themselves; the others take the letters from U+0100 on, in order. */
    private static char letter(int wanted) {
        char next = '\u0100';
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b != 0xAD);
            char letter = printable ? (char) b : next++;
            if (b == wanted) {
                return letter;
            }
        }
        throw new IllegalArgumentException("no byte: " + wanted);
    }
}
