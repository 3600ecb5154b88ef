package dev.whyrank.train.tuning;

import java.util.List;

/** Several listeners as one. */
record Listeners(List<TuningListener> all) implements TuningListener {

    @Override
    public void started(int done, int steps) {
        all.forEach(listener -> listener.started(done, steps));
    }

    @Override
    public void stepped(Step step) {
        all.forEach(listener -> listener.stepped(step));
    }

    @Override
    public void evaluated(Evaluation evaluation) {
        all.forEach(listener -> listener.evaluated(evaluation));
    }

    @Override
    public void ended() {
        all.forEach(TuningListener::ended);
    }

    @Override
    public boolean stopRequested() {
        return all.stream().anyMatch(TuningListener::stopRequested);
    }
}
