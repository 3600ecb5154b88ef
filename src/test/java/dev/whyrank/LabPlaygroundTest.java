package dev.whyrank;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ViewportSize;
import dev.whyrank.train.laboratory.Derivation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The shipped language model, reasoning before a person's eyes. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        classes = WhyrankApplication.class,
        properties = "whyrank.model=lab")
class LabPlaygroundTest {

    /** Counts how often each explanation on the page grew. */
    private static final String COUNT_GROWTH = """
            () => {
              window.growth = {};
              new MutationObserver((changes) => {
                for (const { type, target } of changes) {
                  const card = target.parentElement?.closest(".card");
                  if (type !== "characterData" || !target.parentElement?.matches(".explanation")) continue;
                  growth[card.dataset.index] = (growth[card.dataset.index] ?? 0) + 1;
                }
              }).observe(document.getElementById("cards"), { characterData: true, subtree: true });
            }""";

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @LocalServerPort
    private int port;

    @Test
    void reasonsTokenByTokenAndSaysWhatItIs() {
        String home = "http://localhost:" + port + "/";
        try (Chromium.Watched watched =
                CHROMIUM.open(new NewContextOptions().setViewportSize(new ViewportSize(1280, 900)))) {
            Page page = watched.page();
            page.navigate(home);
            assertThat(page.locator("#model")).hasText("whyrank-lab");
            assertThat(page.locator("#notice")).containsText("reason only in their generated world");
            assertThat(page.locator("#examples button")).hasCount(3);
            page.evaluate(COUNT_GROWTH);
            page.locator("#examples").getByRole(AriaRole.BUTTON).first().press("Enter");
            String question = page.locator("#query").inputValue();
            page.locator("#rank").press("Enter");
            page.locator("#summary").waitFor(new Locator.WaitForOptions().setTimeout(60_000));

            List<Locator> cards = page.locator(".card").all();
            assertThat(cards).hasSize(6);
            assertThat(cards.stream().filter(card -> isDerived(question, card))).hasSizeGreaterThanOrEqualTo(5);
            assertThat(cards)
                    .allSatisfy(card -> assertThat(growth(page, card))
                            .as("words came one by one")
                            .isGreaterThanOrEqualTo(words(card) - 1));
            assertThat(page.locator(".card .chip").first()).hasText("2 relevant");
            assertThat(page.locator(".card .chip").last()).hasText("0 irrelevant");
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of("target", "playground-lab.png"))
                    .setFullPage(true));
            watched.assertQuietAtHome(home);
        }
    }

    /** Whether a card's explanation and label are what the laboratory derives from its text. */
    private static boolean isDerived(String question, Locator card) {
        Derivation truth = Derivation.of(question, card.locator(".text").textContent());
        return truth.matches(card.locator(".explanation").textContent())
                && card.locator(".chip").textContent().startsWith(truth.label() + " ");
    }

    private static int growth(Page page, Locator card) {
        return ((Number) page.evaluate("index => growth[index]", card.getAttribute("data-index"))).intValue();
    }

    private static int words(Locator card) {
        return card.locator(".explanation").textContent().strip().split("\\s+", -1).length;
    }
}
