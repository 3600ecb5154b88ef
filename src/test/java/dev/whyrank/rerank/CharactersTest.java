package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CharactersTest {

    private static final String[] PARTS = {"a", "ü", "😀", "\ud83d", "\ude00", "\uffff", ""};

    @Test
    void repairsExactlyWhatUtf8CannotHold() {
        for (int seed = 0; seed < 2000; seed++) {
            String text = text(new Random(seed));
            String repaired = Characters.wellFormed(text);
            String throughUtf8 = new String(repaired.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            assertThat(throughUtf8).as("seed %d", seed).isEqualTo(repaired);
            assertThat(repaired).as("seed %d", seed).hasSameSizeAs(text);
            for (int i = 0; i < text.length(); i++) {
                assertThat(repaired.charAt(i)).as("seed %d", seed).isIn(text.charAt(i), '\ufffd');
            }
        }
        assertThat(Characters.wellFormed("😀\ude00\ud83d😀")).isEqualTo("😀\ufffd\ufffd😀");
    }

    @Test
    void aPrefixIsAsLongAsWholeCharactersAllow() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            String text = Characters.wellFormed(text(random));
            int longest = random.nextInt(text.length() + 2);
            String prefix = Characters.prefix(text, longest);
            assertThat(text).as("seed %d", seed).startsWith(prefix);
            assertThat(Characters.wellFormed(prefix)).as("seed %d", seed).isEqualTo(prefix);
            assertThat(prefix.length()).as("seed %d", seed).isBetween(Math.min(longest, text.length()) - 1, longest);
        }
        assertThat(Characters.prefix("a😀b", 2)).isEqualTo("a");
        assertThat(Characters.prefix("a😀b", 3)).isEqualTo("a😀");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \t\n", "\u00a0\u2003", "\u200b\u200d\ufeff", "\u0000\u0007"})
    void nothingToReadIsBlank(String text) {
        assertThat(Characters.blank(text)).isTrue();
        assertThat(Characters.blank(text + "x")).isFalse();
        assertThat(Characters.blank(text + "😀")).isFalse();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(PARTS[random.nextInt(PARTS.length)]);
        }
        return text.toString();
    }

    @Test
    void theFirstAndTheLastHalfOfAPairAreReplacedAndTheirNeighboursKept() {
        assertThat(Characters.wellFormed("\ud7ff\ud800")).isEqualTo("\ud7ff\ufffd");
        assertThat(Characters.wellFormed("\udfff\ue000")).isEqualTo("\ufffd\ue000");
        assertThat(Characters.prefix("a\ud83d", 2)).as("as long as it is").isEqualTo("a\ud83d");
    }
}
