package dev.whyrank.model;

/** The text of single tokens, as bytes, because a token may hold a part of a character. */
@FunctionalInterface
public interface TokenBytes {

    /** UTF-8 bytes that a token adds to the text that is being written; empty for special tokens. */
    byte[] of(int token);
}
