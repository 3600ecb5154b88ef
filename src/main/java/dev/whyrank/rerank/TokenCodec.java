package dev.whyrank.rerank;

import dev.whyrank.model.TokenBytes;
import dev.whyrank.tokenize.Tokenizer;

/** What judging needs of a tokenizer. Safe for use by many threads. */
public interface TokenCodec extends TokenBytes {

    /** Ids of text from outside, in which the spelling of a special token is plain characters. */
    int[] encodeText(String words);

    /** Ids of text of our own, in which special tokens are recognised. */
    int[] encodeMarkup(String words);

    /** A real tokenizer. */
    static TokenCodec of(Tokenizer tokenizer) {
        return new TokenCodec() {
            @Override
            public int[] encodeText(String words) {
                return tokenizer.encodeText(words);
            }

            @Override
            public int[] encodeMarkup(String words) {
                return tokenizer.encodeMarkup(words);
            }

            @Override
            public byte[] of(int token) {
                return tokenizer.of(token);
            }
        };
    }
}
