package dev.whyrank.generate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a meter that throws from harming the engine: it is logged, and the next event is tried again. */
final class GuardedListener implements EngineListener {

    private static final Logger log = LoggerFactory.getLogger(GuardedListener.class);

    private final EngineListener inner;

    GuardedListener(EngineListener inner) {
        this.inner = inner;
    }

    @Override
    public void capacity(long positions) {
        guard(() -> inner.capacity(positions));
    }

    @Override
    public void step(int chunks, int prefillTokens, int decodeTokens, int copiedTokens, long nanos) {
        guard(() -> inner.step(chunks, prefillTokens, decodeTokens, copiedTokens, nanos));
    }

    @Override
    public void stepFailed(RuntimeException cause) {
        guard(() -> inner.stepFailed(cause));
    }

    @Override
    public void state(int waiting, int running, long usedPositions, int slots) {
        guard(() -> inner.state(waiting, running, usedPositions, slots));
    }

    @Override
    public void encoded(int texts, int tokens, long nanos) {
        guard(() -> inner.encoded(texts, tokens, nanos));
    }

    private static void guard(Runnable call) {
        try {
            call.run();
        } catch (Throwable thrown) {
            log.error("An engine listener threw; its meters may be wrong", thrown);
        }
    }
}
