/**
 * Text to token ids and back, with Hugging Face tokenizers, and the fixed text around a user's words.
 *
 * <p>Text from outside is data. Everything that a caller sends, and every document, goes through {@link
 * dev.whyrank.tokenize.Tokenizer#encodeText}, where the spelling of a special token is nothing but characters; only the
 * wrapper that an operator chose at import goes through {@link dev.whyrank.tokenize.Tokenizer#encodeMarkup}. That is two
 * native tokenizers made from one file, because the native library has no switch for it.
 *
 * <p>A {@link dev.whyrank.tokenize.Tokenizer} is owned by the checkpoint that opened it and may be used by any number of
 * threads; closing waits until the last call has returned. The other types are immutable.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.tokenize;
