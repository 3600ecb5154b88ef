package dev.whyrank.api;

import dev.whyrank.model.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of an API key, all that the service keeps of one. Keys are long and random, so a slow hash would add
 * nothing: there is no dictionary to try.
 */
final class KeyDigest {

    /** What a setting that holds a digest begins with, in place of a key. */
    private static final String PREFIX = "sha256:";

    private final byte[] bytes;

    private KeyDigest(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The digest of a key. */
    static KeyDigest of(String key) {
        try {
            return new KeyDigest(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Reads a setting: a key, or {@code sha256:} and 64 hexadecimal digits.
     *
     * @throws InvalidInputException if digits are missing or wrong
     */
    static KeyDigest parse(String setting) {
        if (!setting.startsWith(PREFIX)) {
            return of(setting);
        }
        String digits = setting.substring(PREFIX.length());
        if (!digits.matches("[0-9a-fA-F]{64}")) {
            throw new InvalidInputException(
                    "whyrank.api.api-keys: sha256: needs 64 hexadecimal digits; `whyrank key` prints them");
        }
        return new KeyDigest(HexFormat.of().parseHex(digits));
    }

    /** Takes as long whether digests differ early, late or nowhere. */
    boolean matches(KeyDigest other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    /** 64 hexadecimal digits. */
    String hex() {
        return HexFormat.of().formatHex(bytes);
    }
}
