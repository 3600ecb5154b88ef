package dev.whyrank.rerank;

import dev.whyrank.model.InvalidInputException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** Judges documents, each by itself. Safe for use by many threads. */
public interface Judge {

    /** What explanations are made of. */
    ExplanationKind kind();

    /** The labels it gives. */
    LabelSet labels();

    /**
     * Whether the same document is judged in the same way again: false while anything is sampled without a seed. Asked
     * for each request.
     */
    default boolean reproducible() {
        return true;
    }

    /**
     * The work a request means, guessed from lengths alone, before any tokenising: prompt and generated tokens of all
     * its documents, a shared prefix counted once.
     */
    long estimateTokens(RerankRequest request);

    /** Scores to fuse with when the caller sent none; called on a worker thread. None by default. */
    default Optional<StandIn> standIn(RerankRequest request) {
        return Optional.empty();
    }

    /**
     * Scores in place of a first stage's.
     *
     * @param scores one for each candidate
     * @param warning what the caller should know about them
     */
    record StandIn(List<Double> scores, String warning) {}

    /**
     * Starts judging; called on a worker thread, returns once all documents are handed on.
     *
     * @throws RerankException if the request cannot be judged as a whole; then nothing is told to the listener
     * @throws InvalidInputException likewise
     */
    Judging judge(Task task, Listener listener);

    /**
     * Documents of one request to judge.
     *
     * @param indices places in the request, each once, at least one; none is {@linkplain Characters#blank blank}
     * @param explain whether to explain, too
     * @param mailbox runs the request's work one piece at a time, in order; the only place to call the listener from
     * @param abandoned whether the request was cancelled; asked between documents
     */
    record Task(
            RerankRequest request,
            List<Integer> indices,
            boolean explain,
            Executor mailbox,
            BooleanSupplier abandoned) {}

    /** A task at work. Safe from any thread, harmless after the end. */
    interface Judging {

        /** Ends all documents now, as withdrawn. */
        void cancel();

        /** Ends running documents with a forced label, waiting ones as withdrawn. */
        void conclude();

        /** What the caller should know about how the request was read. */
        default List<String> warnings() {
            return List.of();
        }
    }

    /** Told what happens to each document: possibly started, then deltas, then exactly one of the other three. */
    interface Listener {

        void started(int index, int promptTokens, int cachedTokens, boolean truncated);

        void delta(int index, String text);

        /**
         * Whoever judged the document was lost and another begins again: its deltas so far count no more. Told only by
         * judges whose work is elsewhere, as are the next two.
         *
         * @param attempt the number of the new one, above 1
         */
        default void restarted(int index, int attempt) {}

        /** What the caller should know about how the request was read, when that is known late. */
        default void warned(List<String> warnings) {}

        /** The request cannot be judged as a whole, which is known late; nothing more is told. */
        default void refused(ErrorCode code, String message) {}

        void judged(int index, Judgement judgement);

        void failed(int index, ErrorCode code, String message);

        /** The document was cancelled, or was still waiting when the task was concluded. */
        void withdrawn(int index);
    }
}
