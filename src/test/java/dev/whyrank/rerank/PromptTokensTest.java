package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.tokenize.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What fits into a prompt, to the token, and what is trained and served on in the same tokens. */
class PromptTokensTest {

    /** One token, ten, four and two, in bytes. */
    private static final PromptFormat.Frame FRAME =
            new PromptFormat.Frame("<|user|>", "Q: why D: ", " END", "<|end|><|assistant|>");

    private static final int AROUND = 1 + 10 + 4 + 2;
    private static final int ALL = Integer.MAX_VALUE;

    private static PromptTokens prompts(int room, int maxDocument) {
        return new PromptTokens(new ByteCodec(), FRAME, room, maxDocument);
    }

    private static String text(PromptTokens.Prompt prompt) {
        return ByteCodec.text(prompt.tokens(), 0);
    }

    @Test
    void aDocumentOfExactlyTheRoomIsWholeAndOneTokenMoreIsCut() {
        PromptTokens prompts = prompts(AROUND + 20, ALL);
        PromptTokens.Prompt whole = prompts.of("x".repeat(20));
        assertThat(whole.truncated()).isFalse();
        assertThat(whole.tokens()).hasSize(AROUND + 20);
        PromptTokens.Prompt cut = prompts.of("x".repeat(20) + "y");
        assertThat(cut.truncated()).isTrue();
        assertThat(text(cut)).isEqualTo("<|user|>Q: why D: " + "x".repeat(20) + " END<|end|><|assistant|>");
    }

    @Test
    void theCallersLimitCutsADocumentThatWouldFit() {
        PromptTokens prompts = prompts(AROUND + 20, 5);
        assertThat(prompts.of("abcde").truncated()).isFalse();
        assertThat(text(prompts.of("abcdef"))).isEqualTo("<|user|>Q: why D: abcde END<|end|><|assistant|>");
    }

    @Test
    void whatLeavesTooLittleForADocumentIsRefused() {
        int least = AROUND + PromptTokens.LEAST_DOCUMENT;
        assertThat(prompts(least, ALL).of("x").truncated()).isFalse();
        assertThatThrownBy(() -> prompts(least - 1, ALL))
                .isInstanceOf(RerankException.class)
                .hasMessageContaining("leave 15 tokens for a document, at least 16");
    }

    @Test
    void answersAreWrittenInTheShapeThatIsRead() {
        PromptFormat explaining = PromptFormat.interankExplain(Laboratory.CHAT);
        assertThat(ServedPrompts.relevanceAnswer(explaining, " It fits. \n", 2))
                .isEqualTo("It fits.\n\nRelevance Label: 2 ##");
        assertThat(ServedPrompts.relevanceAnswer(PromptFormat.interankLabel(Laboratory.CHAT), "It fits.", 1))
                .isEqualTo("Relevance Label: 1 ##");
        String list = ServedPrompts.queriesAnswer(List.of(" why blue ", "sky colour", "dusk"));
        assertThat(list).isEqualTo("1. why blue\n2. sky colour\n3. dusk ##");
        assertThat(QueryPrompt.parse(list, 10)).containsExactly("why blue", "sky colour", "dusk");
    }

    @Test
    void trainingReadsTheServedTokens() {
        ServedPrompts served = new ServedPrompts(new ByteCodec(), Laboratory.CHAT);
        assertThat(ByteCodec.text(served.queries("Why?"), 0))
                .isEqualTo("<|user|>" + QueryPrompt.words("Why?") + "<|end|><|assistant|>");
        PromptFormat explaining = PromptFormat.interankExplain(Laboratory.CHAT);
        assertThat(ByteCodec.text(served.relevance(explaining, "Why?", "Because.", 500), 0))
                .isEqualTo("<|user|>" + explaining.words("Why?", null, "Because.") + "<|end|><|assistant|>");
    }

    @Test
    void labelsAreFoundAsTheyStandInTheFormatsAnswers() {
        try (Tokenizer tokenizer = Tokenizer.open(Path.of("src/test/resources/stories260k/tokenizer.json"))) {
            List<String> forced = new ArrayList<>();
            for (PromptFormat format : List.of(
                    PromptFormat.interankExplain(Laboratory.CHAT), PromptFormat.interankLabel(Laboratory.CHAT))) {
                GenerativeJudge.Asking asking = GenerativeJudge.Asking.of(format, tokenizer);
                assertThat(asking.labels().ids()).hasSize(3).doesNotHaveDuplicates();
                forced.add(tokenizer.decode(asking.labels().forced()).strip());
            }
            assertThat(forced).containsExactly("Relevance Label:", "Relevance Label:");
        }
    }
}
