package dev.whyrank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.checkpoint.CheckpointOptions;
import dev.whyrank.model.InvalidInputException;
import dev.whyrank.tokenize.ChatWrapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class CheckpointModelTest {

    private static CheckpointOptions options(Map<String, String> settings) {
        return CheckpointModel.options(new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("whyrank", WhyrankProperties.class));
    }

    @Test
    void takesTheTextAroundAPromptFromTheSettings() {
        assertThat(options(Map.of())).isEqualTo(CheckpointOptions.DEFAULT);
        assertThat(options(Map.of(
                        "whyrank.chat.before", "[INST] ",
                        "whyrank.chat.after", " [/INST]",
                        "whyrank.chat.thinking", "true")))
                .isEqualTo(new CheckpointOptions(null, null, true, new ChatWrapper("[INST] ", " [/INST]")));
        assertThatThrownBy(() -> options(Map.of("whyrank.chat.before", "[INST] ")))
                .rootCause()
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("whyrank.chat.before is set alone");
    }

    @Test
    void refusesASystemTextThatNoPromptWouldHold() {
        for (String format : List.of("rank1", "qwen3-reranker")) {
            assertThatThrownBy(() -> options(Map.of("whyrank.format", format, "whyrank.system", "Be brief.")))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("whyrank.format " + format);
        }
        assertThatThrownBy(() -> options(
                        Map.of("whyrank.system", "Be brief.", "whyrank.chat.before", "<", "whyrank.chat.after", ">")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("whyrank.chat.before");
    }
}
