package dev.whyrank.rerank.remote;

import dev.whyrank.model.InvalidInputException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a model is and how to get in.
 *
 * @param uri where chat completions are posted to
 * @param model its name there
 * @param key sent as a bearer token, or null; never shown
 */
public record ChatEndpoint(URI uri, String model, @Nullable String key) {

    /** Begins the name of a model that is served from elsewhere. */
    public static final String SCHEME = "openai:";

    private static final String PATH = "/chat/completions";

    /** Whether a model's name means one elsewhere. */
    public static boolean isNamed(String model) {
        return model.startsWith(SCHEME);
    }

    /**
     * Reads {@code openai:URL#MODEL}.
     *
     * @throws InvalidInputException if it is something else
     */
    public static ChatEndpoint named(String name, @Nullable String key) {
        int hash = name.indexOf('#');
        if (!isNamed(name) || hash < 0) {
            throw new InvalidInputException(name
                    + ": a remote model is given as openai:URL#MODEL, such as openai:http://localhost:8000/v1#llama");
        }
        return of(name.substring(SCHEME.length(), hash), name.substring(hash + 1), key);
    }

    /**
     * An endpoint by its base address, which usually ends in {@code /v1}.
     *
     * @throws InvalidInputException if the address is none, or there is no model
     */
    public static ChatEndpoint of(String url, String model, @Nullable String key) {
        if (model.isBlank()) {
            throw new InvalidInputException(
                    url + ": the model's name is missing; give the one that the endpoint knows");
        }
        URI base;
        try {
            base = URI.create(url.strip().replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(url + ": is no URL; give one such as https://host/v1", e);
        }
        String scheme = String.valueOf(base.getScheme());
        if (!scheme.matches("https?") || base.getHost() == null || base.getUserInfo() != null) {
            throw new InvalidInputException(
                    withoutUser(url) + ": is no address of an endpoint; give one such as https://host/v1");
        }
        String path = base.getRawPath();
        String whole = path.endsWith(PATH) ? "" : path.isEmpty() ? "/v1" + PATH : PATH;
        return new ChatEndpoint(URI.create(base + whole), model, key == null || key.isBlank() ? null : key.strip());
    }

    private static String withoutUser(String url) {
        return url.replaceAll("//[^/@]*@", "//");
    }

    @Override
    public String toString() {
        return model + " at " + uri;
    }
}
