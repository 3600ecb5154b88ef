package dev.whyrank.train.refinement;

import dev.whyrank.train.tuning.TrainingRecord;
import dev.whyrank.train.tuning.TrainingRecord.Judged;
import java.util.ArrayList;
import java.util.List;

/**
 * A question and one of its documents. Two pairs with the same texts are two pairs: they differ in their place.
 *
 * @param place among everything that is asked
 * @param teacher the document and what the teacher made of it
 */
public record Pair(int place, String question, Judged teacher) implements Asked {

    /** All pairs of records, in order. */
    public static List<Pair> of(List<TrainingRecord> records) {
        List<Pair> pairs = new ArrayList<>();
        for (TrainingRecord record : records) {
            for (Judged document : record.documents()) {
                pairs.add(new Pair(pairs.size(), record.question(), document));
            }
        }
        return pairs;
    }

    @Override
    public Answer reference() {
        return new Answer(teacher.explanation(), teacher.label(), true, true);
    }
}
