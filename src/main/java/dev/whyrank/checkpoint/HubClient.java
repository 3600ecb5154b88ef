package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/** HTTP to a hub. Redirects are followed by hand, because the token must not leave the hub's own origin. */
final class HubClient {

    private static final int MAX_REDIRECTS = 5;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HubSettings settings;
    private final Duration patience;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(30))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    HubClient(HubSettings settings) {
        this(settings, PATIENCE);
    }

    /**
     * The same with another patience.
     *
     * @param patience the longest time in which nothing need come
     */
    HubClient(HubSettings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
    }

    /**
     * Gets what is at a path of the hub.
     *
     * @param from first byte wanted
     * @return a response of status 200, 206 or 416, whose body the caller closes
     * @throws IOException if the hub cannot be reached, or cannot answer now
     * @throws InvalidInputException if it refuses for good
     */
    HttpResponse<InputStream> get(String path, long from, String model) throws IOException {
        URI uri = URI.create(settings.endpoint() + path);
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            HttpResponse<InputStream> response = send(uri, from);
            int status = response.statusCode();
            if (status == 200 || (from > 0 && (status == 206 || status == 416))) {
                return response;
            }
            response.body().close();
            if (status == TOO_MANY_REQUESTS || status >= SERVER_ERROR) {
                throw new IOException("the hub answered " + status + "; try again later");
            }
            if (!REDIRECTS.contains(status)) {
                throw refusal(status, model);
            }
            uri = next(uri, response, model);
        }
        throw new InvalidInputException(model + ": the hub redirects without end; check HF_ENDPOINT");
    }

    private HttpResponse<InputStream> send(URI uri, long from) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(PATIENCE).header("User-Agent", "whyrank");
        if (settings.token() != null && sameOrigin(uri)) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        try {
            return http.send(
                    request.build(),
                    info -> HttpResponse.BodySubscribers.mapping(
                            HttpResponse.BodySubscribers.ofInputStream(), body -> new WatchedBody(body, patience)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + uri.getHost(), e);
        }
    }

    private boolean sameOrigin(URI uri) {
        URI hub = settings.endpoint();
        return hub.getScheme().equals(uri.getScheme())
                && Objects.equals(hub.getHost(), uri.getHost())
                && hub.getPort() == uri.getPort();
    }

    private static URI next(URI current, HttpResponse<InputStream> response, String model) {
        String location = response.headers().firstValue("Location").orElse("");
        try {
            URI target = current.resolve(location);
            String scheme = String.valueOf(target.getScheme());
            boolean weaker = "https".equals(current.getScheme()) && !scheme.equals("https");
            if (target.getHost() != null && scheme.matches("https?") && !weaker) {
                return target;
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(model + ": the hub redirects to no valid address; check HF_ENDPOINT", e);
        }
        throw new InvalidInputException(model + ": the hub redirects to an unsafe address; check HF_ENDPOINT");
    }

    private InvalidInputException refusal(int status, String model) {
        String reason = switch (status) {
            case 401, 403 ->
                "access was denied (" + status
                        + "); check the name, accept the model's terms on the hub, and set HF_TOKEN";
            case 404 -> "was not found at " + settings.endpoint() + "; check name and revision";
            default -> "the hub answered " + status + "; check HF_ENDPOINT";
        };
        return new InvalidInputException(model + ": " + reason);
    }
}
