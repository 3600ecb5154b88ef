package dev.whyrank.checkpoint;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An answer's body that fails once nothing has come for too long. The HTTP client's own timeout ends with the headers, so
 * that a host that vanishes afterwards would be waited for without end. Read by one thread.
 */
final class WatchedBody extends FilterInputStream {

    private static final long NOT_WAITING = Long.MIN_VALUE;

    private final Duration patience;
    private volatile long waitingSince = NOT_WAITING;
    private volatile boolean stalled;
    private volatile boolean closed;

    WatchedBody(InputStream body, Duration patience) {
        super(body);
        this.patience = patience;
        lookLater();
    }

    private void lookLater() {
        CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::look);
    }

    private void look() {
        long since = waitingSince;
        if (closed) {
            return;
        }
        if (since == NOT_WAITING || System.nanoTime() - since < patience.toNanos()) {
            lookLater();
            return;
        }
        stalled = true;
        try {
            in.close();
        } catch (IOException e) {
            // Whoever reads is told anyway.
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        waitingSince = System.nanoTime();
        try {
            int count = in.read(buffer, offset, length);
            if (!stalled) {
                return count;
            }
        } catch (IOException e) {
            if (!stalled) {
                throw e;
            }
        } finally {
            waitingSince = NOT_WAITING;
        }
        throw new IOException("nothing came for " + patience.toSeconds() + " s");
    }

    @Override
    public void close() throws IOException {
        closed = true;
        in.close();
    }
}
