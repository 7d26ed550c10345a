package io.leafd.link.net;

import io.leafd.broker.net.ClientPort;
import io.leafd.broker.net.Connection;
import io.leafd.broker.net.Outbox;
import io.leafd.broker.net.Turn;
import io.leafd.link.LeafSession;
import io.leafd.link.LeafWire;
import io.leafd.link.budget.Meter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The socket under a leaf session. Owned by its event loop.
 *
 * <p>Little waits behind {@link Lanes}: {@value #HIGH_WATER_BYTES} bytes in Netty, and what the kernel has not sent yet is
 * held to the like where it can be told. A connection whose live messages pile up is not cut off, because the session stops
 * appending long before.
 */
final class LeafConnection extends Connection implements LeafWire {
    static final int HIGH_WATER_BYTES = 64 * 1024;

    private static final int LOW_WATER_BYTES = 32 * 1024;
    private static final String METERED = "metered";
    private static final Outbox.Bounds BOUNDS = new Outbox.Bounds(256L << 20, TimeUnit.SECONDS.toNanos(30));

    private final Function<LeafWire, LeafSession> sessions;
    private final @Nullable Meter meter;
    private final Lanes lanes;
    private final Carrier carrier;
    private @Nullable SslHandler tls;
    private @Nullable Throwable failure;
    private volatile @Nullable LeafSession session;

    /**
     * A connection over {@code channel}.
     *
     * @param carrier what carries the protocol
     * @param meter counts what is sent, and bounds it; null if nobody asks
     */
    LeafConnection(
            Turn turn,
            Channel channel,
            int loops,
            Carrier carrier,
            @Nullable Meter meter,
            Function<LeafWire, LeafSession> sessions) {
        super(turn, channel, loops, BOUNDS);
        this.sessions = sessions;
        this.carrier = carrier;
        this.meter = meter;
        this.lanes = new Lanes(System::nanoTime, meter == null ? Meter.unbounded() : meter);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES));
    }

    /** What carries the bytes of the protocol. */
    enum Carrier {
        /** The socket itself. */
        TCP,
        /** WebSocket frames; the session begins when they may flow. */
        WEB_SOCKET,
        /** WebSocket frames over TLS. */
        WEB_SOCKET_TLS
    }

    /** Puts itself, and the lanes below it, at the end of the pipeline, and what counts next to the socket. */
    void install() {
        if (meter != null) {
            channel().pipeline().addFirst(METERED, new MeteredSocket(meter));
        }
        channel().pipeline().addLast("lanes", lanes);
        channel().pipeline().addLast("leaf", this);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (carrier == Carrier.TCP) {
            open();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            open();
        }
        ctx.fireUserEventTriggered(event);
    }

    /** Speaks, or listens, for the first time. */
    private void open() {
        LeafSession opened = sessions.apply(this);
        session = opened;
        if (!closed()) {
            opened.onOpen();
        }
        turn().end();
    }

    @Override
    protected int parse(byte[] buf, int start, int end) {
        LeafSession now = session;
        return now == null ? start : now.parse(buf, start, end);
    }

    @Override
    protected int wanted() {
        LeafSession now = session;
        return now == null ? 0 : now.wanted();
    }

    @Override
    protected void onFailure(Throwable cause) {
        boolean reason = !(cause
                instanceof ClosedChannelException); // that one is told of what waited, before or after the reason
        if (reason || failure == null) {
            failure = cause;
        }
    }

    @Override
    protected void onSlowConsumer() {
        failure = new IOException(
                "the peer took no byte for " + TimeUnit.NANOSECONDS.toSeconds(BOUNDS.writeMaxNs()) + " s");
    }

    @Override
    protected void onClosed() {
        LeafSession now = session;
        if (now != null) {
            now.onClosed(failure);
        }
    }

    // --- what the session asks for ---

    @Override
    public void control(byte[] frames) {
        if (!closed() && frames.length > 0) {
            channel().writeAndFlush(new Lanes.Control(Unpooled.wrappedBuffer(frames)));
        }
    }

    @Override
    public void bulk(byte[] frames, int priority, Runnable written) {
        lanes.announceBulk(priority, frames.length);
        turn().loop().execute(() -> {
            ByteBuf bytes = Unpooled.wrappedBuffer(frames);
            if (closed()) {
                lanes.announceBulk(priority, -frames.length);
            } else {
                channel().writeAndFlush(new Lanes.Bulk(bytes, priority, written));
            }
        });
    }

    @Override
    public void rate(long bytesPerSecond) {
        lanes.rate(bytesPerSecond);
    }

    @Override
    public long bulkBytes(int priority) {
        return lanes.bulkBytes(priority);
    }

    @Override
    public void hangUp(@Nullable String error) {
        close(error);
    }

    @Override
    public String remote() {
        return remoteHost() + ":" + remotePort();
    }

    @Override
    public Timer after(long delayNs, Runnable action) {
        ScheduledFuture<?> future = turn().loop()
                .schedule(
                        () -> {
                            action.run();
                            turn().end();
                        },
                        delayNs,
                        TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public void startTls(SSLEngine engine, long handshakeMaxNs, Consumer<@Nullable Throwable> done) {
        SslHandler handler =
                upgrade(engine, TimeUnit.NANOSECONDS.toMillis(handshakeMaxNs), meter == null ? null : METERED);
        tls = handler;
        handler.handshakeFuture().addListener(future -> {
            done.accept(future.cause());
            turn().end();
        });
    }

    @Override
    public boolean encrypted() {
        return carrier == Carrier.WEB_SOCKET_TLS || tls != null;
    }

    @Override
    public @Nullable X509Certificate peerCertificate(boolean wanted) {
        return wanted && tls != null ? ClientPort.peerCertificate(tls) : null;
    }

    @Override
    public @Nullable LeafSession session() {
        return session;
    }

    @Override
    public long lastAckAgoNs() {
        if (channel() instanceof EpollSocketChannel socket && socket.isActive()) {
            EpollTcpInfo info = socket.tcpInfo();
            return info.unacked() == 0 ? -1 : TimeUnit.MILLISECONDS.toNanos(info.lastAckRecv());
        }
        return -1;
    }
}
