package dev.whyrank.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class WhyrankApiPropertiesTest {

    private static WhyrankApiProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("whyrank.api", WhyrankApiProperties.class);
    }

    @Test
    void defaultsAreTheDocumentedOnes() {
        assertThat(bind(Map.of()))
                .isEqualTo(new WhyrankApiProperties(
                        1000,
                        DataSize.ofMegabytes(10),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(30),
                        DataSize.ofMegabytes(16),
                        false,
                        List.of(),
                        0,
                        List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "max-documents,0",
        "max-body,0B",
        "keep-alive,0s",
        "client-timeout,-1s",
        "stream-buffer,0B",
        "api-keys,' , '",
        "api-keys,sha256:12ab",
        "requests-per-minute,-1"
    })
    void refusesWhatCannotWork(String name, String value) {
        assertThatThrownBy(() -> bind(Map.of("whyrank.api." + name, value)))
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("whyrank.api." + name);
    }

    @Test
    void neverPrintsItsKeys() {
        assertThat(bind(Map.of("whyrank.api.api-keys", "s3cret")).toString())
                .doesNotContain("s3cret")
                .contains("1 hidden");
    }
}
