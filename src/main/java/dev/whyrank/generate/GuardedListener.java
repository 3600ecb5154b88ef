package dev.whyrank.generate;

import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a meter that throws from harming the engine and other meters: it is logged, and the next event is tried again. */
final class GuardedListener implements EngineListener {

    private static final Logger log = LoggerFactory.getLogger(GuardedListener.class);

    private final List<EngineListener> inner;

    GuardedListener(List<EngineListener> inner) {
        this.inner = List.copyOf(inner);
    }

    @Override
    public void capacity(long positions) {
        tell(listener -> listener.capacity(positions));
    }

    @Override
    public void step(int chunks, int prefillTokens, int decodeTokens, int copiedTokens, long nanos) {
        tell(listener -> listener.step(chunks, prefillTokens, decodeTokens, copiedTokens, nanos));
    }

    @Override
    public void stepFailed(RuntimeException cause) {
        tell(listener -> listener.stepFailed(cause));
    }

    @Override
    public void state(int waiting, int running, long usedPositions, int slots) {
        tell(listener -> listener.state(waiting, running, usedPositions, slots));
    }

    @Override
    public void accepted(List<SequenceRequest> sequences, int sharedPrefix) {
        tell(listener -> listener.accepted(sequences, sharedPrefix));
    }

    @Override
    public void accepted(List<int[]> texts) {
        tell(listener -> listener.accepted(texts));
    }

    @Override
    public void encoded(int texts, int tokens, long nanos) {
        tell(listener -> listener.encoded(texts, tokens, nanos));
    }

    private void tell(Consumer<EngineListener> event) {
        for (EngineListener listener : inner) {
            try {
                event.accept(listener);
            } catch (Throwable thrown) {
                log.error("An engine listener threw; its meters may be wrong", thrown);
            }
        }
    }
}
