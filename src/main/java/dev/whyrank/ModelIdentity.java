package dev.whyrank;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** All that a judgement depends on besides its request, so that caches that outlive a process never mix up models. */
final class ModelIdentity {

    private static final String UNRELEASED = "unreleased";

    private ModelIdentity() {}

    /** One short text that differs where the parts differ. */
    static String digest(List<String> identity) {
        try {
            byte[] parts = String.join("\0", identity).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(parts));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Settings and the model together.
     *
     * @param model what the kind of model adds, such as a digest of its files
     */
    static List<String> of(WhyrankProperties properties, List<String> model) {
        String version = WhyrankApplication.class.getPackage().getImplementationVersion();
        WhyrankProperties.Engine engine = properties.engine();
        List<String> identity = new ArrayList<>(List.of(
                Objects.requireNonNullElse(version, UNRELEASED),
                properties.format(),
                Objects.requireNonNullElse(properties.system(), ""),
                properties.chat().toString(),
                properties.generic().toString(),
                properties.evidence().toString(),
                engine.precision().name(),
                engine.device(),
                String.valueOf(properties.remote().documentCharacters())));
        identity.addAll(model);
        return List.copyOf(identity);
    }
}
