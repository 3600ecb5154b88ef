package dev.whyrank.rerank;

import java.util.List;

/**
 * What came of a question.
 *
 * @param queries in the model's order, none blank; empty if the model wrote no list
 * @param promptTokens tokens that the model read
 * @param completionTokens tokens that it wrote
 */
public record WrittenQueries(List<String> queries, int promptTokens, int completionTokens) {

    public WrittenQueries {
        queries = List.copyOf(queries);
    }
}
