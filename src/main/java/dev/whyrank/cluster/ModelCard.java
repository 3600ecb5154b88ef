package dev.whyrank.cluster;

import dev.whyrank.rerank.ExplanationKind;
import dev.whyrank.rerank.Judge;
import dev.whyrank.rerank.LabelSet;
import java.util.List;
import java.util.Objects;

/**
 * What a gateway needs to know of the model that workers serve.
 *
 * @param model the name that results report
 * @param labels ascending
 * @param names the spelling of each label
 * @param tokens that one document can take, explanation included
 * @param identity differs where judgements of the same request may differ; empty if that is not known
 */
public record ModelCard(
        String model, ExplanationKind kind, List<Integer> labels, List<String> names, int tokens, String identity) {

    public ModelCard {
        identity = Objects.requireNonNullElse(identity, "");
    }

    /** The card of a model that is here. */
    public static ModelCard of(String model, Judge judge, int tokens) {
        return of(model, judge, tokens, "");
    }

    /** The same with its identity. */
    public static ModelCard of(String model, Judge judge, int tokens, String identity) {
        LabelSet labels = judge.labels();
        return new ModelCard(model, judge.kind(), labels.values(), labels.names(), tokens, identity);
    }

    LabelSet labelSet() {
        return new LabelSet(labels, names);
    }
}
