package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How evidence is put into words, to the character. */
class EvidenceWordsTest {

    private static List<String> pieces(String... sentences) {
        EvidenceCoverage nothing = new EvidenceCoverage(List.of(), List.of());
        return EvidenceWords.pieces(1, nothing, List.of(sentences), 0.5);
    }

    @Test
    void quotesAreMarkedAsTheirOwnMarksAllow() {
        assertThat(pieces("An egg."))
                .containsExactly(
                        "The document is near the question.",
                        " Closest passage: ",
                        "\"An egg.\"",
                        " (similarity 0.50)");
        assertThat(pieces("\"Egg\", he said.")).contains("\u201c\"Egg\", he said.\u201d");
    }

    @Test
    void aSentenceOfTheLongestQuoteIsQuotedWhole() {
        String longest = "a".repeat(100) + " " + "b".repeat(298) + ".";
        assertThat(longest).hasSize(EvidenceWords.LONGEST_QUOTE);
        assertThat(EvidenceWords.quote(longest)).isEqualTo(longest);
        String spaced = "a".repeat(300) + " " + "b".repeat(99);
        assertThat(EvidenceWords.quote(spaced)).isEqualTo(spaced);
        assertThat(EvidenceWords.quote(spaced + "c")).isEqualTo("a".repeat(300));
    }

    @Test
    void aCutBetweenWordsMustLeaveMoreThanHalf() {
        String early = "a".repeat(200) + " " + "b".repeat(300);
        assertThat(EvidenceWords.quote(early)).isEqualTo(early.substring(0, 400));
        String later = "a".repeat(201) + " " + "b".repeat(300);
        assertThat(EvidenceWords.quote(later)).isEqualTo("a".repeat(201));
    }

    @Test
    void fiveWordsOfEachKindAreNamed() {
        TextAnalysis analysis = TextAnalysis.ENGLISH;
        String query = "egg fox hen cow pig dog owl";
        EvidenceCoverage all = EvidenceCoverage.of(EvidenceCoverage.words(analysis, query), analysis, List.of(query));
        assertThat(all.covered()).containsExactly("egg", "fox", "hen", "cow", "pig");
        assertThat(all.missing()).isEmpty();
        EvidenceCoverage none =
                EvidenceCoverage.of(EvidenceCoverage.words(analysis, "ox " + query), analysis, List.of("tea"));
        assertThat(none.covered()).isEmpty();
        assertThat(none.missing()).as("an ox is too short").containsExactly("egg", "fox", "hen", "cow", "pig");
    }
}
