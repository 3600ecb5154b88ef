package dev.whyrank.cli;

import dev.whyrank.train.paid.AskingListener;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error, with the time left. */
final class AskingBar implements AskingListener {

    private final String task;
    private volatile @Nullable ProgressBar bar;
    private @Nullable OrderlyEnd end;

    AskingBar(String task) {
        this.task = task;
    }

    @Override
    public void started(int answers, int done) {
        end = new OrderlyEnd();
        bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(answers)
                .setUnit(" answers", 1)
                .setUpdateIntervalMillis(500)
                .startsFrom(done, Duration.ZERO)
                .build();
    }

    @Override
    public void answered() {
        ProgressBar shown = bar;
        if (shown != null) {
            shown.step();
        }
    }

    @Override
    public boolean stopRequested() {
        return end != null && end.wanted();
    }

    @Override
    public void ended() {
        ProgressBar shown = bar;
        if (shown != null) {
            shown.close();
        }
    }

    /** Everything is written. */
    void over() {
        if (end != null) {
            end.over();
        }
    }
}
