package dev.whyrank.tokenize;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Small tokenizers, of each kind that models come with. */
public final class TokenizerFixtures {

    /** Ids of the added tokens of {@link #byteLevel}. */
    public static final int START = 300;

    public static final int TURN = 301;
    public static final int END_OF_TURN = 302;
    public static final int THINK = 303;

    private TokenizerFixtures() {}

    /** The tokenizer.json of the stories260k model: sentencepiece with byte fallback, MIT. */
    public static byte[] stories() {
        try (InputStream in = TokenizerFixtures.class.getResourceAsStream("/stories260k/tokenizer.json")) {
            return java.util.Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A byte-level BPE in the manner of Llama 3 and Qwen: 256 bytes, the given merges, and four added tokens, of which
     * {@code <think>} is not special.
     *
     * @param merges pairs of byte-level letters, such as {@code Ġ 0}
     * @param startToken whether the post-processor puts {@code <|start|>} in front
     * @param more further special tokens
     */
    public static byte[] byteLevel(List<String> merges, boolean startToken, String... more) {
        List<String> vocabulary = new ArrayList<>();
        int id = 0;
        for (char letter : letters()) {
            vocabulary.add(quote(String.valueOf(letter)) + ":" + id++);
        }
        for (String merge : merges) {
            vocabulary.add(quote(merge.replace(" ", "")) + ":" + id++);
        }
        // The native library numbers added tokens from the vocabulary's size on, whatever the file says.
        while (id < START) {
            vocabulary.add(quote("ĀĀ" + id) + ":" + id++);
        }
        StringBuilder further = new StringBuilder();
        for (int i = 0; i < more.length; i++) {
            further.append(',').append(added(THINK + 1 + i, more[i], true));
        }
        String processor = startToken
                ? "{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"<|start|>\",\"type_id\":0}},"
                        + "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],\"pair\":[{\"Sequence\":{\"id\":\"A\",\"type_id\":0}},"
                        + "{\"Sequence\":{\"id\":\"B\",\"type_id\":1}}],\"special_tokens\":{\"<|start|>\":"
                        + "{\"id\":\"<|start|>\",\"ids\":[300],\"tokens\":[\"<|start|>\"]}}}"
                : "null";
        String pattern = "[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*"
                + "|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+";
        return ("{\"version\":\"1.0\",\"truncation\":{\"direction\":\"Right\",\"max_length\":4,\"strategy\":\"LongestFirst\","
                        + "\"stride\":0},\"padding\":null,\"added_tokens\":["
                        + String.join(
                                ",",
                                added(START, "<|start|>", true),
                                added(TURN, "<|turn|>", true),
                                added(END_OF_TURN, "<|end|>", true),
                                added(THINK, "<think>", false))
                        + further
                        + "],\"normalizer\":null,\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\","
                        + "\"pattern\":{\"Regex\":\"" + pattern + "\"},\"behavior\":\"Isolated\",\"invert\":false},"
                        + "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":false}]},"
                        + "\"post_processor\":" + processor + ",\"decoder\":{\"type\":\"ByteLevel\","
                        + "\"add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":true},"
                        + "\"model\":{\"type\":\"BPE\",\"dropout\":null,\"unk_token\":null,\"fuse_unk\":false,"
                        + "\"byte_fallback\":false,\"ignore_merges\":true,\"vocab\":{" + String.join(",", vocabulary)
                        + "},\"merges\":["
                        + String.join(
                                ",",
                                merges.stream().map(TokenizerFixtures::quote).toList())
                        + "]}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Words separated by white space, with {@code [CLS]} in the vocabulary as well as added. */
    public static byte[] wordLevel(String... words) {
        List<String> vocabulary = new ArrayList<>(List.of("\"[UNK]\":0", "\"[CLS]\":1"));
        for (String word : words) {
            vocabulary.add(quote(word) + ":" + vocabulary.size());
        }
        return ("{\"version\":\"1.0\",\"added_tokens\":[" + added(0, "[UNK]", true) + "," + added(1, "[CLS]", true)
                        + "],\"normalizer\":null,\"pre_tokenizer\":{\"type\":\"WhitespaceSplit\"},\"post_processor\":null,"
                        + "\"decoder\":null,\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"[UNK]\",\"vocab\":{"
                        + String.join(",", vocabulary) + "}}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Word pieces. */
    public static byte[] wordPiece(String... tokens) {
        List<String> vocabulary = new ArrayList<>(List.of("\"[UNK]\":0"));
        for (String token : tokens) {
            vocabulary.add(quote(token) + ":" + vocabulary.size());
        }
        return ("{\"version\":\"1.0\",\"added_tokens\":[" + added(0, "[UNK]", true)
                        + "],\"normalizer\":null,\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},\"post_processor\":null,"
                        + "\"decoder\":{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":false},\"model\":{"
                        + "\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\",\"continuing_subword_prefix\":\"##\","
                        + "\"max_input_chars_per_word\":100,\"vocab\":{" + String.join(",", vocabulary) + "}}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String added(int id, String content, boolean special) {
        return "{\"id\":" + id + ",\"content\":\"" + content + "\",\"single_word\":false,\"lstrip\":false,"
                + "\"rstrip\":false,\"normalized\":false,\"special\":" + special + "}";
    }

    private static String quote(String token) {
        return "\"" + token.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** The letters of the byte-level alphabet, in byte order. */
    private static char[] letters() {
        char[] letters = new char[256];
        char next = '\u0100';
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
            letters[b] = printable ? (char) b : next++;
        }
        return letters;
    }
}
