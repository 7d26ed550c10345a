package io.leafd.link.net;

import io.leafd.link.budget.Meter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;

/**
 * Counts the bytes that a connection puts on the wire, below TLS and WebSocket. Owned by the connection's event loop.
 *
 * <p>Counted is what is handed to the socket, so that it is known before it is sent. What was not sent because the connection
 * ended is taken off again, but for the first of these buffers, which may have gone in part.
 */
final class MeteredSocket extends ChannelOutboundHandlerAdapter {
    private final Meter meter;
    private boolean failed;

    MeteredSocket(Meter meter) {
        this.meter = meter;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
            ctx.write(message, promise);
            return;
        }
        int count = bytes.readableBytes();
        meter.sent(count);
        ctx.write(bytes, promise.unvoid().addListener(done -> written(done, count)));
    }

    private void written(Future<?> done, int count) {
        if (!done.isSuccess()) {
            if (failed) {
                meter.unsent(count);
            }
            failed = true;
        }
    }
}
