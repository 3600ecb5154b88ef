package dev.whyrank.train.tuning;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.torch.TorchTrainer;
import dev.whyrank.model.torch.TrainingBatch;
import dev.whyrank.train.tuning.TuningListener.Evaluation;
import dev.whyrank.train.tuning.TuningListener.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Learns examples, step by step. Used once, by one thread. */
public final class TuningRun {

    private final TorchTrainer trainer;
    private final List<Example> examples;
    private final List<Example> dev;
    private final TuningSettings settings;
    private final SavedState saved;
    private final TuningListener listener;
    private final BatchOrder order;
    private final int steps;
    private long tokens;
    private long began;
    private Duration processorBefore = Duration.ZERO;
    private Duration processorAtStart = Duration.ZERO;

    /**
     * Prepares a run.
     *
     * @param dev examples that are looked at and never learnt; may be empty
     * @param saved where states are kept
     */
    public TuningRun(
            TorchTrainer trainer,
            List<Example> examples,
            List<Example> dev,
            TuningSettings settings,
            SavedState saved,
            TuningListener listener) {
        this.trainer = trainer;
        this.examples = List.copyOf(examples);
        this.dev = List.copyOf(dev);
        this.settings = settings;
        this.saved = saved;
        this.listener = listener;
        order = new BatchOrder(
                examples.stream().mapToInt(Example::length).toArray(), settings.batch(), settings.seed());
        steps = settings.stepsFor(order.batchesPerEpoch());
    }

    /**
     * Learns until all steps are made or the time is over, from the last saved state on if there is one.
     *
     * @return steps made in all
     * @throws InvalidInputException if the listener asked to stop, with what to do to go on
     */
    public int run() throws IOException {
        SavedState.Progress past = saved.restore(trainer);
        listener.started(past.step(), steps);
        began = System.nanoTime();
        processorBefore = past.processor();
        processorAtStart = ProcessorTime.now();
        try {
            int step = learnFrom(past.step());
            save(step);
            return step;
        } finally {
            listener.ended();
        }
    }

    private int learnFrom(int done) throws IOException {
        int step = done;
        while (step < steps && !timeIsOver()) {
            step++;
            listener.stepped(learn(step));
            if (step % settings.evaluateEvery() == 0 || step == steps) {
                evaluate(step);
            }
            boolean stops = step < steps && listener.stopRequested();
            if (stops || (step % settings.saveEvery() == 0 && step < steps)) {
                save(step);
            }
            if (stops) {
                throw new InvalidInputException("stopped at step " + step + " of " + steps
                        + "; start it again with the same --out and it goes on there");
            }
        }
        return step;
    }

    private boolean timeIsOver() {
        Duration patience = settings.patience();
        return patience != null && processor().compareTo(patience) > 0;
    }

    /** Of this run, what was taken before it was taken up included. */
    private Duration processor() {
        return processorBefore.plus(ProcessorTime.now()).minus(processorAtStart);
    }

    private void save(int step) throws IOException {
        saved.save(trainer, new SavedState.Progress(step, processor()));
    }

    private Step learn(int step) {
        List<List<Example>> passes = new ArrayList<>();
        long all = (long) order.batchesPerEpoch() * settings.epochs();
        for (int pass = 0; pass < settings.accumulation(); pass++) {
            long number = (step - 1L) * settings.accumulation() + pass;
            if (number < all) {
                passes.add(Arrays.stream(order.batch(number))
                        .mapToObj(examples::get)
                        .toList());
            }
        }
        int among = passes.stream().mapToInt(List::size).sum();
        double loss = 0;
        for (int pass = 0; pass < passes.size(); pass++) {
            TrainingBatch batch = Batches.of(passes.get(pass), among);
            long seed = Chance.seed(settings.seed() + 1, (step - 1L) * settings.accumulation() + pass);
            loss += loss(batch, trainer.accumulate(batch, seed));
            tokens += passes.get(pass).stream().mapToLong(Example::length).sum();
        }
        double rate = settings.rate().at(step, steps);
        double norm = trainer.update(new TorchTrainer.Update(step, rate, settings.weightDecay(), settings.clip()));
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Step(step, loss, norm, rate, tokens / Math.max(1e-9, seconds));
    }

    private static double loss(TrainingBatch batch, TrainingBatch.Outcome outcome) {
        double loss = 0;
        for (int i = 0; i < outcome.losses().length; i++) {
            loss += (double) batch.weights()[i] * outcome.losses()[i];
        }
        return loss;
    }

    private void evaluate(int step) {
        if (dev.isEmpty()) {
            return;
        }
        double loss = 0;
        int labels = 0;
        int right = 0;
        for (int from = 0; from < dev.size(); from += settings.batch()) {
            List<Example> part = dev.subList(from, Math.min(dev.size(), from + settings.batch()));
            TrainingBatch batch = Batches.of(part, dev.size());
            TrainingBatch.Outcome outcome = trainer.evaluate(batch);
            loss += loss(batch, outcome);
            for (int row : Batches.labelRows(part)) {
                if (row >= 0) {
                    labels++;
                    right += outcome.likeliest()[row] == batch.targets()[row] ? 1 : 0;
                }
            }
        }
        listener.evaluated(new Evaluation(step, loss, labels == 0 ? Double.NaN : (double) right / labels));
    }
}
