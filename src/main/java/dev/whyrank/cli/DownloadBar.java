package dev.whyrank.cli;

import dev.whyrank.checkpoint.DownloadListener;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error for each file that is fetched. */
final class DownloadBar implements DownloadListener {

    private static final long MEBIBYTE = 1L << 20;

    private @Nullable ProgressBar bar;

    @Override
    public void started(String file, long bytes, long present) {
        bar = new ProgressBarBuilder()
                .setTaskName(file)
                .setInitialMax(bytes)
                .setUnit(" MiB", MEBIBYTE)
                .setUpdateIntervalMillis(500)
                .startsFrom(present, Duration.ZERO)
                .build();
    }

    @Override
    public void advanced(long bytes) {
        if (bar != null) {
            bar.stepBy(bytes);
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
