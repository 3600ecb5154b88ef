package dev.whyrank.train.laboratory;

/**
 * How long each part of the laboratory learns, in steps of 32 examples.
 *
 * @param plain warm-up on the plainest sentences
 * @param restating warm-up on all sentences
 * @param brief warm-up on routes of one or two links
 * @param distilling with explanations
 * @param blind distilling from the teacher with a blind spot
 * @param refining in each round
 * @param rounds of refinement
 * @param pairs that are sampled in a round
 * @param questions of each test set, six documents each
 */
public record LaboratoryScale(
        int plain,
        int restating,
        int brief,
        int distilling,
        int blind,
        int refining,
        int rounds,
        int pairs,
        int questions) {

    /** Labels alone are shorter to learn than explanations; with so many more steps they take at least as long. */
    static final double LABEL_STEPS = 1.75;

    /** What the claims are tested with. */
    public static final LaboratoryScale FULL = new LaboratoryScale(200, 600, 400, 900, 700, 60, 2, 480, 100);

    /** Shows that everything works together, and nothing else. */
    public static final LaboratoryScale SMOKE = new LaboratoryScale(2, 2, 2, 2, 2, 1, 1, 6, 1);
}
