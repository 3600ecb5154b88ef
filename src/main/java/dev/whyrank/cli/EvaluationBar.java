package dev.whyrank.cli;

import dev.whyrank.evaluate.Progress;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error, with the time left, for each collection. */
final class EvaluationBar implements Progress {

    private @Nullable ProgressBar bar;

    @Override
    public void started(String collection, long queries, long done) {
        bar = new ProgressBarBuilder()
                .setTaskName(collection)
                .setInitialMax(queries)
                .setUnit(" queries", 1)
                .setUpdateIntervalMillis(500)
                .startsFrom(done, Duration.ZERO)
                .build();
    }

    @Override
    public void advanced() {
        if (bar != null) {
            bar.step();
        }
    }

    @Override
    public void ended() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
