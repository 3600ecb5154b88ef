package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.api.Http;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/** The default model, which reads long documents whole, up to a bound. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class EmbeddedHostileTextTest extends HostileTextContract {

    @Override
    String ordinaryLabelSource() {
        return "stated";
    }

    @Test
    void refusesToWriteQueriesAndNamesTheSetting() {
        HttpResponse<String> response = new Http(port).post("/v1/queries", "{\"question\":\"why?\"}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Http.json(response).at("/code").asString()).isEqualTo("invalid_request");
        assertThat(Http.json(response).at("/detail").asString()).contains("language model", "whyrank.model");
    }
}
