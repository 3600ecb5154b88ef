package dev.whyrank.evaluate;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.rerank.RerankRequest.Options;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to evaluate and how.
 *
 * @param collection folder or file of a collection
 * @param reading what of it is read
 * @param firstStage where candidates come from
 * @param modes what the reranker is asked to do, the principal mode first
 * @param options how it is to judge; whether to explain is the mode's
 * @param queries how many queries are sampled; 0 for all
 * @param inFlight how many queries the reranker has at once
 * @param seed of the sample, of the order of candidates without scores, and of the tests
 * @param out folder for files, also for going on after an interruption; null for none
 */
public record EvaluationSettings(
        Path collection,
        CollectionOptions reading,
        FirstStage firstStage,
        List<Mode> modes,
        Options options,
        int queries,
        int inFlight,
        long seed,
        @Nullable Path out) {

    /** Checks the ranges. */
    public EvaluationSettings {
        if (queries < 0) {
            throw new InvalidInputException("queries is " + queries + "; give 0 for all, or how many");
        }
        if (inFlight < 1) {
            throw new InvalidInputException("queries in flight are " + inFlight + "; give 1 or more");
        }
        if (!(options.alpha() >= 0 && options.alpha() <= 1)) {
            throw new InvalidInputException("alpha is " + options.alpha() + "; give a number from 0 to 1");
        }
    }

    /** The modes that need the reranker. */
    List<Mode> judgingModes() {
        return modes.stream().filter(mode -> mode != Mode.FIRST_STAGE).toList();
    }
}
