package dev.whyrank.api.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.api.ApiTestApplication;
import dev.whyrank.api.FakeReranker;
import dev.whyrank.api.Http;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

@SpringBootTest(classes = ApiTestApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class CompatExamplesTest {

    @Autowired
    FakeReranker reranker;

    @LocalServerPort
    int port;

    @BeforeEach
    void reset() {
        reranker.reset();
    }

    @Test
    void whatIsShownWorks() {
        Http http = new Http(port);

        assertThat(Http.json(http.post("/v2/rerank", CompatExamples.COHERE)).at("/results"))
                .hasSize(1);
        assertThat(Http.json(http.post("/rerank", CompatExamples.TEI))
                        .at("/0/text")
                        .asString())
                .isNotBlank();
        assertThat(Http.json(http.post("/v1/score", CompatExamples.SCORE)).at("/data"))
                .hasSize(2);
    }
}
