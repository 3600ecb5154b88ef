package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class JsonErrorsTest {

    private final JsonMapper json = new ApiJson().mapper();

    private FieldError describe(String body) {
        JacksonException thrown =
                catchThrowableOfType(JacksonException.class, () -> json.readValue(body, RerankBody.class));
        return JsonErrors.describe(thrown);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"query":1}                            | query: expected a string
                    {"top_n":"1"}                          | top_n: expected an integer in range
                    {"top_n":99999999999}                  | top_n: expected an integer in range
                    {"deadline_ms":1e40}                   | deadline_ms: expected an integer in range
                    {"alpha":"x"}                          | alpha: expected a number
                    {"stream":0}                           | stream: expected true or false
                    {"documents":"a"}                      | documents: expected an array
                    {"documents":["a",true]}               | documents[1]: expected a string or an object
                    {"documents":[{"score":[]}]}           | documents[0].score: expected a number
                    {"stream_format":"xml"}                | stream_format: expected "whyrank" or "openai"
                    {"truncation":"x"}                     | truncation: expected "end", "error", true or false
                    {"truncation":{}}                      | truncation: expected "end", "error", true or false
                    {"query":                              | the body is not valid JSON at line 1, column 10
                    """)
    void saysWhereAndWhatInTheClientsWords(String body, String line) {
        assertThat(describe(body).line()).isEqualTo(line);
    }

    @Test
    void readsEverySpellingOfTruncation() {
        assertThat(json.readValue("{\"truncation\":true}", RerankBody.class).truncation())
                .isEqualTo(Truncation.END);
        assertThat(json.readValue("{\"truncation\":\"end\"}", RerankBody.class).truncation())
                .isEqualTo(Truncation.END);
        assertThat(json.readValue("{\"truncation\":false}", RerankBody.class).truncation())
                .isEqualTo(Truncation.ERROR);
        assertThat(json.readValue("{\"truncation\":\"error\"}", RerankBody.class)
                        .truncation())
                .isEqualTo(Truncation.ERROR);
        assertThat(json.readValue("{\"truncation\":null}", RerankBody.class).truncation())
                .isNull();
    }

    @Test
    void readsDocumentsAsStringsAndAsObjects() {
        var documents = json.readValue(
                        "{\"documents\":[\"a\",{\"text\":\"b\",\"score\":2,\"other\":1,\"metadata\":null}]}",
                        RerankBody.class)
                .documents();

        assertThat(documents).containsExactly(DocumentBody.of("a"), new DocumentBody(null, null, "b", 2.0, null));
    }
}
