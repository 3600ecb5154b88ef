package dev.whyrank.simulate;

import java.util.PriorityQueue;

/** What happens when, and the clock: it stands still while something happens and jumps to what happens next. */
final class Agenda {

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long now;
    private long added;

    /** Of two things at the same time, what was noted first comes first. */
    private record Entry(long time, long order, Runnable event) implements Comparable<Entry> {

        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(time, other.time);
            return byTime == 0 ? Long.compare(order, other.order) : byTime;
        }
    }

    /** Nanoseconds since the beginning. */
    long now() {
        return now;
    }

    /** Notes what happens so many nanoseconds from now. */
    void after(long nanos, Runnable event) {
        entries.add(new Entry(now + nanos, added++, event));
    }

    /** Lets everything happen, also what is only noted meanwhile. */
    void run() {
        for (Entry next = entries.poll(); next != null; next = entries.poll()) {
            now = next.time;
            next.event.run();
        }
    }
}
