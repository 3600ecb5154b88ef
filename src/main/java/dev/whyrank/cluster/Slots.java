package dev.whyrank.cluster;

/** How many more documents a worker can take. Safe for use by many threads. */
final class Slots {

    private final int all;
    private int free;

    Slots(int all) {
        this.all = all;
        this.free = all;
    }

    /** Waits until a task's worth is free, or everything if that is less. */
    synchronized void awaitTask() throws InterruptedException {
        while (free < Math.min(all, TaskMessage.MOST_DOCUMENTS)) {
            wait();
        }
    }

    synchronized void take(int documents) {
        free -= documents;
    }

    synchronized void give(int documents) {
        free += documents;
        notifyAll();
    }

    /** Waits until nothing is taken, but no longer than so many milliseconds. */
    synchronized boolean awaitIdle(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (free < all) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }
}
