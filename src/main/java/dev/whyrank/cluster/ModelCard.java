package dev.whyrank.cluster;

import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.LabelSet;
import java.util.List;

/**
 * What a gateway needs to know of the model that workers serve.
 *
 * @param model the name that results report
 * @param labels ascending
 * @param names the spelling of each label
 * @param tokens that one document can take, explanation included
 */
public record ModelCard(String model, ExplanationKind kind, List<Integer> labels, List<String> names, int tokens) {

    /** The card of a model that is here. */
    public static ModelCard of(String model, Judge judge, int tokens) {
        LabelSet labels = judge.labels();
        return new ModelCard(model, judge.kind(), labels.values(), labels.names(), tokens);
    }

    LabelSet labelSet() {
        return new LabelSet(labels, names);
    }
}
