package dev.whyrank.generate;

import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/** A submitted request: its handle for the submitter, and for the engine's thread the note of who has ended. */
final class Ticket implements GenerationTicket {

    private final long id;
    private final List<SequenceRequest> sequences;
    private final Consumer<Consumer<Scheduler>> control;
    private final BitSet waiting = new BitSet();
    private final BitSet open = new BitSet();

    /**
     * A request none of whose sequences has started.
     *
     * @param control takes a change of the scheduler to the engine's thread
     */
    Ticket(long id, List<SequenceRequest> sequences, Consumer<Consumer<Scheduler>> control) {
        this.id = id;
        this.sequences = List.copyOf(sequences);
        this.control = control;
        waiting.set(0, sequences.size());
        open.set(0, sequences.size());
    }

    @Override
    public void cancel() {
        control.accept(scheduler -> scheduler.cancel(id));
    }

    @Override
    public void cancel(int index) {
        control.accept(scheduler -> scheduler.cancel(id, index));
    }

    @Override
    public void conclude() {
        control.accept(scheduler -> scheduler.conclude(id));
    }

    long id() {
        return id;
    }

    List<SequenceRequest> sequences() {
        return sequences;
    }

    SequenceListener listener(int index) {
        return sequences.get(index).listener();
    }

    /** Takes a sequence out of the queue and says whether it was still in it. */
    boolean leaveQueue(int index) {
        boolean waited = waiting.get(index);
        waiting.clear(index);
        return waited;
    }

    void end(int index) {
        open.clear(index);
    }

    /** The sequences without a terminal event. */
    BitSet open() {
        return open;
    }
}
