package dev.whyrank;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page's own behaviour under a strict content security policy, against answers that a healthy service rarely gives. */
class PlaygroundScriptTest {

    private static final String HOME = "http://whyrank.test/";
    private static final Map<String, String> TYPES =
            Map.of("html", "text/html", "js", "text/javascript", "css", "text/css", "svg", "image/svg+xml");

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    private Chromium.Watched watched;
    private Page page;

    @BeforeEach
    void openPage() {
        watched = CHROMIUM.open(new NewContextOptions().setReducedMotion(ReducedMotion.REDUCE));
        page = watched.page();
        page.route(HOME + "**", PlaygroundScriptTest::serveFile);
        page.route(HOME + "v1/models", route -> answer(route, 200, "application/json", """
                        {"object": "list", "data": [{"id": "tiny", "explanation_kind": "reasoning"}]}"""));
    }

    @AfterEach
    void closePage() {
        watched.close();
    }

    @Test
    void readsEventsWhateverTheChunkBoundaries() {
        page.navigate(HOME);
        Object wrong = page.evaluate("""
                async () => {
                  const { SseParser } = await import("/sse.js");
                  const text = "\\uFEFF: comment\\r\\nevent: a\\r\\ndata: é1\\r\\ndata:  2\\r\\n\\r\\nid: 7\\ndata:x\\n\\n"
                    + "event: dropped\\n\\ndata\\r\\rdata: 🎉\\nunknown: z\\n\\ndata: cut";
                  const expected = [["a", "é1\\n 2"], ["message", "x"], ["message", ""], ["message", "🎉"]];
                  const bytes = new TextEncoder().encode(text);
                  const wrong = [];
                  for (let size = 1; size <= bytes.length; size++) {
                    const parser = new SseParser();
                    const got = [];
                    for (let i = 0; i < bytes.length; i += size) got.push(...parser.push(bytes.subarray(i, i + size)));
                    const flat = got.map(({ type, data }) => [type, data]);
                    if (JSON.stringify(flat) !== JSON.stringify(expected)) wrong.push([size, flat]);
                  }
                  return wrong;
                }""");
        assertThat((List<?>) wrong).as("chunk sizes that change the events").isEmpty();
    }

    @Test
    void ranksAsTheEventsSayAlsoWhereScoresHaveMovedSince() {
        page.navigate(HOME);
        Object order = page.evaluate("""
                async () => {
                  const { Run } = await import("/run.js");
                  const run = new Run(["a", "b", "c"]);
                  run.apply("document.completed", { index: 0, rank: 1, relevance_score: 0.5 });
                  run.apply("document.completed", { index: 1, rank: 1, relevance_score: 1 });
                  run.apply("document.completed", { index: 2, rank: 2, relevance_score: 0.4 });
                  return run.order().map(({ index }) => index);
                }""");
        assertThat(order).isEqualTo(List.of(1, 2, 0));
    }

    @Test
    void ordersJudgedRestartedAndFailedDocuments() {
        String low = result(0, 0, 0.1);
        String high = result(1, 2, 0.9);
        String failed = "{\"index\": 2, \"code\": \"engine_failure\", \"message\": \"It broke.\"}";
        rank(route -> answer(
                route,
                200,
                "text/event-stream",
                event("rerank.started", "{\"documents\": 3}")
                        + event("document.started", "{\"index\": 0}")
                        + event("explanation.delta", "{\"index\": 0, \"delta\": \"forgotten\"}")
                        + event("document.restarted", "{\"index\": 0, \"attempt\": 2}")
                        + event("explanation.delta", "{\"index\": 0, \"delta\": \"<b>kept</b>\"}")
                        + event("document.completed", low)
                        + event("document.failed", failed)
                        + event("document.completed", high)
                        + event(
                                "rerank.completed",
                                "{\"results\": [%s, %s, {\"index\": 2, \"relevance_score\": 0, \"error\": %s}]}"
                                        .formatted(high, low, failed))));
        assertThat(page.locator("#status")).hasText("2 ranked, 1 failed; best is document 2 (2 relevant)");
        assertThat(page.locator(".card .name").allTextContents())
                .containsExactly("Document 2", "Document 1", "Document 3");
        assertThat(page.locator(".card .rank").allTextContents()).containsExactly("1", "2", "–");
        assertThat(page.locator(".card .explanation").nth(1)).hasText("<b>kept</b>");
        assertThat(page.locator(".card .facts").nth(1)).containsText("attempt 2");
        assertThat(page.locator(".card .facts").nth(2)).hasText("It broke.");
        watched.assertQuietAtHome(HOME);
    }

    @Test
    void keepsTheProvisionalOrderWhenTheStreamBreaksOff() {
        String judged = event("document.completed", result(0, 0, 0.1)) + event("document.completed", result(1, 2, 0.9));
        rank(route -> answer(route, 200, "text/event-stream", judged));
        assertThat(page.locator("#problem")).containsText("before the ranking was complete");
        assertThat(page.locator("#status")).hasText("Stopped: 2 of 3 judged");
        assertThat(page.locator(".card .chip").allTextContents())
                .containsExactly("2 relevant", "0 irrelevant", "stopped");
        assertThat(page.locator(".card .rank").allTextContents()).containsExactly("1", "2", "–");
    }

    @Test
    void showsAProblemWithItsFieldsAndWait() {
        rank(route -> route.fulfill(new Route.FulfillOptions()
                .setStatus(429)
                .setHeaders(Map.of("Content-Type", "application/problem+json", "Retry-After", "7"))
                .setBody("""
                        {"title": "Too Many Requests", "detail": "The queue is full.", "request_id": "r-1",
                         "errors": [{"field": "documents[1]", "message": "is too long"}]}""")));
        for (String part : List.of("Too Many Requests", "The queue is full.", "Try again in 7 s.", "r-1")) {
            assertThat(page.locator("#problem")).containsText(part);
        }
        assertThat(page.locator("#problem")).containsText("documents[1] is too long");
        assertThat(page.locator("#documents")).hasAttribute("aria-invalid", "true");
        page.locator("#documents").fill("Another.");
        assertThat(page.locator("#documents")).not().hasAttribute("aria-invalid", "true");
        assertThat(page.locator(".card")).hasCount(0);
    }

    @Test
    void asksForAKeyAndSendsIt() {
        rank(route -> answer(route, 401, "application/problem+json", "{\"detail\": \"A key is needed.\"}"));
        assertThat(page.locator("#key")).isFocused();
        page.keyboard().type("secret");
        Request second =
                page.waitForRequest("**/v1/rerank", () -> page.keyboard().press("Enter"));
        assertThat(second.headerValue("Authorization")).isEqualTo("Bearer secret");
        page.locator("#copy").click();
        assertThat(page.locator("#curl").textContent())
                .contains("$WHYRANK_API_KEY")
                .doesNotContain("secret");
    }

    @Test
    void stopsByKeyboardAndGivesTheFocusBack() {
        rank(route -> {});
        page.locator("#stop").press("Enter");
        assertThat(page.locator("#status")).hasText("Stopped: 0 of 3 judged");
        assertThat(page.locator("#rank")).isFocused();
        assertThat(page.locator("#stop")).isHidden();
        assertThat(watched.complaints()).isEmpty();
    }

    /** Asks about three documents by Ctrl+Enter and has the request answered so. */
    private void rank(Consumer<Route> answer) {
        page.route(HOME + "v1/rerank", answer);
        page.navigate(HOME);
        page.locator("#query").fill("Why?");
        page.locator("#documents").fill("One.\n\nTwo,\nstill two.\n \n\nThree.");
        page.locator("#documents").press("Control+Enter");
    }

    private static String result(int index, int label, double score) {
        return """
                {"index": %d, "rank": 1, "relevance_score": %s, "label": %d, "labels": [0, 1, 2], "label_source": "stated"}""".formatted(index, score, label);
    }

    private static String event(String type, String data) {
        return "event: " + type + "\ndata: " + data + "\n\n";
    }

    private static void answer(Route route, int status, String type, String body) {
        route.fulfill(new Route.FulfillOptions()
                .setStatus(status)
                .setContentType(type)
                .setBody(body));
    }

    /** Serves the page from the class path as strictly as the service may: no inline code, no other host. */
    private static void serveFile(Route route) {
        String path = URI.create(route.request().url()).getPath();
        String name = path.equals("/") ? "index.html" : path.substring(1);
        try (InputStream file = PlaygroundScriptTest.class.getResourceAsStream("/static/" + name)) {
            if (file == null) {
                answer(route, 404, "text/plain", "");
                return;
            }
            String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
            route.fulfill(new Route.FulfillOptions()
                    .setHeaders(Map.of("Content-Type", type, "Content-Security-Policy", "default-src 'self'"))
                    .setBodyBytes(file.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
