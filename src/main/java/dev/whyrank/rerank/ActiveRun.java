package dev.whyrank.rerank;

/** An accepted request of any kind, as far as shutting down is concerned. */
interface ActiveRun {

    /** Ends it from outside, now, whatever it waits for; harmless after its end. */
    void abort(ErrorCode code, String message);
}
