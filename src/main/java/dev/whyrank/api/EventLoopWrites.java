package dev.whyrank.api;

import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Ends every response on its connection's event loop. Reactor Netty (1.3.6; its issue 4361) can lose a request on a kept
 * connection otherwise: the last bytes of a response that was ended by another thread reach the client before the server
 * has noted the end, the client's next request is set aside meanwhile, and if that one is answered at once, what follows
 * it is never read. Our answers come from the reranker's threads, and pages from those that read files, so this is about
 * every one of them.
 */
@Component
final class EventLoopWrites implements HttpHandlerDecoratorFactory {

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> {
            EventLoop loop = eventLoop(response);
            return handler.handle(request, loop == null ? response : new OnLoop(response, loop));
        };
    }

    private static @Nullable EventLoop eventLoop(ServerHttpResponse response) {
        AtomicReference<@Nullable EventLoop> loop = new AtomicReference<>();
        if (ServerHttpResponseDecorator.getNativeResponse(response) instanceof HttpServerResponse netty) {
            netty.withConnection(connection -> loop.set(connection.channel().eventLoop()));
        }
        return loop.get();
    }

    private static final class OnLoop extends ServerHttpResponseDecorator {

        private final EventLoop loop;
        private final Scheduler scheduler;

        OnLoop(ServerHttpResponse response, EventLoop loop) {
            super(response);
            this.loop = loop;
            this.scheduler = Schedulers.fromExecutor(loop);
        }

        /**
         * Several buffers (a page's file, read by a thread of its own) are joined: written one by one, the last of them
         * would be out before the end is known.
         */
        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            return startOnLoop(super.writeWith(
                    body instanceof Mono ? body : DataBufferUtils.join(body).publishOn(scheduler)));
        }

        @Override
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return startOnLoop(super.writeAndFlushWith(body)).publishOn(scheduler);
        }

        @Override
        public Mono<Void> setComplete() {
            return startOnLoop(super.setComplete());
        }

        private Mono<Void> startOnLoop(Mono<Void> write) {
            return Mono.defer(() -> loop.inEventLoop() ? write : write.subscribeOn(scheduler));
        }
    }
}
