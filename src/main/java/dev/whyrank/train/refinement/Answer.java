package dev.whyrank.train.refinement;

/**
 * What a model, or the teacher, wrote about a pair.
 *
 * @param finished whether it ended by itself; one that did not is never learnt
 * @param stated whether the label was stated where it belongs
 */
public record Answer(String explanation, int label, boolean finished, boolean stated) implements Response {

    /** A label without an explanation is not what is to be learnt. */
    @Override
    public boolean learnable() {
        return finished && stated && !explanation.isBlank();
    }

    /** The explanation and, if it was stated, the label. */
    @Override
    public String words() {
        return stated ? explanation + "\n\nRelevance Label: " + label : explanation;
    }
}
