package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.api.WhyrankApiProperties;
import dev.whyrank.model.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;

class SettingNamesTest {

    private final SettingNames names = new SettingNames(Stream.of(WhyrankProperties.class, WhyrankApiProperties.class));

    private void check(String name) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of(name, "x")));
        names.check(environment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "whyrank.model",
                "whyrank.engine.kv-memory",
                "whyrank.engine.kvMemory",
                "whyrank.api.api-keys",
                "whyrank.api.api-keys[0]",
                "WHYRANK_ENGINE_KVMEMORY",
                "WHYRANK_ENGINE_KV_MEMORY",
                "WHYRANK_API_APIKEYS_0",
                "server.port",
                "WHYRANK_SERVICE_HOST",
                "WHYRANK_API_SERVICE_PORT_HTTP",
                "WHYRANK_PORT",
                "WHYRANK_PORT_8080_TCP_ADDR"
            })
    void acceptsWhatIsReadAndWhatIsNotOurs(String name) {
        assertThatCode(() -> check(name)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "whyrank.modle, whyrank.model",
        "whyrank.strict-model, whyrank.api.strict-model",
        "whyrank.engine.precison, whyrank.engine.precision",
        "WHYRANK_DRAINTIMEOT, whyrank.drain-timeout",
        "WHYRANK_ENGINE_SLOTS, whyrank.engine.max-slots"
    })
    void namesTheNearestForWhatNothingReads(String name, String nearest) {
        assertThatThrownBy(() -> check(name))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(name + " is no setting; the nearest is " + nearest);
    }

    @Test
    void namesTheLineOfAFile() throws Exception {
        StandardEnvironment environment = new StandardEnvironment();
        Resource file = new ByteArrayResource(
                "server:\n  port: 1\nwhyrank:\n  modle: x\n".getBytes(StandardCharsets.UTF_8), "my.yaml");
        new YamlPropertySourceLoader()
                .load("file", file)
                .forEach(source -> environment.getPropertySources().addFirst(source));
        assertThatThrownBy(() -> names.check(environment))
                .hasMessage(
                        "whyrank.modle (Byte array resource [my.yaml] - 4:10) is no setting; the nearest is whyrank.model");
    }

    @Test
    void countsEdits() {
        assertThat(SettingNames.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(SettingNames.distance("", "abc")).isEqualTo(3);
        assertThat(SettingNames.distance("abc", "abc")).isZero();
    }
}
