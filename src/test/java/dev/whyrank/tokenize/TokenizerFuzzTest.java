package dev.whyrank.tokenize;

import dev.whyrank.fuzz.Corpus;
import dev.whyrank.fuzz.Fuzzed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Any bytes as a {@code tokenizer.json}; what opens must encode and decode. */
public class TokenizerFuzzTest {

    private static final String WORDS = "Why is the sky <|end|> blue? größer 漢字 😀\n";

    public static void fuzzerTestOneInput(byte[] input) {
        Fuzzed.inTime(() -> Fuzzed.refusable("tokenizer.json", () -> {
            try (Tokenizer tokenizer = Tokenizer.open(input, "tokenizer.json")) {
                for (int token : tokenizer.encodeText(WORDS)) {
                    tokenizer.of(token);
                }
                tokenizer.decode(tokenizer.encodeMarkup(WORDS));
                ChatWrapper.raw(tokenizer);
            }
        }));
    }

    @ParameterizedTest
    @ArgumentsSource(Corpus.class)
    void standsItsCorpus(byte[] input) {
        fuzzerTestOneInput(input);
    }
}
