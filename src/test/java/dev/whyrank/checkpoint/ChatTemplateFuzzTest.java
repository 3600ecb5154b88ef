package dev.whyrank.checkpoint;

import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import dev.whyrank.tokenize.ChatWrapper;
import dev.whyrank.tokenize.Tokenizer;
import dev.whyrank.tokenize.TokenizerFixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Any bytes as a chat template: as {@code chat_template.jinja} and as {@code tokenizer_config.json}. */
public class ChatTemplateFuzzTest {

    private static final Tokenizer TOKENIZER = Tokenizer.open(
            TokenizerFixtures.byteLevel(
                    List.of(),
                    false,
                    "<|begin_of_text|>",
                    "<|start_header_id|>",
                    "<|end_header_id|>",
                    "<|eot_id|>",
                    "<|im_start|>",
                    "<|im_end|>"),
            "tokenizer.json");

    private static final CheckpointOptions BRIEF = new CheckpointOptions(null, "Be brief.", true, null);

    public static void fuzzerTestOneInput(byte[] input) {
        Fuzzed.file("chat_template.jinja", input, ChatTemplateFuzzTest::resolve);
        delete(Fuzzed.file("chat_template.jinja", input));
        Fuzzed.file("tokenizer_config.json", input, ChatTemplateFuzzTest::resolve);
    }

    private static void resolve(Path file) {
        Path folder = file.resolveSibling("");
        for (CheckpointOptions options : List.of(CheckpointOptions.DEFAULT, BRIEF)) {
            ChatWrapper chat = ChatTemplate.resolve(folder, TOKENIZER, options);
            boolean turns = !chat.after().isEmpty();
            if (turns && (chat.before().isEmpty() || ChatTemplate.turnEnd(chat).isEmpty())) {
                throw new AssertionError("half a wrapper: " + chat);
            }
            if (turns && TOKENIZER.encodeMarkup(chat.after()).length == 0) {
                throw new AssertionError("markup without tokens: " + chat);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}
