package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.MediaType;

class NegotiationTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    text/event-stream                                    | true
                    text/event-stream, application/json                  | true
                    application/json, text/event-stream                  | false
                    application/json;q=0.5, text/event-stream            | true
                    text/event-stream;q=0.5, application/json            | false
                    */*                                                  | false
                    application/json                                     | false
                    text/event-stream, */*;q=0.1                         | true
                    """)
    void theHeaderDecidesByPreference(String accept, boolean streams) {
        assertThat(Negotiation.streams(null, MediaType.parseMediaTypes(accept))).isEqualTo(streams);
        assertThat(Negotiation.streams(false, MediaType.parseMediaTypes(accept)))
                .isEqualTo(streams);
    }

    @Test
    void theBodyWinsOverTheHeader() {
        assertThat(Negotiation.streams(true, MediaType.parseMediaTypes("application/json")))
                .isTrue();
    }

    @Test
    void noHeaderMeansNoStream() {
        assertThat(Negotiation.streams(null, MediaType.parseMediaTypes(""))).isFalse();
    }
}
