package dev.whyrank.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.tokenize.ChatWrapper;
import dev.whyrank.tokenize.Tokenizer;
import dev.whyrank.tokenize.TokenizerFixtures;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ChatTemplateTest {

    private static final String USER = "Is {{ this }} ok? <b>&";

    /** What each family's template is recognised by, and no more. */
    private static final Map<String, String> TEMPLATES = Map.of(
            "llama3_1", "{{ '<|start_header_id|>' + role + '<|end_header_id|>' }}{{ text | trim + '<|eot_id|>' }}",
            "llama3_2",
                    "<|start_header_id|>system<|end_header_id|>{{ \"Cutting Knowledge Date: December 2023\\n\" }}"
                            + "<|eot_id|>",
            "qwen2_5",
                    "{{- '<|im_start|>system\\n' }}{{- '<|im_start|>system\\n' + text + '<|im_end|>\\n' }}"
                            + "{{- '<|im_start|>system\\nYou are Qwen, created by Alibaba Cloud. You are a helpful "
                            + "assistant.<|im_end|>\\n' }}{{- '<|im_start|>assistant\\n' }}",
            "qwen3",
                    "{{- '<|im_start|>system\\n' + text + '<|im_end|>\\n' }}{{- '<|im_start|>assistant\\n' }}"
                            + "{%- if enable_thinking is defined and enable_thinking is false %}");

    private static final Tokenizer TOKENIZER = open();

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    private static Tokenizer open() {
        return Tokenizer.open(
                TokenizerFixtures.byteLevel(
                        List.of(),
                        true,
                        "<|begin_of_text|>",
                        "<|start_header_id|>",
                        "<|end_header_id|>",
                        "<|eot_id|>",
                        "<|im_start|>",
                        "<|im_end|>"),
                "tokenizer.json");
    }

    private ChatWrapper resolve(String template, @Nullable String system, boolean thinking) throws Exception {
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                Json.MAPPER.writeValueAsString(Map.of("chat_template", template)));
        return ChatTemplate.resolve(folder, TOKENIZER, new CheckpointOptions(null, system, thinking, null));
    }

    @Test
    void equalsTheRenderingsOfTheTemplates() throws Exception {
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/chat-renderings.json"))) {
            JsonNode renderings = Json.MAPPER.readTree(in);
            for (Map.Entry<String, String> family : TEMPLATES.entrySet()) {
                JsonNode expected = renderings.path(family.getKey());
                ChatWrapper plain = resolve(family.getValue(), null, true);
                assertThat(plain.before() + USER + plain.after())
                        .isEqualTo(expected.path("user").stringValue());
                ChatWrapper judging = resolve(family.getValue(), "Judge.", true);
                assertThat(judging.before() + "Q" + judging.after())
                        .isEqualTo(expected.path("system_user").stringValue());
            }
            ChatWrapper quick = resolve(Objects.requireNonNull(TEMPLATES.get("qwen3")), null, false);
            assertThat(quick.before() + "Q" + quick.after())
                    .isEqualTo(renderings.path("qwen3").path("user_no_thinking").stringValue());
        }
    }

    @Test
    void takesTheDefaultSystemTextFromTheTemplate() throws Exception {
        String template = "{{ '<|im_start|>system\nBe kind.<|im_end|>\n' }}<|im_start|>assistant<|im_end|>";
        assertThat(resolve(template, null, false).before())
                .isEqualTo("<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\n");
        assertThat(resolve(template, "", false).before()).startsWith("<|im_start|>system\n<|im_end|>");
    }

    @Test
    void opensTheThoughtsOfAModelThatAlwaysThinks() throws Exception {
        String template = "<|im_start|>x<|im_end|>{{- '<|im_start|>assistant\\n<think>\\n' }}";
        assertThat(resolve(template, null, false).after()).isEqualTo("<|im_end|>\n<|im_start|>assistant\n<think>\n");
    }

    @Test
    void prefersTheFileOfItsOwnAndTheDefaultOfSeveral() throws Exception {
        String qwen = Objects.requireNonNull(TEMPLATES.get("qwen2_5"));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                Json.MAPPER.writeValueAsString(Map.of(
                        "chat_template",
                        List.of(
                                Map.of("name", "tool_use", "template", "odd"),
                                Map.of("name", "default", "template", qwen)))));
        assertThat(ChatTemplate.resolve(folder, TOKENIZER, CheckpointOptions.DEFAULT)
                        .before())
                .contains("You are Qwen");
        Files.writeString(folder.resolve("chat_template.jinja"), Objects.requireNonNull(TEMPLATES.get("llama3_1")));
        assertThat(ChatTemplate.resolve(folder, TOKENIZER, CheckpointOptions.DEFAULT)
                        .before())
                .isEqualTo("<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n");
    }

    @Test
    void namesTheSettingThatOverridesAnUnknownTemplate() throws Exception {
        for (String template : List.of(
                "[INST] {{ text }} [/INST]",
                "<|im_start|>only",
                "<|im_start|>system\nA.<|im_end|><|im_start|>system\nB.<|im_end|><|im_start|>assistant")) {
            assertThatThrownBy(() -> resolve(template, null, false))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("tokenizer_config.json")
                    .hasMessageContaining("whyrank.chat.before");
        }
        ChatWrapper own = new ChatWrapper("[INST] ", " [/INST]");
        assertThat(ChatTemplate.resolve(folder, TOKENIZER, new CheckpointOptions(null, null, false, own)))
                .isEqualTo(own);
    }

    @Test
    void refusesATemplateWhoseTokensTheTokenizerLacks() throws Exception {
        Files.writeString(folder.resolve("chat_template.jinja"), Objects.requireNonNull(TEMPLATES.get("qwen3")));
        try (Tokenizer other = Tokenizer.open(TokenizerFixtures.stories(), "t")) {
            assertThatThrownBy(() -> ChatTemplate.resolve(folder, other, CheckpointOptions.DEFAULT))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("<|im_start|>");
        }
    }

    @Test
    void leavesAModelWithoutTemplateItsRawText() {
        assertThat(ChatTemplate.resolve(folder, TOKENIZER, CheckpointOptions.DEFAULT))
                .isEqualTo(new ChatWrapper("<|start|>", ""));
        assertThatThrownBy(() ->
                        ChatTemplate.resolve(folder, TOKENIZER, new CheckpointOptions(null, "Judge.", false, null)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("system");
    }
}
