package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where models come from and go to.
 *
 * @param endpoint the hub, without a slash at the end
 * @param home the folder that downloads are kept under, in {@code whyrank/org--model/<commit>/}
 * @param token sent to the endpoint only, or null
 */
public record HubSettings(URI endpoint, Path home, @Nullable String token) {

    /**
     * Reads {@code HF_ENDPOINT}, {@code HF_HOME} and {@code HF_TOKEN}, with the defaults that Hugging Face's own tools
     * have.
     *
     * @throws InvalidInputException naming the variable that is wrong
     */
    public static HubSettings of(Map<String, String> environment) {
        String endpoint = environment.getOrDefault("HF_ENDPOINT", "https://huggingface.co");
        String token = environment.getOrDefault("HF_TOKEN", "").strip();
        return new HubSettings(endpoint(endpoint), home(environment), token.isEmpty() ? null : token);
    }

    private static URI endpoint(String text) {
        try {
            URI uri = new URI(text.strip().replaceAll("/+$", ""));
            if (uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?")) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new InvalidInputException("HF_ENDPOINT: \"" + text + "\" is no URL; set it to https://host", e);
        }
        throw new InvalidInputException(
                "HF_ENDPOINT: \"" + text + "\" is no http or https URL; set it to https://host");
    }

    private static Path home(Map<String, String> environment) {
        String home = environment.getOrDefault("HF_HOME", "");
        try {
            return home.isBlank()
                    ? Path.of(System.getProperty("user.home", "."), ".cache", "huggingface")
                    : Path.of(home);
        } catch (InvalidPathException e) {
            throw new InvalidInputException("HF_HOME: \"" + home + "\" is no path; set it to a folder", e);
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "HubSettings[endpoint=" + endpoint + ", home=" + home + "]";
    }
}
