package dev.whyrank.rerank;

import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import dev.whyrank.tokenize.ChatWrapper;
import dev.whyrank.tokenize.Tokenizer;
import dev.whyrank.tokenize.TokenizerFixtures;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Any query, instruction and document, with a byte 0 between them, in a prompt of each format: markup stays ours, and a
 * prompt fits.
 */
public class PromptFuzzTest {

    private static final int ROOM = 700;
    private static final ChatWrapper CHAT = new ChatWrapper("<|start|><|turn|>user\n", "<|end|>\n<|turn|>assistant\n");
    private static final TokenCodec CODEC = TokenCodec.of(Tokenizer.open(
            TokenizerFixtures.byteLevel(List.of("Ġ t", "h e", "Ġt he", "a n", "i n", "e r"), false), "tokenizer.json"));
    private static final List<PromptFormat> FORMATS = List.of(
            PromptFormat.interankExplain(CHAT),
            PromptFormat.interankLabel(CHAT),
            PromptFormat.rank1(CHAT),
            PromptFormat.generic(
                    CHAT,
                    new PromptFormat.Generic(
                            "{instruction}{query}|{document}|{query}",
                            List.of(),
                            "x",
                            "y",
                            LabelSet.GRADED,
                            "",
                            true)));

    public static void fuzzerTestOneInput(byte[] input) {
        String[] texts = Fuzzed.texts(input, 3);
        FORMATS.forEach(format -> Fuzzed.inTime(() -> check(format, texts[0], texts[1], texts[2])));
    }

    private static void check(PromptFormat format, String query, String instruction, String document) {
        PromptFormat.Frame frame = format.frame(query, instruction);
        PromptTokens prompts;
        try {
            prompts = new PromptTokens(CODEC, frame, ROOM, ROOM / 2);
        } catch (RerankException e) {
            require(e.code() == ErrorCode.CONTEXT_LENGTH_EXCEEDED, "refused for another reason than its length");
            return;
        }
        int[] before = CODEC.encodeMarkup(frame.before());
        int[] after = CODEC.encodeMarkup(frame.after());
        PromptTokens.Prompt prompt = prompts.of(document);
        int[] tokens = prompt.tokens();
        int end = tokens.length - after.length;
        require(tokens.length <= ROOM, "longer than its room");
        require(Arrays.equals(before, Arrays.copyOf(tokens, before.length)), "another beginning");
        require(Arrays.equals(after, Arrays.copyOfRange(tokens, end, tokens.length)), "another end");
        boolean plain = Arrays.stream(tokens, before.length, end).allMatch(token -> token < TokenizerFixtures.START);
        require(plain, "text from outside became a special token");
        String text = frame.head() + document + frame.tail();
        int[] unsplit = CODEC.encodeText(text);
        require(
                prompt.truncated() || Arrays.equals(unsplit, Arrays.copyOfRange(tokens, before.length, end)),
                "other tokens than those of the text in one piece");
        int[] other = prompts.of("Another document.").tokens();
        int shared = PromptTokens.commonPrefix(List.of(tokens, other));
        // A tokenizer looks no further than the word around a border.
        int head = CODEC.encodeText(firstWords(frame.head())).length;
        require(shared >= before.length + head, "the words before the document are no longer shared");
    }

    /** What no document can merge with: all but the last word and the white space around it. */
    private static String firstWords(String head) {
        return head.stripTrailing().replaceAll("\\s*\\S*$", "");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}
