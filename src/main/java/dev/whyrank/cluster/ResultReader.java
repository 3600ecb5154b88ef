package dev.whyrank.cluster;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.XTrimArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Reads one gateway's results, oldest first, on a thread of its own, and deletes what it has read. After Redis was away
 * it begins at the beginning: what was read twice changes nothing, what was overlooked would be lost.
 */
final class ResultReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResultReader.class);

    private static final Duration BLOCK = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int MOST = 500;
    private static final String BEGINNING = "0-0";

    private final RedisLink link;
    private final String stream;
    private final Consumer<Report> hearing;
    private final Thread thread;
    private volatile boolean closed;
    private @Nullable StatefulRedisConnection<String, String> connection;
    private String read = BEGINNING;

    ResultReader(RedisLink link, String stream, Consumer<Report> hearing) {
        this.link = link;
        this.stream = stream;
        this.hearing = hearing;
        thread = new Thread(this::loop, "cluster-results");
        thread.setDaemon(true);
        thread.start();
    }

    private void loop() {
        try {
            while (!closed) {
                try {
                    readSome();
                } catch (RuntimeException e) {
                    link.complain("Reading results", e);
                    read = BEGINNING;
                    if (RedisLink.isSilence(e)) {
                        link.release(connection);
                        connection = null;
                    }
                    Thread.sleep(PAUSE.toMillis());
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("interrupted; results are not read any more", e);
        } finally {
            link.release(connection);
        }
    }

    @SuppressWarnings("unchecked") // varargs of a generic type
    private void readSome() {
        StatefulRedisConnection<String, String> mine = connection;
        if (mine == null) {
            mine = link.dedicated();
            connection = mine;
        }
        XReadArgs waiting = XReadArgs.Builder.block(BLOCK).count(MOST);
        List<StreamMessage<String, String>> messages = mine.sync().xread(waiting, StreamOffset.from(stream, read));
        if (messages == null || messages.isEmpty()) {
            return;
        }
        messages.forEach(this::hear);
        read = messages.get(messages.size() - 1).getId();
        mine.async()
                .xtrim(stream, XTrimArgs.Builder.minId(after(read)).exactTrimming())
                .exceptionally(away -> 0L);
    }

    private void hear(StreamMessage<String, String> message) {
        try {
            hearing.accept(Wire.read(String.valueOf(message.getBody().get("report")), Report.class));
        } catch (JacksonException e) {
            LOG.warn("A result could not be read and is left out: {}", e.getOriginalMessage());
        }
    }

    private static String after(String id) {
        int dash = id.indexOf('-');
        return id.substring(0, dash + 1) + (Long.parseLong(id.substring(dash + 1)) + 1);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
