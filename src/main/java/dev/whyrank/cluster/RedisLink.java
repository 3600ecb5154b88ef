package dev.whyrank.cluster;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's way to Redis. Connects by itself, again and again, on one thread; says once when Redis has gone and once
 * when it is back. Commands fail at once while it is away: nothing piles up here. Safe for use by many threads.
 */
public final class RedisLink implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final int IO_THREADS = 2;
    private static final int COMMANDS_IN_FLIGHT = 100_000;

    private final Keys keys;
    private final String place;
    private final ClientResources resources;
    private final RedisClient client;
    private final ScheduledExecutorService watch;
    private final Future<?> looking;
    private final List<Runnable> onReturn = new CopyOnWriteArrayList<>();
    private volatile @Nullable StatefulRedisConnection<String, String> shared;
    private volatile boolean reachable;
    private volatile boolean closed;
    private boolean saidAway;
    private final AtomicReference<String> complaint = new AtomicReference<>("");

    /**
     * Begins to connect and returns at once.
     *
     * @param properties with a URL
     * @throws dev.whyrank.model.InvalidInputException if the certificates to trust cannot be read
     */
    public RedisLink(ClusterProperties properties) {
        keys = new Keys(properties.keyPrefix());
        RedisURI uri = uri(properties);
        SslOptions trust = RedisTrust.of(properties.redisCa());
        place = uri.getHost() + ":" + uri.getPort();
        resources = DefaultClientResources.builder()
                .ioThreadPoolSize(IO_THREADS)
                .computationThreadPoolSize(IO_THREADS)
                .reconnectDelay(Delay.exponential(SHORTEST_PAUSE, LONGEST_PAUSE, 2, TimeUnit.MILLISECONDS))
                .build();
        client = RedisClient.create(resources, uri);
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(COMMANDS_IN_FLIGHT)
                .sslOptions(trust)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(PATIENCE)
                        .keepAlive(true)
                        .build())
                .build());
        watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "redis-link");
            thread.setDaemon(true);
            return thread;
        });
        looking = watch.scheduleWithFixedDelay(this::look, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static RedisURI uri(ClusterProperties properties) {
        String url = properties.redisUrl();
        if (url == null) {
            throw new IllegalArgumentException("a link needs a URL");
        }
        RedisURI uri = RedisURI.create(url);
        String password = properties.redisPassword();
        if (password != null && !password.isEmpty()) {
            RedisCredentials inUrl =
                    uri.getCredentialsProvider().resolveCredentials().block();
            String user = inUrl == null ? null : inUrl.getUsername();
            uri.setCredentialsProvider(new StaticCredentialsProvider(user, password.toCharArray()));
        }
        uri.setTimeout(PATIENCE);
        uri.setClientName("whyrank");
        return uri;
    }

    /** Names of this deployment's keys. */
    public Keys keys() {
        return keys;
    }

    /** Whether Redis answered last time. */
    public boolean isReachable() {
        return reachable;
    }

    /**
     * The connection for commands that return at once, shared by all.
     *
     * @throws RedisException while Redis has never been reached
     */
    public StatefulRedisConnection<String, String> shared() {
        StatefulRedisConnection<String, String> connection = shared;
        if (connection == null || closed) {
            throw new RedisException("Redis at " + place + " is not reachable");
        }
        return connection;
    }

    /**
     * One more connection, for commands that wait; the caller closes it.
     *
     * @throws RedisException if Redis cannot be reached
     */
    public StatefulRedisConnection<String, String> dedicated() {
        shared();
        return client.connect();
    }

    /**
     * One more connection, for messages; the caller closes it.
     *
     * @throws RedisException if Redis cannot be reached
     */
    public StatefulRedisPubSubConnection<String, String> messages() {
        shared();
        return client.connectPubSub();
    }

    /** Closes a connection that this link gave, or null; a closed link has done so already. */
    void release(@Nullable StatefulConnection<String, String> connection) {
        if (connection != null && !closed) {
            connection.close();
        }
    }

    /** Runs an action on the link's thread each time Redis is reached after it was not; it must return soon. */
    public void onReturn(Runnable action) {
        onReturn.add(action);
    }

    private void look() {
        if (closed) {
            return;
        }
        try {
            if (shared == null) {
                shared = client.connect();
            }
            shared().sync().ping();
            arrived();
        } catch (RuntimeException e) {
            if (isSilence(e)) {
                release(shared);
                shared = null;
            }
            lost(e);
        }
    }

    /**
     * Whether Redis did not answer in time. A host that has vanished does not end its connections, and TCP takes a
     * quarter of an hour to notice: who hears this lets go of the connection and takes a new one.
     */
    static boolean isSilence(RuntimeException failure) {
        return failure instanceof RedisCommandTimeoutException;
    }

    private void arrived() {
        if (reachable) {
            return;
        }
        reachable = true;
        saidAway = false;
        LOG.info("Redis at {} is reachable", place);
        for (Runnable action : onReturn) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.warn("Something did not start after Redis came back: {}", e.toString());
            }
        }
    }

    private void lost(RuntimeException cause) {
        reachable = false;
        if (!saidAway && !closed) {
            saidAway = true;
            LOG.warn("Redis at {} is not reachable, trying on: {}", place, RedisTrust.reason(cause));
        }
    }

    /**
     * Says what fails for another reason than that Redis is away, which this link says itself: a command that is not
     * allowed, or a fault of ours. The same again is not said again.
     */
    void complain(String what, RuntimeException cause) {
        boolean refused = cause instanceof RedisCommandExecutionException && !(cause instanceof RedisLoadingException);
        String reason = String.valueOf(cause);
        if ((refused || !(cause instanceof RedisException)) && !closed && !reason.equals(complaint.getAndSet(reason))) {
            LOG.warn("{} failed, trying on", what, cause);
        }
    }

    @Override
    public void close() {
        closed = true;
        reachable = false;
        looking.cancel(true);
        watch.shutdownNow();
        client.shutdown(Duration.ZERO, PATIENCE);
        resources.shutdown(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(PATIENCE.toMillis());
    }
}
