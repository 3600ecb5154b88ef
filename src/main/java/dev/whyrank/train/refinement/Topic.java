package dev.whyrank.train.refinement;

import dev.whyrank.train.tuning.TrainingRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * A question for which search queries are wanted.
 *
 * @param place among everything that is asked
 * @param queries the teacher's, at least one
 */
public record Topic(int place, String question, List<String> queries) implements Asked {

    /**
     * The questions of records for which the teacher wrote queries, in order.
     *
     * @param first the place of the first
     */
    public static List<Topic> of(List<TrainingRecord> records, int first) {
        List<Topic> topics = new ArrayList<>();
        for (TrainingRecord record : records) {
            if (!record.queries().isEmpty()) {
                topics.add(new Topic(first + topics.size(), record.question(), record.queries()));
            }
        }
        return topics;
    }

    @Override
    public QueryList reference() {
        return new QueryList(queries, true);
    }
}
