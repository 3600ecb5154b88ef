package dev.whyrank.evaluate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation of one collection found.
 *
 * @param settings name to value of what it was run with
 * @param firstStage what the first stage reached
 * @param systems each mode in each scoring, the principal mode first
 * @param modes how each mode answered
 * @param runs file name to rankings, the first stage's included
 * @param busy the time during which the reranker had work
 */
record CollectionResult(
        String name,
        Map<String, String> settings,
        Scores firstStage,
        List<SystemResult> systems,
        List<ModeResult> modes,
        Map<String, Map<String, List<Run.Scored>>> runs,
        Duration busy) {

    /** A mode in a scoring, compared with the first stage by {@link Measure#MAIN}. */
    record SystemResult(Mode mode, Scoring scoring, Scores scores, Significance difference) {}

    /**
     * How a mode answered.
     *
     * @param labels null where judgements are not graded
     * @param explanations null where no language model explained
     */
    record ModeResult(
            Mode mode,
            AnswerStats stats,
            @Nullable LabelQuality labels,
            @Nullable ExplanationQuality explanations) {}

    /** The first stage's scores, then each system's. */
    List<Scores> rows() {
        return Stream.concat(Stream.of(firstStage), systems.stream().map(SystemResult::scores))
                .toList();
    }
}
