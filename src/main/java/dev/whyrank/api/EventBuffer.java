package dev.whyrank.api;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * Bytes between the reranker's thread and one client. The writer appends and never waits; the event loop takes what has
 * gathered, at most {@link #GROUP_BYTES} at a time, once the socket has accepted what it took before. So a fast client
 * gets every event at once, a slower one gets many in one write, and a stopped one shows as a buffer that is not taken.
 *
 * <p>A group is a wake-up, not data: its bytes are chosen when it is subscribed. At most one waits to be subscribed, so
 * the sink holds next to nothing and downstream prefetching cannot pile up stale groups.
 *
 * <p>Thread-safe; times are the caller's.
 */
final class EventBuffer {

    /** Enough for many events in one system call, little enough that a slow client shows progress. */
    static final int GROUP_BYTES = 64 * 1024;

    private final DataBufferFactory buffers;
    private final long limitBytes;
    private final Sinks.Many<Publisher<DataBuffer>> groups = Sinks.unsafe()
            .many()
            .unicast()
            .onBackpressureBuffer(
                    Queues.<Publisher<DataBuffer>>unboundedMultiproducer().get());

    private final Queue<byte[]> pending = new ArrayDeque<>();
    private long pendingBytes;
    private int headTaken;
    private boolean groupWaits;
    private boolean complete;
    private boolean closed;
    private long taken;

    EventBuffer(DataBufferFactory buffers, long limitBytes) {
        this.buffers = buffers;
        this.limitBytes = limitBytes;
    }

    /**
     * Adds bytes. An empty or moderately full buffer takes an event of any size.
     *
     * @return false if the buffer was already over its limit and the client is to be dropped
     */
    boolean append(byte[] bytes) {
        synchronized (this) {
            if (closed || complete || bytes.length == 0) {
                return true;
            }
            if (pendingBytes >= limitBytes) {
                return false;
            }
            pending.add(bytes);
            pendingBytes += bytes.length;
        }
        wake();
        return true;
    }

    /** Ends the stream after what was appended. */
    void complete() {
        synchronized (this) {
            complete = true;
        }
        wake();
    }

    /** Forgets everything; later bytes are ignored. */
    synchronized void close() {
        closed = true;
        pending.clear();
        pendingBytes = 0;
    }

    /** What to write, group by group; one subscriber. */
    Flux<Publisher<DataBuffer>> groups() {
        return groups.asFlux();
    }

    /** Groups taken so far: unchanged between two looks while bytes wait means that the client does not read. */
    synchronized long taken() {
        return taken;
    }

    /** Whether the client owes a read: bytes wait, or the end does. */
    synchronized boolean waiting() {
        return pendingBytes > 0 || complete;
    }

    private void wake() {
        boolean end;
        synchronized (this) {
            if (groupWaits || closed) {
                return;
            }
            end = pendingBytes == 0;
            if (end && !complete) {
                return;
            }
            groupWaits = true;
        }
        if (end) {
            groups.emitComplete(Sinks.EmitFailureHandler.FAIL_FAST);
        } else {
            groups.emitNext(Mono.defer(this::take), Sinks.EmitFailureHandler.FAIL_FAST);
        }
    }

    private Mono<DataBuffer> take() {
        byte[] group = next();
        wake();
        return group == null ? Mono.empty() : Mono.just(buffers.wrap(group));
    }

    private synchronized byte @Nullable [] next() {
        groupWaits = false;
        taken++;
        if (pendingBytes == 0) {
            return null;
        }
        byte[] group = new byte[(int) Math.min(GROUP_BYTES, pendingBytes)];
        int filled = 0;
        while (filled < group.length) {
            byte[] head = Objects.requireNonNull(pending.peek());
            int part = Math.min(group.length - filled, head.length - headTaken);
            System.arraycopy(head, headTaken, group, filled, part);
            filled += part;
            headTaken += part;
            if (headTaken == head.length) {
                pending.remove();
                headTaken = 0;
            }
        }
        pendingBytes -= filled;
        return group;
    }
}
