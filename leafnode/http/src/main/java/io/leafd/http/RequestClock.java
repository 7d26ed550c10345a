package io.leafd.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection that says no request: {@value #REQUEST_MAX_SECONDS} seconds for a whole one, however it trickles in, the TLS
 * handshake before the first included; {@value #IDLE_MAX_SECONDS} seconds between two. Owned by the connection's event loop;
 * first in its pipeline.
 */
final class RequestClock extends ChannelInboundHandlerAdapter {
    static final int REQUEST_MAX_SECONDS = 10;
    static final int IDLE_MAX_SECONDS = 75;

    private @Nullable ScheduledFuture<?> end;
    private boolean underWay;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        underWay = true;
        endIn(REQUEST_MAX_SECONDS, ctx);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        if (!underWay) {
            underWay = true;
            endIn(REQUEST_MAX_SECONDS, ctx);
        }
        ctx.fireChannelRead(bytes);
    }

    /** A request is whole and answered. */
    void answered(ChannelHandlerContext ctx) {
        underWay = false;
        endIn(IDLE_MAX_SECONDS, ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stop();
        ctx.fireChannelInactive();
    }

    private void endIn(int seconds, ChannelHandlerContext ctx) {
        stop();
        end = ctx.executor().schedule(() -> ctx.channel().close(), seconds, TimeUnit.SECONDS);
    }

    private void stop() {
        if (end != null) {
            end.cancel(false);
            end = null;
        }
    }
}
