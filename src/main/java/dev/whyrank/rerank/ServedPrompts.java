package dev.whyrank.rerank;

import dev.whyrank.tokenize.ChatWrapper;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Prompts and answers in the very tokens in which serving has them, for training on. Safe for use by many threads. */
public final class ServedPrompts {

    private final TokenCodec codec;
    private final ChatWrapper chat;

    public ServedPrompts(TokenCodec codec, ChatWrapper chat) {
        this.codec = codec;
        this.chat = chat;
    }

    /**
     * Asks about a document, which is cut as serving cuts it.
     *
     * @param room tokens that the prompt may have
     * @throws RerankException if the question leaves no room for a document
     */
    public int[] relevance(PromptFormat format, String question, String document, int room) {
        return new PromptTokens(codec, format.frame(question, null), room, Integer.MAX_VALUE)
                .of(document)
                .tokens();
    }

    /** Asks for search queries. */
    public int[] queries(String question) {
        return Stream.of(
                        codec.encodeMarkup(chat.before()),
                        codec.encodeText(QueryPrompt.words(question)),
                        codec.encodeMarkup(chat.after()))
                .flatMapToInt(IntStream::of)
                .toArray();
    }

    /** What a model should write about a document, up to its stop mark. */
    public static String relevanceAnswer(PromptFormat format, String explanation, int label) {
        String words = format.explains() ? explanation.strip() : "";
        return words + format.forcedText() + label + format.stops().get(0);
    }

    /** What a model should write when it is asked for queries: one on each line, numbered. */
    public static String queriesAnswer(Iterable<String> queries) {
        StringBuilder list = new StringBuilder();
        int number = 0;
        for (String query : queries) {
            list.append(number++ == 0 ? "" : "\n").append(number).append(". ").append(query.strip());
        }
        return list.append(QueryPrompt.STOP).toString();
    }
}
