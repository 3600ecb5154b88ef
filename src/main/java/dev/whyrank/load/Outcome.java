package dev.whyrank.load;

/**
 * What became of a request. Times are nanoseconds of one clock.
 *
 * @param status of the answer; 0 if there was none
 * @param comeBack whether it had {@code Retry-After}
 * @param due when it was to be sent
 * @param firstWords when the first words of an explanation came; {@code due} if none did
 * @param ended when the last byte came, or the client left
 * @param documents that it asked about
 * @param whole whether each document ended exactly once and the stream ended last
 * @param fault what broke, or nothing
 */
public record Outcome(
        Manner manner,
        int status,
        boolean comeBack,
        long due,
        long firstWords,
        long ended,
        int documents,
        boolean whole,
        String fault) {

    static final int OK = 200;
    private static final int OVERLOADED = 429;
    private static final int NOT_READY = 503;

    boolean accepted() {
        return status == OK;
    }

    /** Refused as documented: come back later. */
    boolean refused() {
        return (status == OVERLOADED || status == NOT_READY) && comeBack;
    }

    /** Neither answered whole nor refused as documented; of those who left, nothing more is asked. */
    boolean broken() {
        return accepted() ? manner != Manner.LEAVES && !whole : !refused();
    }

    double seconds() {
        return (ended - due) / 1e9;
    }

    double secondsToFirstWords() {
        return (firstWords - due) / 1e9;
    }
}
