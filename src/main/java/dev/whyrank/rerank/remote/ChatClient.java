package dev.whyrank.rerank.remote;

import dev.whyrank.rerank.remote.ChatFailure.Kind;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.reactor.ratelimiter.operator.RateLimiterOperator;
import io.github.resilience4j.reactor.retry.RetryOperator;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Asks a model elsewhere. Safe for use by many threads; owns its connections. */
public final class ChatClient implements AutoCloseable {

    private static final int LARGEST_EVENT = 4 << 20;
    private static final double SPREAD = 0.5;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LONGEST_QUEUE = Duration.ofDays(1);

    private final ChatEndpoint endpoint;
    private final ChatPolicy policy;
    private final ConnectionProvider connections;
    private final WebClient web;
    private final Retry whole;
    private final Retry untouched;
    private final @Nullable RateLimiter pace;
    private final AtomicLong retries = new AtomicLong();
    private volatile Dialect dialect = Dialect.WHOLE;

    public ChatClient(ChatEndpoint endpoint, ChatPolicy policy) {
        this.endpoint = endpoint;
        this.policy = policy;
        this.connections = ConnectionProvider.builder("remote-model")
                .maxConnections(policy.atOnce())
                .pendingAcquireMaxCount(-1)
                .pendingAcquireTimeout(policy.whole())
                .build();
        HttpClient http = HttpClient.create(connections)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(policy.connect().toMillis()))
                .proxyWithSystemProperties();
        this.web = WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(http))
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(LARGEST_EVENT))
                .build();
        this.whole = retry("whole answers", failure -> failure.passes(policy.longestWait()));
        this.untouched = retry("streams", failure -> failure.passes(policy.longestWait()) && !failure.begun());
        this.pace = policy.perMinute() > 0 ? pace(policy.perMinute()) : null;
    }

    private Retry retry(String name, Predicate<ChatFailure> again) {
        IntervalFunction backoff =
                IntervalFunction.ofExponentialRandomBackoff(policy.firstWait(), 2, SPREAD, policy.longestWait());
        RetryConfig config = RetryConfig.<Object>custom()
                .maxAttempts(policy.attempts())
                .retryOnException(thrown -> thrown instanceof ChatFailure failure && again.test(failure))
                .intervalBiFunction((attempt, outcome) -> asked(outcome.getLeft())
                        .map(wait -> wait.toMillis()
                                + (long) (Math.random() * policy.firstWait().toMillis() * SPREAD))
                        .orElseGet(() -> backoff.apply(attempt)))
                .build();
        Retry retry = Retry.of(name, config);
        retry.getEventPublisher().onRetry(event -> retries.incrementAndGet());
        return retry;
    }

    private static Optional<Duration> asked(Throwable thrown) {
        return thrown instanceof ChatFailure failure ? failure.retryAfter() : Optional.empty();
    }

    private static RateLimiter pace(int perMinute) {
        return RateLimiter.of(
                "pace",
                RateLimiterConfig.custom()
                        .limitForPeriod(1)
                        .limitRefreshPeriod(MINUTE.dividedBy(perMinute))
                        .timeoutDuration(LONGEST_QUEUE)
                        .build());
    }

    public ChatEndpoint endpoint() {
        return endpoint;
    }

    /** How often an attempt was followed by another. */
    public long retries() {
        return retries.get();
    }

    /** Asks and tells the answer as it comes; asked again only as long as nothing of it was told. */
    public ChatCall stream(ChatRequest request, ChatListener listener) {
        Disposable call = attempts(request, untouched)
                .subscribe(listener::chunk, thrown -> listener.failed(failure(thrown)), listener::ended);
        return call::dispose;
    }

    /** Asks and collects the answer; fails with a {@link ChatFailure}. */
    public CompletableFuture<ChatAnswer> ask(ChatRequest request) {
        Mono<ChatAnswer> one = attempts(request, null).collectList().map(chunks -> {
            StringBuilder text = new StringBuilder();
            String finish = "stop";
            ChatUsage usage = ChatUsage.NONE;
            for (ChatChunk chunk : chunks) {
                text.append(chunk.text());
                finish = chunk.finish() == null ? finish : chunk.finish();
                usage = chunk.usage() == null ? usage : chunk.usage();
            }
            return new ChatAnswer(text.toString(), finish, usage);
        });
        return one.transformDeferred(RetryOperator.of(whole))
                .onErrorMap(ChatClient::failure)
                .toFuture();
    }

    /** Attempts at one answer, paced. */
    private Flux<ChatChunk> attempts(ChatRequest request, @Nullable Retry retry) {
        Flux<ChatChunk> attempt = Flux.defer(() -> attempt(request));
        if (pace != null) {
            attempt = attempt.transformDeferred(RateLimiterOperator.of(pace));
        }
        attempt = attempt.retryWhen(reactor.util.retry.Retry.max(Dialect.OPTIONAL.size())
                .filter(thrown -> failure(thrown).kind() == Kind.UNSUPPORTED)
                .onRetryExhaustedThrow((spec, signal) -> signal.failure()));
        return retry == null ? attempt : attempt.transformDeferred(RetryOperator.of(retry));
    }

    private Flux<ChatChunk> attempt(ChatRequest request) {
        Dialect spoken = dialect;
        Duration limit = request.limit() == null ? policy.whole() : request.limit();
        ChatExchange exchange = new ChatExchange(endpoint, policy.idle(), spoken);
        return web.post()
                .uri(endpoint.uri())
                .contentType(MediaType.APPLICATION_JSON)
                .accept(MediaType.TEXT_EVENT_STREAM, MediaType.APPLICATION_JSON)
                .headers(headers -> {
                    if (endpoint.key() != null) {
                        headers.setBearerAuth(endpoint.key());
                    }
                })
                .bodyValue(spoken.body(endpoint.model(), request))
                .exchangeToFlux(exchange::read)
                .timeout(policy.idle())
                .takeUntilOther(Mono.delay(limit)
                        .then(Mono.error(() -> new ChatFailure(
                                Kind.SILENT, "did not end its answer within " + limit.toSeconds() + " s"))))
                .onErrorMap(exchange::failure)
                .doOnError(thrown -> learn(spoken, failure(thrown)))
                .filter(chunk -> !chunk.equals(ChatExchange.PULSE));
    }

    /** Whether the endpoint takes the best token always, as far as it has said. */
    boolean greedy() {
        return dialect.speaks("temperature");
    }

    private synchronized void learn(Dialect spoken, ChatFailure failure) {
        if (failure.kind() == Kind.UNSUPPORTED) {
            dialect = dialect.without(spoken.named(failure.detail()));
        }
    }

    private static ChatFailure failure(Throwable thrown) {
        return thrown instanceof ChatFailure failure
                ? failure
                : new ChatFailure(Kind.FAILED, "could not be asked", false, "", null, thrown);
    }

    @Override
    public void close() {
        connections.dispose();
    }
}
