package dev.whyrank;

import dev.whyrank.cluster.ClusterWorker;
import dev.whyrank.rerank.LocalReranker;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Stops first of all that has a phase, while the web server still answers. */
final class Drain implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private final LocalReranker reranker;
    private final Optional<ClusterWorker> worker;
    private final Duration patience;
    private volatile boolean running;

    Drain(LocalReranker reranker, Optional<ClusterWorker> worker, Duration patience) {
        this.reranker = reranker;
        this.worker = worker;
        this.patience = patience;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        log.info("Draining: new requests are refused, running ones have {}", patience);
        long end = System.nanoTime() + patience.toNanos();
        log.info(reranker.drain(patience) ? "Drained" : "Drained: the last requests were failed");
        worker.ifPresent(here -> {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            log.info(here.drain(left) ? "Worked off" : "Worked off: the last tasks are left to other workers");
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
