package dev.whyrank.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopMatcherTest {

    @Test
    void findsAStringThatSpansTokens() {
        assertThat(pieceThatStops(List.of(" ##"), "label: 2", " ", "#", "#!")).isEqualTo(3);
        assertThat(pieceThatStops(List.of(" ##"), "label: 2", " #", " #", "x##"))
                .isEqualTo(-1);
        assertThat(pieceThatStops(List.of("zz", "2 #"), "label: 2", " ", "#")).isEqualTo(2);
        assertThat(pieceThatStops(List.of(), "anything", "")).isEqualTo(-1);
    }

    @Test
    void fallsBackToTheLongestBorder() {
        assertThat(pieceThatStops(List.of("aab"), "aaab")).isZero();
        assertThat(pieceThatStops(List.of("abcabd"), "abcab", "cab", "d")).isEqualTo(2);
        assertThat(pieceThatStops(List.of("abaabab"), "abaab", "aabab")).isEqualTo(1);
    }

    @Test
    void matchesCharactersWhoseBytesArriveApart() {
        StopMatcher matcher = new StopMatcher(List.of("é!"));
        byte[] bytes = "é!".getBytes(StandardCharsets.UTF_8);
        assertThat(matcher.completes(new byte[] {bytes[0]})).isFalse();
        assertThat(matcher.completes(new byte[] {bytes[1]})).isFalse();
        assertThat(matcher.completes(new byte[] {bytes[2]})).isTrue();
    }

    @Test
    void agreesWithAPlainSearch() {
        Random random = new Random(5);
        for (int round = 0; round < 2000; round++) {
            List<String> stops = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                stops.add(word(random, 1 + random.nextInt(5)));
            }
            StopMatcher matcher = new StopMatcher(stops);
            StringBuilder text = new StringBuilder();
            boolean found = false;
            while (!found && text.length() < 40) {
                String piece = word(random, random.nextInt(4));
                text.append(piece);
                found = matcher.completes(piece.getBytes(StandardCharsets.UTF_8));
                assertThat(found)
                        .as("%s in %s, round %d", stops, text, round)
                        .isEqualTo(stops.stream().anyMatch(stop -> text.indexOf(stop) >= 0));
            }
        }
    }

    private static String word(Random random, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append(random.nextInt(3) == 0 ? 'b' : 'a');
        }
        return word.toString();
    }

    private static int pieceThatStops(List<String> stops, String... pieces) {
        StopMatcher matcher = new StopMatcher(stops);
        for (int i = 0; i < pieces.length; i++) {
            if (matcher.completes(pieces[i].getBytes(StandardCharsets.UTF_8))) {
                return i;
            }
        }
        return -1;
    }
}
