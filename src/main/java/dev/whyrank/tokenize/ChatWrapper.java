package dev.whyrank.tokenize;

/**
 * The fixed text around the words of a single user turn, with special tokens spelled out. A whole prompt is {@code
 * encodeMarkup(before) + encodeText(words) + encodeMarkup(after)}; nothing else is put in front.
 *
 * @param before from the token that starts a text to the start of the user's words; may be empty
 * @param after from the end of the user's words to where the model begins to write; may be empty
 */
public record ChatWrapper(String before, String after) {

    /** The wrapper of a model that knows no turns: its start tokens, then raw text. */
    public static ChatWrapper raw(Tokenizer tokenizer) {
        StringBuilder before = new StringBuilder();
        for (int id : tokenizer.startTokens()) {
            before.append(tokenizer.tokenOf(id));
        }
        return new ChatWrapper(before.toString(), "");
    }
}
