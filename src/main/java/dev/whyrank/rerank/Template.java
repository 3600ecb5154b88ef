package dev.whyrank.rerank;

import dev.whyrank.model.InvalidInputException;
import java.util.List;

/**
 * A prompt with holes for query, document and instruction. The holes are found once, in our own words; what fills them
 * is only ever concatenated, so braces in a document mean nothing.
 */
final class Template {

    private static final String DOCUMENT = "{document}";

    private final List<String> head;
    private final List<String> tail;

    /**
     * Reads a template.
     *
     * @param text has {@code {document}} exactly once; {@code {query}} and {@code {instruction}} any number of times
     */
    Template(String text) {
        int document = text.indexOf(DOCUMENT);
        if (document < 0 || document != text.lastIndexOf(DOCUMENT)) {
            throw new InvalidInputException("prompt template: write " + DOCUMENT + " exactly once");
        }
        if (!text.contains("{query}")) {
            throw new InvalidInputException("prompt template: write {query} at least once");
        }
        this.head = parts(text.substring(0, document));
        this.tail = parts(text.substring(document + DOCUMENT.length()));
    }

    private static List<String> parts(String text) {
        return List.of(text.split("(?<=\\{(query|instruction)})|(?=\\{(query|instruction)})"));
    }

    /** Everything before the document. */
    String head(String query, String instruction) {
        return fill(head, query, instruction);
    }

    /** Everything after the document. */
    String tail(String query, String instruction) {
        return fill(tail, query, instruction);
    }

    private static String fill(List<String> parts, String query, String instruction) {
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            text.append(
                    switch (part) {
                        case "{query}" -> query;
                        case "{instruction}" -> instruction;
                        default -> part;
                    });
        }
        return text.toString();
    }
}
