package dev.whyrank.rerank;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whyrank.tokenize.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OpeningTest {

    private static final String[] PARTS = {"word ", "once upon a time ", "aaaa", "漢字", "😀", "-----", ".", "\n\n", "Zq"
    };

    @Test
    void holdsTheTokensOfTheWholeText() {
        try (Tokenizer tokenizer = Tokenizer.open(Path.of("src/test/resources/stories260k/tokenizer.json"))) {
            TokenCodec codec = TokenCodec.of(tokenizer);
            for (int seed = 0; seed < 60; seed++) {
                Random random = new Random(seed);
                String text = text(random, random.nextInt(3000));
                int enough = 1 + random.nextInt(200);
                int[] whole = codec.encodeText(text);
                int[] opening = Opening.of(text, enough, codec);
                assertThat(opening.length).as("seed %d", seed).isGreaterThanOrEqualTo(Math.min(enough, whole.length));
                assertThat(opening).as("seed %d", seed).isEqualTo(Arrays.copyOf(whole, opening.length));
                if (opening.length < enough) {
                    assertThat(opening).as("seed %d", seed).hasSameSizeAs(whole);
                }
            }
        }
    }

    @Test
    void tokenisesLittleMoreThanIsNeeded() {
        AtomicLong characters = new AtomicLong();
        TokenCodec counting = counting(characters, 1);
        assertThat(Opening.of("a".repeat(1_000_000), 100, counting)).hasSizeGreaterThanOrEqualTo(100);
        assertThat(characters).hasValueLessThan(2000);
    }

    @Test
    void looksFurtherWhereTokensAreLong() {
        AtomicLong characters = new AtomicLong();
        TokenCodec counting = counting(characters, 100);
        assertThat(Opening.of("-".repeat(1_000_000), 100, counting)).hasSizeGreaterThanOrEqualTo(100);
        assertThat(characters).hasValueLessThan(120_000);
        assertThat(Opening.of("-".repeat(5000), 100, counting)).hasSize(50);
    }

    /** A tokenizer with one token for so many characters. */
    private static TokenCodec counting(AtomicLong characters, int perToken) {
        return new TokenCodec() {
            @Override
            public int[] encodeText(String words) {
                characters.addAndGet(words.length());
                return new int[(words.length() + perToken - 1) / perToken];
            }

            @Override
            public int[] encodeMarkup(String words) {
                return encodeText(words);
            }

            @Override
            public byte[] of(int token) {
                return new byte[0];
            }
        };
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(PARTS[random.nextInt(PARTS.length)].repeat(1 + random.nextInt(20)));
        }
        return text.toString();
    }
}
