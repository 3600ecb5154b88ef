package dev.whyrank.train.refinement;

import java.util.ArrayList;
import java.util.List;

/**
 * What was asked and what a model answered, several times.
 *
 * @param samples the model's answers
 */
public record Answered(Asked asked, List<? extends Response> samples) {

    /** The samples, then the teacher's answer: all that is rewarded. */
    public List<Response> responses() {
        List<Response> all = new ArrayList<>(samples);
        all.add(asked.reference());
        return all;
    }
}
