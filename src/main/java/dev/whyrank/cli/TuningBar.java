package dev.whyrank.cli;

import dev.whyrank.train.tuning.TuningListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error with the loss beside it; what dev examples showed goes to the console. */
final class TuningBar implements TuningListener {

    private final String task;
    private final PrintWriter out;
    private @Nullable ProgressBar bar;
    private @Nullable Step last;
    private @Nullable OrderlyEnd end;

    TuningBar(String task, PrintWriter out) {
        this.task = task;
        this.out = out;
    }

    @Override
    public void started(int done, int steps) {
        end = new OrderlyEnd();
        bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .setUnit(" steps", 1)
                .setUpdateIntervalMillis(1000)
                .startsFrom(done, Duration.ZERO)
                .build();
    }

    @Override
    public void stepped(Step step) {
        last = step;
        if (bar != null) {
            bar.setExtraMessage(
                    String.format(Locale.ROOT, " loss %.3f, %.0f tokens/s", step.loss(), step.tokensPerSecond()));
            bar.step();
        }
    }

    @Override
    public void evaluated(Evaluation evaluation) {
        out.printf(
                Locale.ROOT,
                "step %d: dev loss %.4f%s%n",
                evaluation.step(),
                evaluation.loss(),
                Double.isNaN(evaluation.labelAccuracy())
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", labels right behind the teacher's explanation %.3f",
                                evaluation.labelAccuracy()));
        out.flush();
    }

    @Override
    public boolean stopRequested() {
        return end != null && end.wanted();
    }

    @Override
    public void ended() {
        if (end != null) {
            end.over();
        }
        if (bar != null) {
            bar.close();
            bar = null;
        }
        if (last != null) {
            out.printf(
                    Locale.ROOT,
                    "%d steps, loss %.4f, %.0f tokens/s%n",
                    last.step(),
                    last.loss(),
                    last.tokensPerSecond());
            out.flush();
        }
    }
}
