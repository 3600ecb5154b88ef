package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EvidenceTextTest {

    private static final int ROOM = 30;
    /** Ten characters, and a token of each. */
    private static final String SENTENCE = "Abcdefghi. ";

    private static List<Integer> windows(String text) {
        return EvidenceText.of(text, new ByteCodec(), ROOM, Integer.MAX_VALUE).windows().stream()
                .map(window -> window.length)
                .toList();
    }

    @Test
    void aTextThatFitsIsOneWindow() {
        assertThat(windows(SENTENCE.repeat(3))).containsExactly(30);
    }

    /** Packed tightly, the last window would be a single sentence. */
    @Test
    void windowsOfALongerTextAreAboutEquallyLong() {
        assertThat(windows(SENTENCE.repeat(4))).containsExactly(20, 20);
        assertThat(windows(SENTENCE.repeat(7))).containsExactly(20, 30, 20);
    }

    /** Sixty tokens would fill two windows of thirty, but four sentences of fourteen and one of four do not. */
    @Test
    void sentencesThatDoNotFillWindowsLeaveNoRest() {
        assertThat(windows("Abcdefghijklm. ".repeat(4) + "Abc. ")).containsExactly(14, 28, 18);
    }

    @Test
    void aSentenceLongerThanAWindowIsCutAndNothingIsLost() {
        assertThat(windows("x".repeat(70) + ". " + SENTENCE))
                .allSatisfy(length -> assertThat(length).isBetween(1, ROOM))
                .satisfies(lengths ->
                        assertThat(lengths.stream().mapToInt(l -> l).sum()).isEqualTo(81));
    }

    /** The middle of the second of three sentences lies exactly between two windows of fifteen. */
    @Test
    void aSentenceInTheMiddleOfTwoWindowsBelongsToTheFirst() {
        assertThat(EvidenceText.of(SENTENCE.repeat(3), new ByteCodec(), 20, Integer.MAX_VALUE)
                        .windows())
                .extracting(window -> window.length)
                .containsExactly(20, 10);
    }

    @Test
    void isCutToTheCallersBudgetToTheToken() {
        EvidenceText cut = EvidenceText.of(SENTENCE.repeat(3), new ByteCodec(), ROOM, 15);
        assertThat(cut.windows().stream().mapToInt(window -> window.length).sum())
                .isEqualTo(15);
        assertThat(cut.truncated()).isTrue();
        assertThat(cut.sentences()).hasSize(2);
        EvidenceText whole = EvidenceText.of(SENTENCE.repeat(3), new ByteCodec(), ROOM, 30);
        assertThat(whole.truncated()).isFalse();
    }

    @Test
    void ofALongSentenceTheBeginningIsCompared() {
        EvidenceText text = EvidenceText.of("x".repeat(70) + "! " + SENTENCE, new ByteCodec(), ROOM, 1000);
        assertThat(text.quotable()).extracting(ids -> ids.length).containsExactly(ROOM, 10);
    }

    @Test
    void aTextWithoutTokensIsOneEmptyWindow() {
        EvidenceText nothing = EvidenceText.of("...", new ByteCodec(), ROOM, 0);
        assertThat(nothing.sentences()).isEmpty();
        assertThat(nothing.windows())
                .singleElement()
                .satisfies(window -> assertThat(window).isEmpty());
    }

    @Test
    void countsTheWordsThatMeanSomething() {
        assertThat(EvidenceText.of("Why is the sky blue? The sea reflects.", new ByteCodec(), ROOM, 1000)
                        .words())
                .isEqualTo(TextAnalysis.ENGLISH
                        .words("Why is the sky blue? The sea reflects.")
                        .size())
                .isPositive();
    }
}
