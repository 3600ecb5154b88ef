package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.tokenize.ChatWrapper;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PromptFormatTest {

    private static final ChatWrapper CHAT = new ChatWrapper("<user>", "</user>");

    private static String text(PromptFormat format, @Nullable String instruction) {
        PromptFormat.Frame frame = format.frame("Why is the sky blue?", instruction);
        return frame.before() + frame.head() + "Rayleigh." + frame.tail() + frame.after();
    }

    @Test
    void interankExplainSaysWhatTheModelWasTunedOn() {
        assertThat(text(PromptFormat.interankExplain(CHAT), null))
                .isEqualTo("<user>Explain whether the following document is relevant or not to the given question."
                        + " Then end your response with a relevance label (0: irrelevant, 1: partially relevant, 2:"
                        + " relevant) and the symbol '##'. Question: Why is the sky blue?\nDocument: Rayleigh.</user>");
    }

    @Test
    void interankBaseSpellsOutTheShapeOfTheAnswer() {
        assertThat(text(PromptFormat.interankBase(CHAT), null))
                .isEqualTo("<user>Explain whether the following document is relevant or not to the given question."
                        + " Then end your response with a relevance label (0: irrelevant, 1: partially relevant, 2:"
                        + " relevant) and the symbol '##'. Your response should have this format: '<explanation>\n"
                        + "Relevance Label: <label> ##'. Question: Why is the sky blue?\nDocument: Rayleigh.</user>");
    }

    @Test
    void interankLabelAsksForTheLabelAlone() {
        PromptFormat format = PromptFormat.interankLabel(CHAT);
        assertThat(text(format, null))
                .isEqualTo("<user>Rate the relevance of the following document to the given question using these"
                        + " labels (0: irrelevant, 1: partially relevant, 2: relevant). Your response should have this"
                        + " format: 'Relevance Label: <label> ##'. Question: Why is the sky blue?\nDocument:"
                        + " Rayleigh.</user>");
        assertThat(format.explains()).isFalse();
    }

    @Test
    void instructionFollowsTheFirstSentence() {
        String custom = "Only physics counts.";
        assertThat(text(PromptFormat.interankExplain(CHAT), custom))
                .contains("to the given question. Only physics counts. Then end your response");
        assertThat(text(PromptFormat.interankLabel(CHAT), custom))
                .contains("2: relevant). Only physics counts. Your response should");
    }

    @Test
    void rank1EndsInAnOpenThought() {
        assertThat(text(PromptFormat.rank1(new ChatWrapper("<s>", "")), null))
                .isEqualTo("<s>Determine if the following passage is relevant to the query. Answer only with 'true' or"
                        + " 'false'.\nQuery: Why is the sky blue?\nPassage: Rayleigh.\n<think>");
    }

    @Test
    void qwen3RerankerEndsInAnEmptyThought() {
        assertThat(text(PromptFormat.qwen3Reranker(), null))
                .isEqualTo("<|im_start|>system\nJudge whether the Document meets the requirements based on the Query"
                        + " and the Instruct provided. Note that the answer can only be \"yes\" or \"no\".<|im_end|>\n"
                        + "<|im_start|>user\n<Instruct>: Given a web search query, retrieve relevant passages that"
                        + " answer the query\n<Query>: Why is the sky blue?\n<Document>: Rayleigh.<|im_end|>\n"
                        + "<|im_start|>assistant\n<think>\n\n</think>\n\n");
        assertThat(text(PromptFormat.qwen3Reranker(), "Find laws.")).contains("<Instruct>: Find laws.\n<Query>");
    }

    @Test
    void genericFillsItsHolesOnce() {
        PromptFormat format = PromptFormat.generic(CHAT, generic("{instruction}|{query}|{query}|{document}|end"));
        PromptFormat.Frame frame = format.frame("{document} {instruction}", "{query}");
        assertThat(frame.head()).isEqualTo("{query}|{document} {instruction}|{document} {instruction}|");
        assertThat(frame.tail()).isEqualTo("|end");
    }

    @Test
    void genericRefusesATemplateWithoutQueryOrDocument() {
        assertThatThrownBy(() -> PromptFormat.generic(CHAT, generic("{query}")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("{document} exactly once");
        assertThatThrownBy(() -> PromptFormat.generic(CHAT, generic("{document} {document} {query}")))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> PromptFormat.generic(CHAT, generic("{document}")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("{query}");
    }

    @Test
    void genericRefusesABrokenPatternByName() {
        PromptFormat.Generic settings = new PromptFormat.Generic(
                "{query}{document}", List.of(), "<score>", "(\\d+", LabelSet.numbers(0, 5), "", true);
        assertThatThrownBy(() -> PromptFormat.generic(CHAT, settings))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("label is not a regular expression");
    }

    @Test
    void genericRefusesAnEmptyStopString() {
        PromptFormat.Generic settings =
                new PromptFormat.Generic("{query}{document}", List.of("##", ""), "x", "\\d", LabelSet.GRADED, "", true);
        assertThatThrownBy(() -> PromptFormat.generic(CHAT, settings))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("a stop string is empty");
    }

    private static PromptFormat.Generic generic(String template) {
        return new PromptFormat.Generic(
                template, List.of("</score>"), "<score>", "\\d+", LabelSet.numbers(0, 5), "\n<score>", true);
    }
}
