package dev.whyrank.api;

import dev.whyrank.rerank.RerankEvent;
import dev.whyrank.rerank.Reranker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerResponse;
import reactor.util.context.ContextView;

/** Answers a request with server-sent events and watches over the client that reads them. */
@Component
final class EventStream {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    private final Reranker reranker;
    private final WhyrankApiProperties properties;

    EventStream(Reranker reranker, WhyrankApiProperties properties) {
        this.reranker = reranker;
        this.properties = properties;
    }

    /**
     * Starts the request and streams it until its end, until the client leaves, or until it has not read for too long;
     * in the last two cases the request is cancelled. Fails with what {@link Reranker#rerank} throws, before anything is
     * written.
     */
    Mono<Void> answer(ServerWebExchange exchange, RerankCall call, EventFormat format) {
        return Mono.deferContextual(context -> answer(context, exchange, call, format));
    }

    private Mono<Void> answer(ContextView context, ServerWebExchange exchange, RerankCall call, EventFormat format) {
        ServerHttpResponse response = exchange.getResponse();
        EventBuffer buffer = new EventBuffer(
                response.bufferFactory(), properties.streamBuffer().toBytes());
        Sinks.One<String> dropped = Sinks.one();
        Reranker.Handle handle = Reranking.start(context, reranker, call.request(), event -> {
            if (!buffer.append(format.frames(event))) {
                dropped.tryEmitValue("it is more than the stream buffer behind");
            }
            if (event instanceof RerankEvent.Completed || event instanceof RerankEvent.Failed) {
                buffer.complete();
            }
        });
        writeHeaders(response);
        Disposable watch = watch(buffer, dropped);
        Mono<Void> drop =
                dropped.asMono().flatMap(why -> drop(response, call.request().id(), why));
        return Mono.firstWithSignal(response.writeAndFlushWith(buffer.groups()), drop)
                .doFinally(signal -> {
                    watch.dispose();
                    buffer.close();
                    handle.cancel();
                });
    }

    private static void writeHeaders(ServerHttpResponse response) {
        response.setStatusCode(HttpStatus.OK);
        HttpHeaders headers = response.getHeaders();
        headers.setContentType(MediaType.TEXT_EVENT_STREAM);
        headers.setCacheControl("no-store");
        headers.set("X-Accel-Buffering", "no");
    }

    private Disposable watch(EventBuffer buffer, Sinks.One<String> dropped) {
        Scheduler timer = Schedulers.parallel();
        return Disposables.composite(
                every(timer, properties.keepAlive(), () -> buffer.append(Frames.KEEP_ALIVE)),
                every(timer, properties.clientTimeout(), new ProgressCheck(buffer, dropped)));
    }

    private static Disposable every(Scheduler timer, Duration period, Runnable task) {
        return timer.schedulePeriodically(task, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** A connection that takes no bytes can only be closed, not ended: its end would wait behind the bytes. */
    private static Mono<Void> drop(ServerHttpResponse response, String id, String why) {
        RequestIds.logged(id, () -> LOG.info("dropped a client: {}", why));
        if (ServerHttpResponseDecorator.getNativeResponse(response) instanceof HttpServerResponse netty) {
            netty.withConnection(Connection::dispose);
            return Mono.empty();
        }
        return Mono.error(new IllegalStateException("dropped a client: " + why));
    }

    /** Looks once per timeout, so a client is dropped one to two timeouts after its last read. */
    private static final class ProgressCheck implements Runnable {

        private final EventBuffer buffer;
        private final Sinks.One<String> dropped;
        private long takenBefore = -1;

        ProgressCheck(EventBuffer buffer, Sinks.One<String> dropped) {
            this.buffer = buffer;
            this.dropped = dropped;
        }

        @Override
        public void run() {
            long taken = buffer.taken();
            if (taken == takenBefore && buffer.waiting()) {
                dropped.tryEmitValue("it has not read for the client timeout");
            }
            takenBefore = taken;
        }
    }
}
