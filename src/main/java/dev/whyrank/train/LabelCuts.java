package dev.whyrank.train;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Where to cut a score from 0 to 1 into three labels, so that they are worth most. The best place on one sample is
 * noisy, so it is the mean over resamples of the questions.
 *
 * @param partly above it the label is at least 1
 * @param fully above it the label is 2
 */
record LabelCuts(double partly, double fully) {

    private static final int RESAMPLES = 40;
    private static final int STEPS = 100;
    /** Steps by which cuts differ between resamples. */
    private static final int UNCERTAIN = 3;

    /** Finds cuts; one list of judged documents for each question. */
    static LabelCuts find(List<List<Judged>> questions, LabelWorth worth, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double partly = 0;
        double fully = 0;
        for (int resample = 0; resample < RESAMPLES; resample++) {
            List<Judged> drawn = new ArrayList<>();
            for (int i = 0; i < questions.size(); i++) {
                drawn.addAll(questions.get(random.nextInt(questions.size())));
            }
            LabelCuts best = best(drawn, worth);
            partly += best.partly / RESAMPLES;
            fully += best.fully / RESAMPLES;
        }
        return new LabelCuts(partly, fully);
    }

    /**
     * The best cuts on other questions that are no further from these than these are uncertain. Of equals those nearest
     * to these.
     */
    LabelCuts settle(List<List<Judged>> questions, LabelWorth worth) {
        List<Judged> judged = questions.stream().flatMap(Collection::stream).toList();
        List<LabelCuts> near = new ArrayList<>();
        for (int low = -UNCERTAIN; low <= UNCERTAIN; low++) {
            for (int high = -UNCERTAIN; high <= UNCERTAIN; high++) {
                near.add(new LabelCuts(partly + (double) low / STEPS, fully + (double) high / STEPS));
            }
        }
        return near.stream()
                .filter(cuts -> cuts.partly <= cuts.fully)
                .max(Comparator.<LabelCuts>comparingDouble(cuts -> worth.of(cuts.counts(judged)))
                        .thenComparing(cuts -> -Math.hypot(cuts.partly - partly, cuts.fully - fully)))
                .orElse(this);
    }

    private int[][] counts(List<Judged> judged) {
        int[][] counts = new int[3][3];
        judged.forEach(one -> counts[one.label()][label(one.score())]++);
        return counts;
    }

    private static LabelCuts best(List<Judged> judged, LabelWorth worth) {
        // above[label][step]: documents of that label whose score is above the step.
        int[][] above = new int[3][STEPS + 1];
        for (Judged one : judged) {
            IntStream.rangeClosed(0, STEPS)
                    .filter(step -> one.score() > (double) step / STEPS)
                    .forEach(step -> above[one.label()][step]++);
        }
        int[] all = new int[3];
        judged.forEach(one -> all[one.label()]++);
        double highest = -1;
        LabelCuts best = new LabelCuts(0, 0);
        for (int low = 0; low <= STEPS; low++) {
            for (int high = low; high <= STEPS; high++) {
                int[][] counts = new int[3][];
                for (int label = 0; label < 3; label++) {
                    counts[label] = new int[] {
                        all[label] - above[label][low], above[label][low] - above[label][high], above[label][high]
                    };
                }
                double value = worth.of(counts);
                if (value > highest) {
                    highest = value;
                    best = new LabelCuts((double) low / STEPS, (double) high / STEPS);
                }
            }
        }
        return best;
    }

    int label(double score) {
        if (score > fully) {
            return 2;
        }
        return score > partly ? 1 : 0;
    }
}
