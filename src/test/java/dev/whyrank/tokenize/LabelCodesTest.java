package dev.whyrank.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.whyrank.model.InvalidInputException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LabelCodesTest {

    private static final String DEMAND = "\n\nRelevance Label: ";
    private static final List<String> LABELS = List.of("0", "1", "2");

    private static LabelCodes find(Tokenizer tokenizer) {
        return LabelCodes.find(tokenizer, LabelCodes.EXPLANATION, DEMAND, LABELS);
    }

    private static Tokenizer byteLevel(String... merges) {
        return Tokenizer.open(TokenizerFixtures.byteLevel(List.of(merges), false), "tokenizer.json");
    }

    private static int id(Tokenizer tokenizer, String token) {
        return Objects.requireNonNull(tokenizer.idOf(token));
    }

    @Test
    void forcesALoneSpaceWhereDigitsStandAlone() {
        try (Tokenizer tokenizer = byteLevel("Ċ Ċ")) {
            LabelCodes codes = find(tokenizer);
            assertThat(tokenizer.decode(codes.forced())).isEqualTo(DEMAND);
            assertThat(codes.forced()[0]).isEqualTo(id(tokenizer, "ĊĊ"));
            assertThat(codes.ids()).containsExactly(id(tokenizer, "0"), id(tokenizer, "1"), id(tokenizer, "2"));
        }
    }

    @Test
    void takesSpaceAndWordAsOneTokenWhereTheTokenizerDoes() {
        try (Tokenizer tokenizer = byteLevel("Ġ t", "Ġ f")) {
            LabelCodes codes = LabelCodes.find(tokenizer, LabelCodes.EXPLANATION, "\nAnswer: ", List.of("t", "f"));
            assertThat(tokenizer.decode(codes.forced())).isEqualTo("\nAnswer:");
            assertThat(codes.ids()).containsExactly(id(tokenizer, "Ġt"), id(tokenizer, "Ġf"));
        }
    }

    @Test
    void findsByteTokensOfSentencePieceModels() {
        try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixtures.stories(), "t")) {
            LabelCodes codes = find(tokenizer);
            assertThat(codes.ids()).doesNotHaveDuplicates().hasSize(3);
            int[] whole = tokenizer.encodeText(LabelCodes.EXPLANATION + DEMAND + "1");
            int[] context = tokenizer.encodeText(LabelCodes.EXPLANATION);
            assertThat(whole).startsWith(context).endsWith(codes.ids()[1]);
            assertThat(whole).hasSize(context.length + codes.forced().length + 1);
        }
    }

    @Test
    void recognisesMarkupInTheDemand() {
        try (Tokenizer tokenizer = byteLevel()) {
            LabelCodes codes = LabelCodes.find(tokenizer, "", "<think>", List.of("y", "n"));
            assertThat(codes.forced()).containsExactly(TokenizerFixtures.THINK);
        }
    }

    @Test
    void refusesALabelOfSeveralTokens() {
        try (Tokenizer tokenizer = byteLevel()) {
            assertThatThrownBy(() -> LabelCodes.find(tokenizer, "a", DEMAND, List.of("0", "1", "10")))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("single token");
        }
    }

    @Test
    void refusesLabelsThatTheTokenizerCannotTellApart() {
        try (Tokenizer tokenizer = Tokenizer.open(TokenizerFixtures.wordLevel("yes"), "t")) {
            assertThatThrownBy(() -> LabelCodes.find(tokenizer, "yes", " yes ", List.of("yes", "no", "never")))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("not different");
        }
    }

    @Test
    void refusesADemandThatMergesWithTheWordsBefore() {
        try (Tokenizer tokenizer = byteLevel("t a")) {
            assertThatThrownBy(() -> LabelCodes.find(tokenizer, "relevant", "a", List.of("0", "1")))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("merges");
        }
    }
}
