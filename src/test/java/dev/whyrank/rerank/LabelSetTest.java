package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Which sets of labels there are, and what is read where none is written. */
class LabelSetTest {

    @Test
    void valuesAscendFromZeroOrMore() {
        assertThat(new LabelSet(List.of(0, 2), List.of("no", "yes")).highest()).isEqualTo(2);
        for (List<Integer> wrong :
                List.of(List.of(1, 0), List.of(1, 1), List.of(-1, 1), List.of(0), List.<Integer>of())) {
            List<String> names = wrong.stream().map(String::valueOf).toList();
            assertThatThrownBy(() -> new LabelSet(wrong, names))
                    .as("%s", wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new LabelSet(List.of(0, 1), List.of("no")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wordsAreReadOnlyWhereTheFormatSaysSo() {
        LabelGrammar silent =
                new LabelGrammar(LabelSet.GRADED, Pattern.compile("Label:"), Pattern.compile("\\d"), null, null, false);
        assertThat(silent.infer("It is irrelevant.")).isEqualTo(-1);
        assertThat(LabelGrammar.INTERANK.infer("It is irrelevant.")).isZero();
        assertThat(LabelGrammar.INTERANK.infer("It is relevant.")).isEqualTo(2);
        assertThat(LabelGrammar.INTERANK.infer("Who knows?")).isEqualTo(-1);
    }

    @Test
    void aWholeAnswerIsReadAsServingReadsIt() {
        PromptFormat format = PromptFormat.interankExplain(Laboratory.CHAT);
        assertThat(ReadAnswer.of(format, "It fits.\n\nRelevance Label: 2 ##"))
                .isEqualTo(new ReadAnswer("It fits.", 2, Judgement.LabelSource.STATED));
        assertThat(ReadAnswer.of(format, "Relevance Label: 1 ##"))
                .isEqualTo(new ReadAnswer("", 1, Judgement.LabelSource.STATED));
        assertThat(ReadAnswer.of(format, "It is relevant"))
                .isEqualTo(new ReadAnswer("It is relevant", 2, Judgement.LabelSource.INFERRED));
    }
}
