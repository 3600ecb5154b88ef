package dev.whyrank;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** All that a judgement depends on besides its request, so that caches that outlive a process never mix up models. */
final class ModelIdentity {

    private static final String UNRELEASED = "unreleased";

    private ModelIdentity() {}

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
                properties.generic().toString(),
                properties.evidence().toString(),
                engine.precision().name(),
                engine.device(),
                String.valueOf(properties.remote().documentCharacters())));
        identity.addAll(model);
        return List.copyOf(identity);
    }
}
