package dev.whyrank.broken.generate;

/** Breaks nothing: the one class that may. */
class GenerationEngine {

    long now() {
        return Loop.now() + Thread.currentThread().getId();
    }

    /** Part of the engine. */
    static class Loop {

        static long now() {
            return System.nanoTime();
        }
    }
}
