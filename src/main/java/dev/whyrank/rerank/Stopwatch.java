package dev.whyrank.rerank;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Times one request from its acceptance. */
final class Stopwatch {

    private static final long NEVER = -1;

    private final LongSupplier nanoTime;
    private final long accepted;
    private long slot = NEVER;
    private long token = NEVER;

    Stopwatch(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.accepted = nanoTime.getAsLong();
    }

    Duration elapsed() {
        return Duration.ofNanos(passed());
    }

    private long passed() {
        return nanoTime.getAsLong() - accepted;
    }

    /** The first document has its turn; true the first time. */
    boolean slot() {
        boolean first = slot == NEVER;
        slot = first ? passed() : slot;
        return first;
    }

    /** The first piece of an explanation or the first label has come. */
    void token() {
        token = token == NEVER ? passed() : token;
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
