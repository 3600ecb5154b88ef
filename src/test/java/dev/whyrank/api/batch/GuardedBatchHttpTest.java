package dev.whyrank.api.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.whyrank.api.ApiTestApplication;
import dev.whyrank.api.Http;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Batches where keys are asked for, of few bytes, and forgotten soon. */
@SpringBootTest(
        classes = ApiTestApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "whyrank.api.api-keys=first-key,second-key",
            "whyrank.batches.max-body=1KB",
            "whyrank.batches.retention=1s"
        })
@Timeout(60)
class GuardedBatchHttpTest {

    private static final String PATH = "/v1/rerank/batches";
    private static final String LINE = "{\"query\":\"q\",\"documents\":[\"good\"]}\n";
    private static final String[] FIRST = {"X-Api-Key", "first-key", "Content-Type", "application/jsonl"};
    private static final String[] SECOND = {"X-Api-Key", "second-key"};

    @LocalServerPort
    int port;

    @Test
    void asksForAKey() {
        Http http = new Http(port);
        assertThat(http.post(PATH, LINE, "Content-Type", "application/jsonl").statusCode())
                .isEqualTo(401);
        assertThat(http.post(PATH, LINE, "Content-Type", "application/jsonl", "X-Api-Key", "third")
                        .statusCode())
                .isEqualTo(403);
        assertThat(http.get(PATH + "/batch_x").statusCode()).isEqualTo(401);
        assertThat(http.get(PATH + "/batch_x/results").statusCode()).isEqualTo(401);
        assertThat(http.post(PATH + "/batch_x/cancel", "").statusCode()).isEqualTo(401);
    }

    @Test
    void aBatchIsThereForTheKeyThatMadeItUntilItsTimeIsOver() {
        Http http = new Http(port);
        HttpResponse<String> created = http.post(PATH, LINE, FIRST);
        assertThat(created.statusCode()).isEqualTo(202);
        String path = PATH + "/" + Http.json(created).at("/id").asString();
        assertThat(http.get(path, "Authorization", "Bearer first-key").statusCode())
                .isEqualTo(200);
        assertThat(http.get(path, SECOND).statusCode()).isEqualTo(404);
        assertThat(http.get(path + "/results", SECOND).statusCode()).isEqualTo(404);
        assertThat(http.post(path + "/cancel", "", SECOND).statusCode()).isEqualTo(404);
        await().until(() -> http.get(path, "X-Api-Key", "first-key").statusCode() == 404);
        assertThat(http.get(path + "/results", "X-Api-Key", "first-key").statusCode())
                .isEqualTo(404);
    }

    @Test
    void moreBytesThanAllowedAreTooLarge() {
        HttpResponse<String> response = new Http(port).post(PATH, LINE.repeat(40), FIRST);
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(Http.json(response).at("/detail").asString()).contains("1024 bytes");
    }
}
