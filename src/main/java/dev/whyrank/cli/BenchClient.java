package dev.whyrank.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;

/** Sends rerank requests and checks that every document came back judged. Safe for use by many threads. */
final class BenchClient {

    private static final Pattern JUDGED_EVENT = Pattern.compile("(?m)^event: document\\.completed$");
    private static final Pattern JUDGED_RESULT = Pattern.compile("\"model_score\":");
    private static final String LAST_EVENT = "\nevent: rerank.completed\n";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI url;
    private final boolean stream;
    private final int docs;

    BenchClient(int port, boolean stream, int docs) {
        this.url = URI.create("http://127.0.0.1:" + port + "/v1/rerank");
        this.stream = stream;
        this.docs = docs;
    }

    /**
     * Waits for a whole answer.
     *
     * @throws IllegalStateException if it is not what was asked for
     */
    void send(String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("Cache-Control", "no-cache")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        String answer = response.body();
        long judged = (stream ? JUDGED_EVENT : JUDGED_RESULT)
                .matcher(answer)
                .results()
                .count();
        boolean whole = !stream || answer.contains(LAST_EVENT);
        if (response.statusCode() != 200 || judged != docs || !whole) {
            throw new IllegalStateException("the service answered with status " + response.statusCode() + " and "
                    + judged + " of " + docs + " documents: " + answer.substring(0, Math.min(500, answer.length())));
        }
    }
}
