package dev.whyrank.train.tuning;

/**
 * How fast is learnt at which step: rising evenly while it warms up, then constant or falling to a tenth along half a
 * cosine.
 *
 * @param peak the highest rate
 * @param warmUp share of all steps in which it rises, in [0, 1]
 * @param falling whether it falls afterwards
 */
public record LearningRate(double peak, double warmUp, boolean falling) {

    private static final double FLOOR = 0.1;

    /**
     * The rate of a step.
     *
     * @param step from 1 to {@code steps}
     */
    double at(int step, int steps) {
        double rising = Math.ceil(warmUp * steps);
        if (step <= rising) {
            return peak * step / rising;
        }
        if (!falling) {
            return peak;
        }
        double done = (step - rising) / Math.max(1, steps - rising);
        return peak * (FLOOR + (1 - FLOOR) * 0.5 * (1 + Math.cos(Math.PI * done)));
    }
}
