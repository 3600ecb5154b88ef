package dev.whyrank.train.refinement;

import dev.whyrank.rerank.QueryPrompt;
import dev.whyrank.rerank.ServedPrompts;
import java.util.List;

/**
 * Search queries that a model, or the teacher, wrote for a question.
 *
 * @param queries one for each numbered line; empty if there was none
 */
public record QueryList(List<String> queries, boolean finished) implements Response {

    @Override
    public boolean stated() {
        return !queries.isEmpty();
    }

    /** One query on each line, numbered. */
    @Override
    public String words() {
        String list = ServedPrompts.queriesAnswer(queries);
        return list.substring(0, list.length() - QueryPrompt.STOP.length());
    }
}
