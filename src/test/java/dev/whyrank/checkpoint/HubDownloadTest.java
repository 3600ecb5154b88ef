package dev.whyrank.checkpoint;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.whyrank.model.InvalidInputException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class HubDownloadTest {

    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String CONFIG = "{\"model_type\":\"llama\"}";
    private static final String WEIGHTS_PATH = "/org/model/resolve/" + COMMIT + "/model.safetensors";
    private static final String LISTING = "/api/models/org/model/revision/main";

    private final WireMockServer hub =
            new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
    private final byte[] weights = new byte[200_000];

    @TempDir
    private Path home;

    @BeforeEach
    void serve() throws Exception {
        new Random(1).nextBytes(weights);
        hub.start();
        list(entry("config.json", CONFIG.length(), blob(CONFIG)), large("model.safetensors", weights));
        hub.stubFor(get("/org/model/resolve/" + COMMIT + "/config.json")
                .willReturn(aResponse().withBody(CONFIG)));
        hub.stubFor(get(WEIGHTS_PATH).willReturn(aResponse().withBody(weights)));
    }

    @AfterEach
    void stop() {
        hub.stop();
    }

    private static String hash(String algorithm, byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }

    private static String blob(String text) throws Exception {
        return hash("SHA-1", ("blob " + text.length() + "\0" + text).getBytes(StandardCharsets.UTF_8));
    }

    private static String entry(String name, long size, String blob) {
        return "{\"rfilename\":\"%s\",\"size\":%d,\"blobId\":\"%s\"}".formatted(name, size, blob);
    }

    private static String large(String name, byte[] bytes) throws Exception {
        return "{\"rfilename\":\"%s\",\"size\":%d,\"blobId\":\"%s\",\"lfs\":{\"sha256\":\"%s\",\"size\":%d}}"
                .formatted(name, bytes.length, COMMIT, hash("SHA-256", bytes), bytes.length);
    }

    private void list(String... entries) {
        hub.stubFor(get(urlPathEqualTo(LISTING))
                .willReturn(aResponse()
                        .withBody("{\"sha\":\"" + COMMIT + "\",\"siblings\":[" + String.join(",", entries) + "]}")));
    }

    private HubDownload download() {
        return download(DownloadListener.NONE);
    }

    private HubDownload download(DownloadListener listener) {
        return new HubDownload(new HubSettings(URI.create(hub.baseUrl()), home, "secret"), listener);
    }

    private Path folder() {
        return home.resolve("whyrank/org--model").resolve(COMMIT);
    }

    private void refused(String... parts) {
        assertThatThrownBy(() -> download().resolve("org/model", null))
                .isInstanceOf(InvalidInputException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
    }

    @Test
    void findsWhatWasFetchedWithoutAskingTheHub() throws Exception {
        assertThatThrownBy(() -> download().fetched("org/model"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("fetch it with 'whyrank import org/model'");
        Path folder = download().resolve("org/model", null);
        hub.resetRequests();
        assertThat(download().fetched("org/model")).isEqualTo(folder);
        assertThat(download().fetched(home.toString())).isEqualTo(home);
        assertThatThrownBy(() -> download().fetched("org/model@other")).hasMessageContaining("org/model@other");
        assertThatThrownBy(() -> download().fetched("../model")).hasMessageContaining("is no folder");
        assertThat(hub.getAllServeEvents()).isEmpty();
    }

    @Test
    void fetchesWhatACheckpointNeedsAndNothingElse() throws Exception {
        list(
                entry("config.json", CONFIG.length(), blob(CONFIG)),
                large("model.safetensors", weights),
                entry("README.md", 5, COMMIT),
                entry("original/consolidated.safetensors", 5, COMMIT),
                entry("pytorch_model.bin", 5, COMMIT));
        AtomicLong progress = new AtomicLong();
        Path folder = download(new DownloadListener() {
                    @Override
                    public void advanced(long bytes) {
                        progress.addAndGet(bytes);
                    }
                })
                .resolve("org/model", null);
        assertThat(folder).isEqualTo(folder());
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "model.safetensors");
        }
        assertThat(Files.readAllBytes(folder.resolve("model.safetensors"))).isEqualTo(weights);
        assertThat(progress).hasValue(weights.length + CONFIG.length());
        download().resolve("org/model", null);
        hub.verify(1, getRequestedFor(urlEqualTo(WEIGHTS_PATH)));
        hub.verify(2, getRequestedFor(urlPathEqualTo(LISTING)).withQueryParam("blobs", equalTo("true")));
    }

    @Test
    void resumesWhereAnEarlierDownloadStopped() throws Exception {
        Files.createDirectories(folder());
        Files.write(folder().resolve("model.safetensors.part"), Arrays.copyOf(weights, 150_000));
        hub.stubFor(get(WEIGHTS_PATH)
                .withHeader("Range", equalTo("bytes=150000-"))
                .willReturn(aResponse()
                        .withStatus(206)
                        .withHeader("Content-Range", "bytes 150000-199999/200000")
                        .withBody(Arrays.copyOfRange(weights, 150_000, 200_000))));
        Path folder = download().resolve("org/model", null);
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(folder.resolve("model.safetensors.part")).doesNotExist();
        hub.verify(1, getRequestedFor(urlEqualTo(WEIGHTS_PATH)));
    }

    @Test
    void startsOverWhereTheHubDoesNotResume() throws Exception {
        Files.createDirectories(folder());
        Files.write(folder().resolve("model.safetensors.part"), new byte[150_000]);
        assertThat(download().resolve("org/model", null).resolve("model.safetensors"))
                .hasBinaryContent(weights);
        Files.delete(folder().resolve("model.safetensors"));
        Files.write(folder().resolve("model.safetensors.part"), new byte[10]);
        hub.stubFor(get(WEIGHTS_PATH)
                .withHeader("Range", equalTo("bytes=10-"))
                .willReturn(aResponse().withStatus(416)));
        assertThat(download().resolve("org/model", null).resolve("model.safetensors"))
                .hasBinaryContent(weights);
    }

    @Test
    void triesAgainWhenTheConnectionBreaks() {
        hub.stubFor(get(WEIGHTS_PATH)
                .inScenario("breaks")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("works")
                .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        hub.stubFor(get(WEIGHTS_PATH)
                .inScenario("breaks")
                .whenScenarioStateIs("works")
                .willReturn(aResponse().withBody(weights)));
        assertThat(download().resolve("org/model", null).resolve("model.safetensors"))
                .hasBinaryContent(weights);
    }

    @Test
    void triesAgainWhenTheHubIsAskedTooMuchOrSendsNothingMore() {
        ResponseDefinitionBuilder stalls = aResponse().withBody(weights).withChunkedDribbleDelay(2, 4_000);
        String[] states = {Scenario.STARTED, "asked too much", "stalled"};
        ResponseDefinitionBuilder[] answers = {
            aResponse().withStatus(429), stalls, aResponse().withBody(weights)
        };
        for (int i = 0; i < answers.length; i++) {
            hub.stubFor(get(WEIGHTS_PATH)
                    .inScenario("hard times")
                    .whenScenarioStateIs(states[i])
                    .willSetStateTo(states[Math.min(i + 1, 2)])
                    .willReturn(answers[i]));
        }
        HubSettings settings = new HubSettings(URI.create(hub.baseUrl()), home, null);
        HubDownload impatient =
                new HubDownload(settings, new HubClient(settings, Duration.ofMillis(500)), DownloadListener.NONE);
        assertThat(impatient.resolve("org/model", null).resolve("model.safetensors"))
                .hasBinaryContent(weights);
    }

    @Test
    void keepsWhatItHasWhenTheHubSendsTooLittle() {
        hub.stubFor(get(WEIGHTS_PATH).willReturn(aResponse().withBody(Arrays.copyOf(weights, 1000))));
        hub.stubFor(get(WEIGHTS_PATH)
                .withHeader("Range", equalTo("bytes=1000-"))
                .willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        refused("org/model", "cannot be fetched", "HF_ENDPOINT");
        assertThat(folder().resolve("model.safetensors.part")).hasSize(1000);
        assertThat(folder().resolve("model.safetensors")).doesNotExist();
    }

    @Test
    void discardsContentOfAnotherHash() throws Exception {
        byte[] other = weights.clone();
        other[77]++;
        hub.stubFor(get(WEIGHTS_PATH).willReturn(aResponse().withBody(other)));
        refused("model.safetensors", "hash");
        assertThat(folder().resolve("model.safetensors")).doesNotExist();
        assertThat(folder().resolve("model.safetensors.part")).isEmptyFile();
        Files.delete(folder().resolve("config.json"));
        list(entry("config.json", CONFIG.length(), COMMIT), large("model.safetensors", weights));
        refused("config.json", "hash");
    }

    @Test
    void discardsContentThatIsLargerThanAnnounced() {
        hub.stubFor(get(WEIGHTS_PATH).willReturn(aResponse().withBody(Arrays.copyOf(weights, 200_001))));
        refused("model.safetensors", "larger");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysThatTheDiskIsFullAndGoesOnLater() throws Exception {
        Files.createDirectories(folder());
        Path part = folder().resolve("model.safetensors.part");
        Files.createSymbolicLink(part, Path.of("/dev/full"));
        refused("org/model", "No space left on device");
        Files.delete(part);
        assertThat(download().resolve("org/model", null).resolve("model.safetensors"))
                .hasBinaryContent(weights);
    }

    @Test
    void refusesNamesThatLeaveTheFolder() throws Exception {
        for (String name :
                List.of("../config.json", "/config.json", "a/../../x.safetensors", "a\\\\b.json", "c:x.json")) {
            list(entry(name, 1, COMMIT), large("model.safetensors", weights));
            refused("org/model", "outside its folder");
        }
        assertThat(home.resolve("whyrank")).doesNotExist();
    }

    @Test
    void refusesFilesItCouldNotCheck() throws Exception {
        list("{\"rfilename\":\"model.safetensors\",\"size\":5}");
        refused("model.safetensors", "no size and hash");
        list("{\"rfilename\":\"model.safetensors\",\"blobId\":\"" + COMMIT + "\"}");
        refused("model.safetensors", "no size and hash");
        list(entry("config.json", 1, COMMIT));
        refused("no safetensors files");
        hub.stubFor(get(urlPathEqualTo(LISTING)).willReturn(aResponse().withBody("<html>")));
        refused("HF_ENDPOINT");
        hub.stubFor(get(urlPathEqualTo(LISTING)).willReturn(aResponse().withBody("{\"sha\":\"../..\"}")));
        refused("no commit");
    }

    @Test
    void saysWhyTheHubRefuses() {
        Map<Integer, String> reasons =
                Map.of(401, "HF_TOKEN", 403, "HF_TOKEN", 404, "not found", 503, "try again later");
        reasons.forEach((status, reason) -> {
            hub.stubFor(get(urlPathEqualTo(LISTING)).willReturn(aResponse().withStatus(status)));
            refused("org/model", reason);
        });
    }

    @Test
    void sendsTheTokenToTheHubOnly() {
        WireMockServer storage = new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
        storage.start();
        try {
            storage.stubFor(get("/blob").willReturn(aResponse().withBody(weights)));
            hub.stubFor(get(WEIGHTS_PATH)
                    .willReturn(aResponse().withStatus(302).withHeader("Location", storage.baseUrl() + "/blob")));
            assertThat(download().resolve("org/model", null).resolve("model.safetensors"))
                    .hasBinaryContent(weights);
            hub.verify(getRequestedFor(urlEqualTo(WEIGHTS_PATH)).withHeader("Authorization", equalTo("Bearer secret")));
            storage.verify(1, getRequestedFor(urlEqualTo("/blob")).withHeader("Authorization", absent()));
        } finally {
            storage.stop();
        }
    }

    @Test
    void stopsFollowingRedirectsThatLeadNowhere() {
        hub.stubFor(get(WEIGHTS_PATH).willReturn(aResponse().withStatus(302).withHeader("Location", WEIGHTS_PATH)));
        refused("redirects without end");
        hub.stubFor(get(WEIGHTS_PATH).willReturn(aResponse().withStatus(302).withHeader("Location", "file:///x")));
        refused("unsafe");
        hub.stubFor(get(WEIGHTS_PATH).willReturn(aResponse().withStatus(302).withHeader("Location", "ht tp:")));
        refused("no valid address");
    }

    @Test
    void findsACompleteDownloadWithoutANetwork() {
        Path folder = download().resolve("org/model", null);
        hub.stubFor(get(anyUrl()).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        assertThat(download().resolve("org/model", null)).isEqualTo(folder);
        hub.stubFor(get(urlPathEqualTo(LISTING)).willReturn(aResponse().withStatus(503)));
        assertThat(download().resolve("org/model", null)).isEqualTo(folder);
        assertThatThrownBy(() -> download().resolve("org/model", "other"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cannot be fetched");
    }

    @Test
    void asksForTheRevision() {
        assertThatThrownBy(() -> download().resolve("org/model@v1.0", null)).hasMessageContaining("org/model@v1.0");
        assertThatThrownBy(() -> download().resolve("org/model", "refs/pr/1")).hasMessageContaining("not found");
        hub.verify(getRequestedFor(urlMatching("/api/models/org/model/revision/v1\\.0\\?.*")));
        hub.verify(getRequestedFor(urlMatching("/api/models/org/model/revision/refs%2Fpr%2F1\\?.*")));
    }

    @Test
    void takesAFolderAsItIsAndRefusesWhatIsNoName() {
        assertThat(download().resolve(home.toString(), null)).isEqualTo(home);
        for (String name :
                List.of("model", "a/b/c", "../no-such-folder", "org/..", "org/a..b", "", "org/mo del", "https://x/y")) {
            assertThatThrownBy(() -> download().resolve(name, null))
                    .as(name)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("neither a folder nor a name");
        }
        assertThatThrownBy(() -> download().resolve("org/model", "../x")).hasMessageContaining("no revision");
    }

    @Test
    void readsItsSettingsFromTheEnvironment() {
        HubSettings settings =
                HubSettings.of(Map.of("HF_ENDPOINT", "http://mirror:8080/", "HF_HOME", "/models", "HF_TOKEN", " t \n"));
        assertThat(settings).isEqualTo(new HubSettings(URI.create("http://mirror:8080"), Path.of("/models"), "t"));
        assertThat(settings.toString()).doesNotContain("token");
        assertThat(HubSettings.of(Map.of()).endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        for (String endpoint : List.of("mirror", "ftp://x", "http://a b", "http:///x", "")) {
            assertThatThrownBy(() -> HubSettings.of(Map.of("HF_ENDPOINT", endpoint)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("HF_ENDPOINT");
        }
    }
}
