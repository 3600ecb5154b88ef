package dev.whyrank.checkpoint;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.tokenize.ChatWrapper;
import dev.whyrank.tokenize.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds the fixed text around a single user turn. The template is a program, but it is never run: the families write
 * turns in two ways only, and a template's special tokens and literals tell which variant it is. Document text never
 * comes near it.
 */
final class ChatTemplate {

    /** The date that Llama's own template falls back to; a moving date would make answers depend on the day. */
    private static final String LLAMA_DATES = "Cutting Knowledge Date: December 2023\nToday Date: 26 Jul 2024\n\n";

    /** A system turn that the template writes out as a literal, with its line break escaped or real. */
    private static final Pattern DEFAULT_SYSTEM =
            Pattern.compile("<\\|im_start\\|>system(?:\\\\n|\\n)([^'\"{}]*?)<\\|im_end\\|>");

    private static final Pattern ALWAYS_THINKS = Pattern.compile("<\\|im_start\\|>assistant(?:\\\\n|\\n)<think>");

    private static final List<String> TURN_HEADS = List.of("<|start_header_id|>", "<|im_start|>");

    private final String template;
    private final String source;
    private final CheckpointOptions options;
    private final Tokenizer tokenizer;

    private ChatTemplate(String template, String source, CheckpointOptions options, Tokenizer tokenizer) {
        this.template = template;
        this.source = source;
        this.options = options;
        this.tokenizer = tokenizer;
    }

    /**
     * The wrapper of a model folder.
     *
     * @throws InvalidInputException if there is a template of no known kind and nothing overrides it
     */
    static ChatWrapper resolve(Path folder, Tokenizer tokenizer, CheckpointOptions options) {
        if (options.chat() != null) {
            return options.chat();
        }
        ChatTemplate template = find(folder, tokenizer, options);
        if (template != null) {
            return template.wrapper();
        }
        if (options.system() != null) {
            throw new InvalidInputException(
                    folder + ": neither chat_template.jinja nor tokenizer_config.json has a chat template, so a"
                            + " system text has no place; leave it out");
        }
        return ChatWrapper.raw(tokenizer);
    }

    /** The wrapper of a model folder that must have a template of a known kind. */
    static ChatWrapper require(Path folder, Tokenizer tokenizer) {
        ChatTemplate template = find(folder, tokenizer, CheckpointOptions.DEFAULT);
        if (template == null) {
            throw new InvalidInputException(folder
                    + ": has no chat template, so nothing tells how it reads a conversation; put the"
                    + " chat_template.jinja that it was trained with beside its weights");
        }
        return template.wrapper();
    }

    /** What ends every turn, before the next one's head: the beginning of what follows the user's words. */
    static String turnEnd(ChatWrapper chat) {
        return TURN_HEADS.stream()
                .mapToInt(chat.after()::indexOf)
                .filter(head -> head >= 0)
                .mapToObj(head -> chat.after().substring(0, head))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the wrapper has no turns"));
    }

    private static @Nullable ChatTemplate find(Path folder, Tokenizer tokenizer, CheckpointOptions options) {
        Path jinja = folder.resolve("chat_template.jinja");
        Path config = folder.resolve("tokenizer_config.json");
        String template = null;
        if (Files.isRegularFile(jinja)) {
            template = Json.text(jinja);
        } else if (Files.isRegularFile(config)) {
            template = inConfig(Json.object(config).path("chat_template"));
        }
        if (template == null) {
            return null;
        }
        Path source = Files.isRegularFile(jinja) ? jinja : config;
        return new ChatTemplate(template, source.toString(), options, tokenizer);
    }

    private static @Nullable String inConfig(JsonNode field) {
        if (field.isString()) {
            return field.stringValue();
        }
        for (JsonNode named : field) {
            if (named.path("name").asString("").equals("default")) {
                return named.path("template").asString("");
            }
        }
        return null;
    }

    private ChatWrapper wrapper() {
        if (hasAll("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")) {
            return llama();
        }
        if (hasAll("<|im_start|>", "<|im_end|>", "<|im_start|>assistant")) {
            return chatMl();
        }
        throw unknown();
    }

    private boolean hasAll(String... parts) {
        return List.of(parts).stream().allMatch(template::contains);
    }

    private ChatWrapper llama() {
        requireTokens("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>");
        String system = options.system() == null ? "" : options.system().strip();
        if (template.contains("Cutting Knowledge Date")) {
            system = LLAMA_DATES + system;
        }
        String systemTurn = system.isEmpty() ? "" : llamaHead("system") + system + "<|eot_id|>";
        return new ChatWrapper(
                "<|begin_of_text|>" + systemTurn + llamaHead("user"), "<|eot_id|>" + llamaHead("assistant"));
    }

    private static String llamaHead(String role) {
        return "<|start_header_id|>" + role + "<|end_header_id|>\n\n";
    }

    private ChatWrapper chatMl() {
        requireTokens("<|im_start|>", "<|im_end|>");
        String system = options.system() == null ? defaultSystem() : options.system();
        String systemTurn = system == null ? "" : "<|im_start|>system\n" + system + "<|im_end|>\n";
        String start =
                template.contains("bos_token") ? ChatWrapper.raw(tokenizer).before() : "";
        return new ChatWrapper(
                start + systemTurn + "<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n" + thinkingPrefix());
    }

    private @Nullable String defaultSystem() {
        List<String> literals = DEFAULT_SYSTEM
                .matcher(template)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .collect(Collectors.toList());
        if (literals.size() > 1) {
            throw unknown();
        }
        return literals.isEmpty() ? null : literals.get(0);
    }

    private String thinkingPrefix() {
        if (template.contains("enable_thinking")) {
            return options.thinking() ? "" : "<think>\n\n</think>\n\n";
        }
        Matcher always = ALWAYS_THINKS.matcher(template);
        return always.find() ? "<think>\n" : "";
    }

    private void requireTokens(String... tokens) {
        for (String token : tokens) {
            if (tokenizer.idOf(token) == null) {
                throw new InvalidInputException(source + ": the chat template uses " + token
                        + ", which tokenizer.json does not have; take both from the same model");
            }
        }
    }

    private InvalidInputException unknown() {
        return new InvalidInputException(source + ": the chat template is of no known kind; set whyrank.chat.before"
                + " and whyrank.chat.after to the text around the user's words");
    }
}
