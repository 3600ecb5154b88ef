package dev.whyrank.broken.generate;

/** Breaks: time is no argument. */
class ReadsClock {

    long now() {
        return System.nanoTime();
    }
}
