package dev.whyrank;

import dev.whyrank.rerank.LocalReranker;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Stops first of all that has a phase, while the web server still answers. */
final class Drain implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private final LocalReranker reranker;
    private final Duration patience;
    private volatile boolean running;

    Drain(LocalReranker reranker, Duration patience) {
        this.reranker = reranker;
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
        log.info(reranker.drain(patience) ? "Drained" : "Drained: the last requests were failed");
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
