package dev.whyrank.simulate;

import dev.whyrank.generate.FinishReason;
import dev.whyrank.generate.Priority;
import dev.whyrank.generate.SequenceListener;
import dev.whyrank.generate.SequenceRequest;
import dev.whyrank.rerank.Admission;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One request: its sizes, the tasks that it was cut into, and what has become of its documents. */
final class SimulatedRequest {

    /** What is appended to an explanation that is cut short: the label's marker and the label. */
    static final int FORCED_TOKENS = 8;

    private static final SequenceListener NOBODY = new SequenceListener() {
        @Override
        public void started(int promptTokens, int cachedTokens) {}

        @Override
        public void token(int token, float[] labelLogProbabilities) {}

        @Override
        public void finished(FinishReason reason, float[] labelLogProbabilities) {}

        @Override
        public void failed(RuntimeException cause) {}
    };

    private final long arrival;
    private final Priority priority;
    private final int question;
    private final int[] documents;
    private final int[] explanations;
    private final int limit;
    private final List<Task> tasks = new ArrayList<>();
    private final BitSet ended = new BitSet();
    private Admission.@Nullable Permit permit;
    private long firstToken = -1;
    private boolean pastDeadline;

    SimulatedRequest(Traffic traffic, int number, long arrival) {
        SplittableRandom chance = traffic.chance(number);
        this.arrival = arrival;
        this.priority = chance.nextDouble() < traffic.bulkShare() ? Priority.BULK : Priority.INTERACTIVE;
        this.question = traffic.question().draw(chance);
        this.limit = traffic.explanationLimit();
        int count = traffic.documents().draw(chance);
        documents = new int[count];
        explanations = new int[count];
        for (int i = 0; i < count; i++) {
            documents[i] = traffic.document().draw(chance);
            explanations[i] = traffic.explanation().draw(chance);
        }
    }

    long arrival() {
        return arrival;
    }

    Priority priority() {
        return priority;
    }

    int size() {
        return documents.length;
    }

    /** What admission counts: the question once, the documents, and all that may be written. */
    long estimatedTokens() {
        long tokens = question;
        for (int document : documents) {
            tokens += document + (long) limit;
        }
        return tokens;
    }

    /** Cuts it into tasks of at most so many documents, or 0 for one of all. */
    List<Task> cut(int most) {
        int each = most == 0 ? documents.length : most;
        for (int from = 0; from < documents.length; from += each) {
            tasks.add(new Task(this, from, Math.min(each, documents.length - from)));
        }
        return tasks;
    }

    List<Task> tasks() {
        return tasks;
    }

    SequenceRequest sequence(int index) {
        return sequence(index, NOBODY);
    }

    SequenceRequest sequence(int index, SequenceListener listener) {
        return Countdown.sequence(question + documents[index], explanations[index], limit, FORCED_TOKENS, listener);
    }

    int sharedPrefix() {
        return question;
    }

    void admitted(Admission.Permit given) {
        permit = given;
    }

    /** Gives its place in the queue back. */
    void leave() {
        if (permit != null) {
            permit.release();
        }
    }

    /** Notes a document's end; false if it had ended before, as only the first end counts. */
    boolean end(int index) {
        if (ended.get(index)) {
            return false;
        }
        ended.set(index);
        return true;
    }

    boolean over() {
        return ended.cardinality() == documents.length;
    }

    /** A token came; workers that look ahead do not tell in order. */
    void token(long time) {
        if (firstToken < 0 || time < firstToken) {
            firstToken = time;
        }
    }

    /** When the first token came, or a negative number if none has. */
    long firstToken() {
        return firstToken;
    }

    void deadline() {
        pastDeadline = true;
    }

    boolean isPastDeadline() {
        return pastDeadline;
    }
}
