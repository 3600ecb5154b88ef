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
}
