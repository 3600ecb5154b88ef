package dev.whyrank.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.whyrank.model.InvalidInputException;
import dev.whyrank.model.ScriptedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepFitTest {

    private static final StepCost TRUTH = StepCost.linear("truth", List.of("made up"), 2, 0.1, 0.3, 0.001, 1e-5, 0.002);

    /** The trials of a model whose clock moves by a known cost; noise is a factor around 1. */
    private static List<StepFit.Timed> timed(double noise) {
        AtomicLong clock = new AtomicLong();
        Random random = new Random(1);
        ScriptedModel model = new ScriptedModel(17, 400, 50).tokenBudget(256).beforeStep(step -> {
            int decode = 0;
            while (decode < step.chunks().size() && step.chunks().get(decode).tokens().length == 1) {
                decode++;
            }
            double millis = TRUTH.millis(StepWork.of(step, decode)) * (1 + noise * random.nextGaussian());
            clock.addAndGet(Math.round(millis * 1e6));
        });
        return new StepTrials(model, 256, clock::get).run(3);
    }

    @Test
    void findsTheCostOfAModelAgain() {
        StepFit fit = StepFit.of("m", List.of(), timed(0));
        StepCost.Bound found = fit.cost().bounds().get(0);
        StepCost.Bound truth = TRUTH.bounds().get(0);
        assertThat(found.step()).isCloseTo(truth.step(), within(1e-3));
        assertThat(found.prefillToken()).isCloseTo(truth.prefillToken(), within(1e-4));
        assertThat(found.decodeSequence()).isCloseTo(truth.decodeSequence(), within(1e-3));
        assertThat(found.decodeContext()).isCloseTo(truth.decodeContext(), within(1e-5));
        assertThat(found.prefillContext()).isCloseTo(truth.prefillContext(), within(1e-6));
        assertThat(found.copiedToken()).isCloseTo(truth.copiedToken(), within(1e-4));
        assertThat(fit.rSquared()).isGreaterThan(0.9999);
    }

    @Test
    void saysHowWellItFits() {
        StepFit fit = StepFit.of("m", List.of(), timed(0.1));
        assertThat(fit.rSquared()).isBetween(0.8, 0.999);
        assertThat(fit.medianError()).isBetween(0.01, 0.1);
        assertThat(fit.worstError()).isBetween(fit.medianError(), 0.4);
    }

    @Test
    void noCoefficientIsNegative() {
        List<StepFit.Timed> steps = new ArrayList<>();
        for (int n = 1; n <= 20; n++) {
            steps.add(new StepFit.Timed(new StepWork(n, n % 3, n % 5, n % 7, n % 4), 10 - 0.2 * n));
        }
        StepCost.Bound found = StepFit.of("m", List.of(), steps).cost().bounds().get(0);
        assertThat(found.prefillToken()).isZero();
        assertThat(found.step()).isPositive();
    }

    @Test
    void aCostIsReadAsItWasWritten(@TempDir Path folder) {
        Path file = folder.resolve("cost.json");
        TRUTH.write(file);
        assertThat(StepCost.open(file.toString())).isEqualTo(TRUTH);
    }

    @Test
    void aFileThatIsNoCostIsNamed(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("x.json"), "{\"name\": \"x\"}");
        assertThatThrownBy(() -> StepCost.open(file.toString()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("x.json");
        Files.writeString(file, "{\"name\": \"x\", \"source\": [], \"bounds\": null}");
        assertThatThrownBy(() -> StepCost.open(file.toString()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("bounds");
        assertThatThrownBy(() -> StepCost.open("h200-70b"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("h100-3b");
    }

    /** The weights of 3.21e9 parameters in bfloat16 at 70% of 3.35 TB/s, and 1.5 ms around them. */
    @Test
    void thePaperMachineReadsItsWeightsInEveryStep() {
        StepCost paper = StepCost.open("h100-3b");
        double weights = 3.21e9 * 2 / (0.7 * 3.35e12) * 1000;
        assertThat(paper.millis(new StepWork(0, 1, 1, 0, 0))).isCloseTo(1.5 + weights, within(0.01));
        double arithmetic = 512 * 2 * 2.82e9 / (0.5 * 989e12) * 1000;
        assertThat(paper.millis(new StepWork(512, 0, 0, 0, 0))).isCloseTo(1.5 + arithmetic, within(0.02));
    }
}
