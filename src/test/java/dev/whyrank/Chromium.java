package dev.whyrank;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The machine's own Chromium for the tests of a class, without a window; every page is watched for errors and for requests
 * that leave home. The tests are skipped where there is no Chromium, except in CI, where that is a failure.
 */
final class Chromium implements BeforeAllCallback, AfterAllCallback {

    private static final Path EXECUTABLE = Path.of("/usr/bin/chromium");

    private @Nullable Playwright playwright;
    private @Nullable Browser browser;

    @Override
    public void beforeAll(ExtensionContext context) {
        boolean ci = "true".equals(System.getenv("CI"));
        assumeTrue(ci || Files.isExecutable(EXECUTABLE), EXECUTABLE + " is missing: the page's tests need Chromium");
        Map<String, String> environment = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(EXECUTABLE)
                        // Build containers run as root, where Chromium's sandbox refuses to start.
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-quic")));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (playwright != null) {
            playwright.close();
        }
    }

    /** A fresh profile with one empty page. */
    Watched open(Browser.NewContextOptions options) {
        return new Watched(requireNonNull(browser).newContext(options));
    }

    /** A page, and what it said and asked for since it was opened. */
    static final class Watched implements AutoCloseable {

        private final BrowserContext context;
        private final Page page;
        private final List<String> complaints = new CopyOnWriteArrayList<>();
        private final List<String> requested = new CopyOnWriteArrayList<>();

        private Watched(BrowserContext context) {
            this.context = context;
            this.page = context.newPage();
            page.onConsoleMessage(this::hear);
            page.onPageError(complaints::add);
            page.onRequest(request -> requested.add(request.url()));
        }

        Page page() {
            return page;
        }

        /** Errors and warnings, breaches of the content security policy among them. */
        List<String> complaints() {
            return complaints;
        }

        /** Fails if the page complained or asked any server but its own. */
        void assertQuietAtHome(String home) {
            assertThat(complaints).as("console").isEmpty();
            assertThat(requested).isNotEmpty().allMatch(url -> url.startsWith(home), "starts with " + home);
        }

        /** Fails if the page is wider than its window. */
        void assertFits() {
            Object overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
            assertThat((int) overflow).as("horizontal overflow, px").isLessThanOrEqualTo(0);
        }

        private void hear(ConsoleMessage message) {
            if (!List.of("log", "info", "debug").contains(message.type())) {
                complaints.add(message.type() + ": " + message.text());
            }
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
