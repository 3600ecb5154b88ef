package dev.whyrank.rerank;

import java.util.List;

/**
 * What was found about one document.
 *
 * @param explanation the text without label marker; empty if none was asked for
 * @param label the label, an element of {@code labels}
 * @param labels the label set, ascending, for instance 0, 1, 2
 * @param labelProbabilities one for each label, summing to 1
 * @param modelScore the expected label divided by the highest label, in [0, 1]; no other document changes it
 * @param source how the label was found
 * @param ending why writing stopped
 * @param truncated whether the document was cut to fit
 * @param usage tokens spent
 */
public record Judgement(
        String explanation,
        int label,
        List<Integer> labels,
        List<Double> labelProbabilities,
        double modelScore,
        LabelSource source,
        Ending ending,
        boolean truncated,
        Usage usage) {

    /** How the label was found. */
    public enum LabelSource {
        /** The model wrote it where it belongs. */
        STATED,
        /** It was read from the explanation's words. */
        INFERRED,
        /** The explanation was cut and the label demanded. */
        FORCED,
        /** Nothing could be read: the lowest label. */
        DEFAULTED
    }

    /** Why writing stopped. */
    public enum Ending {
        STOP,
        LENGTH,
        DEADLINE
    }

    /**
     * What it cost.
     *
     * @param promptTokens tokens read, those copied from a shared prefix included
     * @param cachedTokens those of them that were copied
     * @param completionTokens tokens generated
     * @param cacheHits judgements that came from the result cache, which cost no tokens
     */
    public record Usage(int promptTokens, int cachedTokens, int completionTokens, int cacheHits) {

        /** Of a judgement that was made. */
        public Usage(int promptTokens, int cachedTokens, int completionTokens) {
            this(promptTokens, cachedTokens, completionTokens, 0);
        }

        Usage plus(Usage other) {
            return new Usage(
                    promptTokens + other.promptTokens,
                    cachedTokens + other.cachedTokens,
                    completionTokens + other.completionTokens,
                    cacheHits + other.cacheHits);
        }
    }

    /** The same at another cost. */
    public Judgement spending(Usage other) {
        return new Judgement(
                explanation, label, labels, labelProbabilities, modelScore, source, ending, truncated, other);
    }
}
