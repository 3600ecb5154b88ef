package dev.whyrank.api;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Closes the connection of a client that has taken nothing of its answer for the client timeout: an answer that nobody
 * reads would be held for as long as the client likes. What a client takes slowly, it gets. Of streams {@link EventStream}
 * knows more.
 */
@Component
final class ClientTimeout implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final Logger LOG = LoggerFactory.getLogger(ClientTimeout.class);

    private final Duration timeout;

    ClientTimeout(WhyrankApiProperties properties) {
        this.timeout = properties.clientTimeout();
    }

    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.doOnChannelInit(
                (observer, channel, address) -> channel.pipeline().addFirst(new Watch(timeout))));
    }

    private static final class Watch extends IdleStateHandler {

        Watch(Duration timeout) {
            super(true, 0, timeout.toNanos(), 0, TimeUnit.NANOSECONDS);
        }

        /** The first event of a silence tells of no write, the later ones of no progress either. */
        @Override
        protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
            ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
            if (!event.isFirst() && waiting != null && waiting.totalPendingWriteBytes() > 0) {
                LOG.info("dropped a client: it has not read for the client timeout");
                var unused = context.close();
            }
        }
    }
}
