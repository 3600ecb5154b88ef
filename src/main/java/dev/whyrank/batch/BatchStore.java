package dev.whyrank.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Keeps batches for a time. Safe for use by many threads; calls may wait for a disk or a network. What is not there, for
 * instance because its time is over, is ignored by the methods that change something.
 *
 * <p>Methods throw {@link dev.whyrank.rerank.RerankException} {@code NOT_READY} where the store cannot be reached.
 */
public interface BatchStore {

    /**
     * Keeps a new batch.
     *
     * @param lines its lines; the first has number 1
     * @throws dev.whyrank.rerank.RerankException {@code OVERLOADED} if there is no room now
     */
    void add(Batch batch, List<String> lines);

    /** A batch as it stands. */
    Optional<Batch> find(String id);

    /** Batches that have not ended, oldest first. */
    List<String> open();

    /**
     * Takes a batch or keeps it: nobody else can hold it until the lease runs out.
     *
     * @param holder names the process
     * @return false if somebody else holds it, or it is gone
     */
    boolean hold(String id, String holder, Duration lease);

    /** Gives a batch back before its lease runs out, if this holder has it. */
    void letGo(String id, String holder);

    /** Numbers of the lines that are not finished. */
    SortedSet<Integer> unfinished(String id);

    /** The text of a line that is not finished. */
    Optional<String> line(String id, int number);

    /** Finishes a line; the first result counts. Where there is no room for it, what is kept says so. */
    void finish(String id, int number, LineResult result);

    /** Asks for a batch to be stopped; one that has ended stays as it is. */
    void cancel(String id);

    /** Ends a batch and forgets the texts of its unfinished lines; the first end counts. */
    void end(String id, Batch.Status status, Instant now);

    /**
     * Results of some lines, by number.
     *
     * @param from the first line
     * @param to after the last one
     */
    SortedMap<Integer, String> results(String id, int from, int to);
}
