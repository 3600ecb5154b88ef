package dev.whyrank.train;

import dev.whyrank.rerank.EvidenceFeatures;
import java.util.List;

/** A question whose documents were measured; one set of features and one label, 0 to 2, for each. */
public record Measured(List<EvidenceFeatures> features, List<Integer> labels) {}
