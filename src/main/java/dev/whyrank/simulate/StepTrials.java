package dev.whyrank.simulate;

import dev.whyrank.model.LanguageModel;
import dev.whyrank.model.Sampling;
import dev.whyrank.model.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Steps of many shapes, each timed several times: prompts of several lengths behind beginnings of several lengths, few
 * and many sequences that decode at several depths, both together, and copies. Of a shape's times the median counts.
 *
 * <p>A step makes what lies behind its positions unknown. So a round first fills every slot, and then takes the shapes
 * from high positions to low ones, by chance among those of one position.
 *
 * <p>Whoever calls must own the model, as all its calls are made here.
 */
public final class StepTrials {

    private static final int FEW = 4;
    private static final int TOKEN = 3;

    private final LanguageModel model;
    private final int tokenBudget;
    private final LongSupplier nanoTime;

    /**
     * Trials on a model.
     *
     * @param model with 6 slots and 64 positions or more
     * @param tokenBudget most tokens of a step
     */
    public StepTrials(LanguageModel model, int tokenBudget, LongSupplier nanoTime) {
        this.model = model;
        this.tokenBudget = tokenBudget;
        this.nanoTime = nanoTime;
    }

    /** One step to be timed. */
    private record Trial(Step step, StepWork work, double[] millis) {

        /** The highest that its slots have to be filled up to. */
        int position() {
            return step.chunks().stream().mapToInt(Step.Chunk::position).max().orElseThrow();
        }
    }

    /**
     * Times every shape.
     *
     * @param rounds times that each is run, after one that warms up
     */
    public List<StepFit.Timed> run(int rounds) {
        List<Trial> trials = trials(rounds);
        List<Trial> order = new ArrayList<>(trials);
        for (int round = -1; round < rounds; round++) {
            fill();
            Collections.shuffle(order, new Random(round));
            order.sort(Comparator.comparingInt(Trial::position).reversed());
            for (Trial trial : order) {
                long begin = nanoTime.getAsLong();
                model.run(trial.step());
                if (round >= 0) {
                    trial.millis()[round] = (nanoTime.getAsLong() - begin) / 1e6;
                }
            }
        }
        return trials.stream()
                .map(trial -> new StepFit.Timed(trial.work(), median(trial.millis())))
                .toList();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Writes every slot to its end. */
    private void fill() {
        for (int slot = 0; slot < model.slots(); slot++) {
            for (int at = 0; at < model.slotLength(); at += tokenBudget) {
                int length = Math.min(tokenBudget, model.slotLength() - at);
                model.run(new Step(List.of(), List.of(chunk(slot, at, length, false))));
            }
        }
    }

    private List<Trial> trials(int rounds) {
        int length = model.slotLength();
        int slots = model.slots();
        List<Trial> trials = new ArrayList<>();
        int[] prompts = IntStream.of(8, 32, 64, 128, 256, 512, 1024)
                .filter(tokens -> tokens <= Math.min(tokenBudget, length / 2))
                .toArray();
        int[] batches = IntStream.of(1, 2, 4, 8, 16, 32, 64, 128)
                .filter(batch -> batch <= slots - 2 && batch < tokenBudget)
                .toArray();
        for (int prompt : prompts) {
            for (int position : new int[] {0, length / 4, length / 2}) {
                add(trials, rounds, decode(0, 0), List.of(chunk(0, position, prompt, true)));
            }
            if (prompt * FEW <= tokenBudget) {
                add(
                        trials,
                        rounds,
                        decode(0, 0),
                        IntStream.range(0, FEW)
                                .mapToObj(slot -> chunk(slot, 0, prompt, true))
                                .toList());
            }
        }
        for (int batch : batches) {
            for (int position : new int[] {8, length / 4, length / 2, length - 1}) {
                add(trials, rounds, decode(batch, position), List.of());
            }
            for (int prompt : prompts) {
                if (batch + prompt <= tokenBudget) {
                    add(trials, rounds, decode(batch, length / 2), List.of(chunk(slots - 2, 0, prompt, true)));
                }
            }
        }
        for (int copied : new int[] {length / 8, length / 4, length / 2}) {
            trials.add(copies(rounds, copied));
        }
        return trials;
    }

    private static void add(List<Trial> trials, int rounds, List<Step.Chunk> decode, List<Step.Chunk> prefill) {
        List<Step.Chunk> chunks = new ArrayList<>(decode);
        chunks.addAll(prefill);
        Step step = new Step(List.of(), chunks);
        trials.add(new Trial(step, StepWork.of(step, decode.size()), new double[rounds]));
    }

    private static List<Step.Chunk> decode(int batch, int position) {
        return IntStream.range(0, batch)
                .mapToObj(slot -> chunk(slot, position, 1, true))
                .toList();
    }

    /** The first slots each continue a copy of the last with a few tokens. */
    private Trial copies(int rounds, int copied) {
        List<Step.PrefixCopy> copies = new ArrayList<>();
        List<Step.Chunk> chunks = new ArrayList<>();
        for (int slot = 0; slot < Math.min(FEW, model.slots() - 2); slot++) {
            copies.add(new Step.PrefixCopy(model.slots() - 1, slot, copied));
            chunks.add(chunk(slot, copied, 8, true));
        }
        Step step = new Step(copies, chunks);
        return new Trial(step, StepWork.of(step, 0), new double[rounds]);
    }

    private static Step.Chunk chunk(int slot, int position, int length, boolean sampled) {
        int[] tokens = new int[length];
        Arrays.fill(tokens, TOKEN);
        return new Step.Chunk(slot, position, tokens, sampled ? Sampling.GREEDY : null);
    }
}
