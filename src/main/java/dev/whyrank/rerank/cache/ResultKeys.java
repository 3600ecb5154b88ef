package dev.whyrank.rerank.cache;

import dev.whyrank.rerank.RerankRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names the judgements of one request: 64 hexadecimal digits each, equal exactly when everything is equal that a
 * judgement depends on. Fields are hashed with their lengths, so that no two lists of fields read the same.
 */
final class ResultKeys {

    private static final int ABSENT = -1;

    private final byte[] question;

    private ResultKeys(byte[] question) {
        this.question = question;
    }

    /**
     * All but the document.
     *
     * @param identity the model, its precision and how it is asked
     * @param explain whether explanations are asked for
     */
    static ResultKeys of(List<String> identity, RerankRequest request, boolean explain) {
        RerankRequest.Options options = request.options();
        MessageDigest digest = sha256();
        add(digest, identity.size());
        identity.forEach(part -> add(digest, part));
        add(digest, request.query());
        add(digest, options.instruction());
        add(digest, explain ? options.maxExplanationTokens() : ABSENT);
        add(digest, options.maxDocumentTokens());
        add(digest, options.truncate() ? 1 : 0);
        return new ResultKeys(digest.digest());
    }

    /** The judgement of one document. */
    String key(String document) {
        MessageDigest digest = sha256();
        digest.update(question);
        add(digest, document);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, @Nullable String text) {
        if (text == null) {
            add(digest, ABSENT);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        add(digest, bytes.length);
        digest.update(bytes);
    }

    private static void add(MessageDigest digest, int number) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
