package dev.whyrank.tokenize;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.whyrank.model.DjlDefaults;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.TokenBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** A Hugging Face tokenizer. Safe for use by many threads; never truncates and never pads. */
public final class Tokenizer implements TokenBytes, AutoCloseable {

    private static final long MAX_FILE_BYTES = 64L << 20;
    private static final String UNUSUAL_WORDS = "a 1 ß 漢 😀 \uE000";
    private static final Map<String, String> OPTIONS = Map.of("truncation", "false", "padding", "false");

    static {
        DjlDefaults.apply();
    }

    private final TokenPieces pieces;
    private final Map<String, Integer> ids;
    private final HuggingFaceTokenizer markup;
    private final HuggingFaceTokenizer text;
    private final int[] startTokens;

    /** Encoding reads, closing writes: native memory is freed only when no call is inside it. */
    private final ReadWriteLock life = new ReentrantReadWriteLock();

    private boolean closed;

    private Tokenizer(TokenizerJson json, String source) {
        requireHarmless(json, source);
        pieces = new TokenPieces(json, source);
        ids = json.vocabulary();
        markup = open(json.markupDefinition(), source);
        try {
            text = open(json.textDefinition(), source);
        } catch (InvalidInputException e) {
            markup.close();
            throw e;
        }
        startTokens = tried(source);
        json.addedTokens().stream().filter(TokenizerJson.AddedToken::special).forEach(token -> check(token, source));
    }

    /**
     * The native library ends the whole process over a damaged table of characters, over a token without ids, and over a
     * merged token that is shorter than the prefix to cut off.
     */
    private static void requireHarmless(TokenizerJson json, String source) {
        if (json.uses("normalizer", "Precompiled")) {
            throw new InvalidInputException(
                    source + ": normalizer Precompiled is not supported; use a model with a byte-level tokenizer");
        }
        if (json.putsInUndefinedTokens()) {
            throw new InvalidInputException(source + ": its post_processor puts in a special token that it does not"
                    + " define; take the file from the original model");
        }
        if (json.mergesTokensWithoutTheirPrefix()) {
            throw new InvalidInputException(source + ": its merges hold a second token without the model's"
                    + " continuing_subword_prefix; take the file from the original model");
        }
    }

    /** The native library numbers added tokens itself; a file that says otherwise would be served with wrong ids. */
    private void check(TokenizerJson.AddedToken token, String source) {
        int[] encoded = encodeMarkup(token.content());
        if (encoded.length == 1 && encoded[0] != token.id()) {
            close();
            throw new InvalidInputException(source + ": token \"" + token.content() + "\" has the id " + token.id()
                    + " but follows the vocabulary as " + encoded[0] + "; take the file from the original model");
        }
    }

    /**
     * Opens a {@code tokenizer.json}.
     *
     * @throws InvalidInputException naming the file, if it cannot be read or is no tokenizer
     */
    public static Tokenizer open(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new InvalidInputException(file + ": is larger than any tokenizer; check the model folder");
            }
            return open(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read; a model folder needs its tokenizer.json", e);
        }
    }

    /**
     * Opens the content of a {@code tokenizer.json}.
     *
     * @param source what error messages call it
     */
    public static Tokenizer open(byte[] content, String source) {
        return new Tokenizer(new TokenizerJson(content, source), source);
    }

    private static HuggingFaceTokenizer open(String definition, String source) {
        try {
            byte[] bytes = definition.getBytes(StandardCharsets.UTF_8);
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), OPTIONS);
        } catch (IOException | RuntimeException e) {
            throw unusable(source, e);
        }
    }

    /** The native library reports a bad definition with exceptions of no particular type. */
    private static InvalidInputException unusable(String source, Exception e) {
        String reason = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        return new InvalidInputException(source + ": is not a usable tokenizer: " + reason, e);
    }

    /** The start tokens of a tokenizer that works: what opens may still fail at the first word it has no token for. */
    private int[] tried(String source) {
        try {
            nativeEncode(text.getHandle(), UNUSUAL_WORDS);
            nativeEncode(markup.getHandle(), UNUSUAL_WORDS);
            int[] start = leadingSpecialTokens();
            if (!Arrays.stream(start).allMatch(ids::containsValue)) {
                throw new InvalidInputException(
                        source + ": its post_processor names a token that the vocabulary does not"
                                + " have; take the file from the original model");
            }
            return start;
        } catch (InvalidInputException e) {
            close();
            throw e;
        } catch (RuntimeException e) {
            close();
            throw unusable(source, e);
        }
    }

    private int[] leadingSpecialTokens() {
        Encoding encoding = markup.encode("a", true, false);
        long[] special = encoding.getSpecialTokenMask();
        int count = 0;
        while (count < special.length && special[count] == 1) {
            count++;
        }
        return Arrays.copyOf(toInts(encoding.getIds()), count);
    }

    /**
     * Ids of text from outside. The spelling of a special token is plain characters; nothing is added. Lone surrogates
     * become U+FFFD.
     */
    public int[] encodeText(String words) {
        return encode(text, wellFormed(words));
    }

    /** Ids of text of our own, in which special tokens are recognised; nothing is added. */
    public int[] encodeMarkup(String words) {
        return encode(markup, words);
    }

    private int[] encode(HuggingFaceTokenizer tokenizer, String words) {
        if (words.isEmpty()) {
            return new int[0];
        }
        life.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the tokenizer is closed");
            }
            return nativeEncode(tokenizer.getHandle(), words);
        } finally {
            life.readLock().unlock();
        }
    }

    /** Only the ids: the binding's own encode also copies every token's string and span out of native memory. */
    private static int[] nativeEncode(long handle, String words) {
        long encoding = TokenizersLibrary.LIB.encode(handle, words, false);
        try {
            return toInts(TokenizersLibrary.LIB.getTokenIds(encoding));
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    private static String wellFormed(String words) {
        StringBuilder repaired = new StringBuilder(words.length());
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < words.length()
                    && Character.isLowSurrogate(words.charAt(i + 1));
            if (pair) {
                repaired.append(c).append(words.charAt(++i));
            } else {
                repaired.append(Character.isSurrogate(c) || c == TokenizerJson.UNSPELLABLE ? '\uFFFD' : c);
            }
        }
        return repaired.toString();
    }

    private static int[] toInts(long[] values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    /** What the model expects in front of a text, such as the beginning-of-text token; may be empty. */
    public int[] startTokens() {
        return startTokens.clone();
    }

    /** {@inheritDoc} Ids beyond the vocabulary have no bytes. The array must not be changed. */
    @Override
    public byte[] of(int token) {
        return pieces.of(token);
    }

    /** The text of tokens; special ones are left out, and bytes that are no UTF-8 become U+FFFD. */
    public String decode(int[] tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens) {
            bytes.writeBytes(pieces.of(token));
        }
        String decoded = bytes.toString(StandardCharsets.UTF_8);
        return pieces.leadingSpaceIsArtificial() && decoded.startsWith(" ") ? decoded.substring(1) : decoded;
    }

    /** The id of a token as the vocabulary spells it, or null. */
    public @Nullable Integer idOf(String token) {
        return ids.get(token);
    }

    /**
     * The spelling of a token in the vocabulary.
     *
     * @throws IllegalArgumentException if there is no such id
     */
    public String tokenOf(int id) {
        return ids.entrySet().stream()
                .filter(entry -> entry.getValue() == id)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no token has the id " + id));
    }

    /** One more than the highest id. */
    public int vocabularySize() {
        return pieces.size();
    }

    @Override
    public void close() {
        life.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                markup.close();
                text.close();
            }
        } finally {
            life.writeLock().unlock();
        }
    }
}
