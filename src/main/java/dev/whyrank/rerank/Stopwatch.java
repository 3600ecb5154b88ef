package dev.whyrank.rerank;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Times one request from its acceptance, and tells the observer how long it waited. */
final class Stopwatch {

    private static final long NEVER = -1;

    private final LongSupplier nanoTime;
    private final RerankObserver observer;
    private final long accepted;
    private long slot = NEVER;
    private long token = NEVER;

    Stopwatch(LongSupplier nanoTime, RerankObserver observer) {
        this.nanoTime = nanoTime;
        this.observer = observer;
        this.accepted = nanoTime.getAsLong();
    }

    Duration elapsed() {
        return Duration.ofNanos(passed());
    }

    private long passed() {
        return nanoTime.getAsLong() - accepted;
    }

    /** A document has its turn; the first one counts. */
    void slot() {
        if (slot == NEVER) {
            slot = passed();
            observer.queued(Duration.ofNanos(slot));
        }
    }

    /** A piece of an explanation or a label has come; the first one counts. */
    void token() {
        if (token == NEVER) {
            token = passed();
            observer.firstToken(Duration.ofNanos(token));
        }
    }

    /** What never came took as long as the whole request. */
    RerankEvent.Timings timings() {
        long total = passed();
        return new RerankEvent.Timings(
                Duration.ofNanos(slot == NEVER ? total : slot),
                Duration.ofNanos(token == NEVER ? total : token),
                Duration.ofNanos(total));
    }
}
