/**
 * Many requests that nobody waits for: kept until they are done, and done when there is room.
 *
 * <p>A {@link dev.whyrank.batch.BatchStore} owns batches, their open lines and their results; lines are texts here, and
 * what they mean is {@link dev.whyrank.batch.LineWork}'s. A {@link dev.whyrank.batch.BatchRunner} takes batches up, a few
 * lines at a time, and has one thread, on which all of its state lives and all calls to the store are made that it makes;
 * so a slow store slows batches and nothing else. It holds a batch by a lease. Where processes share a store, any of them
 * takes over a batch whose lease ran out; a line is finished by the first result that the store gets for it.
 *
 * <p>A line that cannot be done for want of room or because its process is stopping is not finished: it waits and is tried
 * again.
 */
@org.jspecify.annotations.NullMarked
package dev.whyrank.batch;
