package dev.whyrank;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.ViewportSize;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A person's whole path through the playground, on the real service with its embedded model. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, classes = WhyrankApplication.class)
class PlaygroundTest {

    private static final double MODEL_MILLIS = 60_000;

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @LocalServerPort
    private int port;

    @Test
    void ranksAnExampleByKeyboard() throws Exception {
        try (Chromium.Watched watched = CHROMIUM.open(desktop())) {
            Page page = watched.page();
            page.navigate(home());
            Request request = rankByKeyboard(page, "Kubernetes");

            List<Integer> ranking = ranking(request.postData());
            assertThat(shownOrder(page)).isEqualTo(ranking);
            assertThat(page.locator(".card .rank").allTextContents())
                    .isEqualTo(IntStream.rangeClosed(1, ranking.size())
                            .mapToObj(String::valueOf)
                            .toList());
            assertThat(page.locator(".card .chip").allTextContents())
                    .allMatch(chip -> List.of("0 irrelevant", "1 partially relevant", "2 relevant")
                            .contains(chip));
            assertThat(page.locator(".card .explanation").first()).not().isEmpty();
            assertThat(page.locator("#notice")).containsText("It does not reason.");
            assertThat(page.locator("#summary")).containsText("total");
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of("target", "playground.png"))
                    .setFullPage(true));
            watched.assertQuietAtHome(home());
        }
    }

    @Test
    void showsTheRequestThatItSendsAsCurl() {
        try (Chromium.Watched watched = CHROMIUM.open(desktop())) {
            Page page = watched.page();
            page.navigate(home());
            Request request = rankByKeyboard(page, "Cooking");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Copy as curl"))
                    .click();

            String quoted = request.postData().replace("'", "'\\''");
            assertThat(page.locator("#curl").textContent())
                    .startsWith("curl -N " + home() + "v1/rerank")
                    .contains("--data-binary '" + quoted + "'");
            assertThat(page.locator("#copied")).not().isEmpty();
        }
    }

    @Test
    void fitsAPhoneInTheDark() {
        NewContextOptions phone = new NewContextOptions()
                .setViewportSize(new ViewportSize(360, 740))
                .setColorScheme(ColorScheme.DARK)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setHasTouch(true)
                .setIsMobile(true);
        try (Chromium.Watched watched = CHROMIUM.open(phone)) {
            Page page = watched.page();
            page.navigate(home());
            watched.assertFits();
            rankByKeyboard(page, "Medicine leaflet");
            watched.assertFits();
            assertThat(page.locator("body")).hasCSS("background-color", "rgb(19, 22, 25)");
            watched.assertQuietAtHome(home());
        }
    }

    private static NewContextOptions desktop() {
        return new NewContextOptions().setViewportSize(new ViewportSize(1280, 900));
    }

    private String home() {
        return "http://localhost:" + port + "/";
    }

    /** Picks an example and ranks it without a pointer; returns the request that the page sent. */
    private static Request rankByKeyboard(Page page, String example) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(example))
                .press("Enter");
        Locator rank = page.locator("#rank");
        Request request = page.waitForRequest("**/v1/rerank", () -> rank.press("Enter"));
        page.locator("#summary").waitFor(new Locator.WaitForOptions().setTimeout(MODEL_MILLIS));
        return request;
    }

    private static List<Integer> shownOrder(Page page) {
        return page.locator(".card").all().stream()
                .map(card -> Integer.valueOf(card.getAttribute("data-index")))
                .toList();
    }

    /** What the service answers without streaming: documents by falling relevance. */
    private List<Integer> ranking(String streamedBody) throws IOException, InterruptedException {
        assertThat(streamedBody).contains("\"stream\": true");
        HttpRequest request = HttpRequest.newBuilder(URI.create(home() + "v1/rerank"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        streamedBody.replace("\"stream\": true", "\"stream\": false")))
                .build();
        String answer = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        JsonNode results = JsonMapper.shared().readTree(answer).path("results");
        return StreamSupport.stream(results.spliterator(), false)
                .map(result -> result.path("index").asInt())
                .toList();
    }
}
