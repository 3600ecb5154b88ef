package dev.whyrank.broken.generate;

/** Breaks: a second thread. */
class StartsThread {

    void start() {
        new Thread(() -> {}).start();
    }
}
