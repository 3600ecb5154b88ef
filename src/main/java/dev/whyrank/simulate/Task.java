package dev.whyrank.simulate;

import dev.whyrank.generate.SequenceRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some documents of one request that one worker does together. */
final class Task {

    private final SimulatedRequest request;
    private final int from;
    private final int count;
    private int open;
    private int attempts;
    private long id;
    private @Nullable Worker worker;

    Task(SimulatedRequest request, int from, int count) {
        this.request = request;
        this.from = from;
        this.count = count;
        this.open = count;
    }

    SimulatedRequest request() {
        return request;
    }

    /** Its documents. */
    int count() {
        return count;
    }

    /** A document's place in its request. */
    int index(int document) {
        return from + document;
    }

    List<SequenceRequest> sequences() {
        List<SequenceRequest> sequences = new ArrayList<>(count);
        for (int document = 0; document < count; document++) {
            sequences.add(request.sequence(from + document));
        }
        return sequences;
    }

    /** A worker begins it, or begins it again. */
    void begin(Worker taker, long given) {
        worker = taker;
        id = given;
        attempts++;
        open = count;
    }

    /** Its worker died. */
    void orphan() {
        worker = null;
    }

    /** Who does it, or did; null while it waits. */
    @Nullable
    Worker worker() {
        return worker;
    }

    int attempts() {
        return attempts;
    }

    /** What its worker's scheduler calls it. */
    long id() {
        return id;
    }

    /** One of its documents has ended on its worker; says whether it was the last. */
    boolean ended() {
        open--;
        return open == 0;
    }
}
