package io.leafd.broker.net;

import io.leafd.broker.interest.Publisher;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket that speaks a NATS line protocol: reading, the outbox, closing. Owned by its event loop, which never changes.
 *
 * <p>Reading: bytes are copied once into an array of the loop and parsed there; only what is left of an unfinished frame
 * is kept by the connection, so that an idle connection holds no buffer. The subclass parses and says how many bytes the
 * unfinished frame has in all, so that a large payload is waited for instead of parsed again with each packet. What all
 * connections keep together is bounded ({@link ReceiveMemory}).
 *
 * <p>Back-pressure: a paused connection reads no more from its socket and keeps what it has read. A pause ends by
 * {@link #resume} or by itself after {@value #PAUSE_MAX_MS} ms, so that no receiver can hold a publisher for long.
 */
public abstract class Connection extends ChannelInboundHandlerAdapter implements Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final byte[] NOTHING = new byte[0];
    private static final int PAUSE_MAX_MS = 50;
    private static final int KEPT_UNCOUNTED_BYTES = 4096;
    private static final int KEPT_AHEAD_BYTES = 1 << 20; // room made at once for a frame of known length

    private final Turn turn;
    private final Channel channel;
    private final Outbox outbox;
    private byte[] rest = NOTHING;
    private int restLength;
    private int countedBytes; // of rest, by the common memory
    private volatile long lastReadNs;
    private boolean paused;
    private boolean pauseTimed;
    private long pausedAtNs;
    private volatile boolean closed;

    /** A connection over {@code channel}, which is registered with the loop of {@code turn}. */
    protected Connection(Turn turn, Channel channel, int loops, Outbox.Bounds bounds) {
        this.turn = turn;
        this.channel = channel;
        this.outbox = new Outbox(channel, turn, loops, bounds, this::cutSlowConsumer);
    }

    /**
     * Parses {@code buf[start, end)} into frames and handles them.
     *
     * @return where the unused rest begins
     */
    protected abstract int parse(byte[] buf, int start, int end);

    /** Bytes that the unfinished frame has in all, 0 if that is not known. */
    protected abstract int wanted();

    /** The socket is gone; called once. */
    protected abstract void onClosed();

    /** The socket, or TLS on it, failed; {@link #onClosed} follows. */
    protected void onFailure(Throwable cause) {}

    /** The reader is too far behind; called once, before the connection is closed. */
    protected abstract void onSlowConsumer();

    /** Whether parsing must wait: paused, closed. Subclasses add their reasons. */
    protected boolean waiting() {
        return paused || closed;
    }

    public final Turn turn() {
        return turn;
    }

    public final Outbox outbox() {
        return outbox;
    }

    /** When it last read something, on the monotonic clock. Any thread. */
    final long lastReadNs() {
        return lastReadNs;
    }

    /** The Netty channel. */
    public final Channel channel() {
        return channel;
    }

    /** Whether it is closed or about to be. Any thread. */
    public final boolean closed() {
        return closed;
    }

    /** The peer's address, or {@code 0.0.0.0} when it is not known any more. Any thread. */
    public final String remoteHost() {
        return channel.remoteAddress() instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress().getHostAddress()
                : "0.0.0.0";
    }

    /** The peer's port, 0 when it is not known any more. Any thread. */
    public final int remotePort() {
        return channel.remoteAddress() instanceof InetSocketAddress address ? address.getPort() : 0;
    }

    /** Puts TLS under the line protocol from the next byte on. */
    protected final SslHandler upgrade(SSLEngine engine, long handshakeMaxMs) {
        return upgrade(engine, handshakeMaxMs, null);
    }

    /**
     * As above.
     *
     * @param above name of the handler that stays next to the socket, null if there is none
     */
    protected final SslHandler upgrade(SSLEngine engine, long handshakeMaxMs, @Nullable String above) {
        var tls = new SslHandler(engine);
        tls.setHandshakeTimeoutMillis(handshakeMaxMs);
        if (above == null) {
            channel.pipeline().addFirst("tls", tls);
        } else {
            channel.pipeline().addAfter(above, "tls", tls);
        }
        return tls;
    }

    /** Appends a line of the protocol, CR LF included, to be flushed at the end of the turn. */
    protected final void send(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        ByteBuf out = outbox.closed() ? null : outbox.openLine(turn, bytes.length);
        if (out != null) {
            out.writeBytes(bytes);
        }
    }

    /** {@link #send}, flushed at once: for code that runs outside of a read turn. */
    protected final void sendNow(String line) {
        send(line);
        turn.end();
    }

    /**
     * Sends {@code -ERR 'text'} if there is a text, then closes once that is written.
     *
     * @param text what the peer is told, null for nothing
     */
    protected final void close(@Nullable String text) {
        assert turn.loop().inEventLoop();
        if (closed) {
            return;
        }
        if (text != null) {
            send("-ERR '" + text + "'\r\n");
        }
        closed = true;
        outbox.flushFrom(turn);
        channel.config().setAutoRead(false);
        channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
        turn.loop().schedule((Runnable) channel::close, 2, TimeUnit.SECONDS); // a peer that takes no byte
    }

    /** Closes from any thread, without a word. */
    public final void disconnect() {
        if (turn.loop().inEventLoop()) {
            close(null);
        } else {
            turn.loop().execute(() -> close(null));
        }
    }

    @Override
    public final void pause() {
        if (!turn.loop().inEventLoop()) {
            turn.loop().execute(this::pause);
        } else if (!paused && !closed) {
            paused = true;
            pausedAtNs = System.nanoTime();
            channel.config().setAutoRead(false);
            if (!pauseTimed) { // one timer, as there may be thousands of pauses in a second
                pauseTimed = true;
                turn.loop().schedule(this::endPause, PAUSE_MAX_MS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private void endPause() {
        long leftNs = TimeUnit.MILLISECONDS.toNanos(PAUSE_MAX_MS) - (System.nanoTime() - pausedAtNs);
        pauseTimed = paused && leftNs > 0;
        if (pauseTimed) {
            turn.loop().schedule(this::endPause, leftNs, TimeUnit.NANOSECONDS);
        } else {
            endPauseNow();
        }
    }

    /** Always as a task of its own: who resumes it may be in the midst of a delivery, and what it parses makes others. */
    @Override
    public final void resume() {
        turn.loop().execute(this::endPauseNow);
    }

    private void endPauseNow() {
        if (paused) {
            paused = false;
            lastReadNs = System.nanoTime(); // it did not read because it was not let
            goOn();
        }
    }

    /** Leaves what comes from now on in the kernel, until {@link #goOn}. */
    protected final void stopReading() {
        channel.config().setAutoRead(false);
    }

    /** Parses what waits, and reads on, if nothing holds it back any more. */
    protected final void goOn() {
        if (restLength > 0 && !waiting()) {
            parseRest();
            count();
            turn.end();
        }
        if (!waiting()) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object message) {
        var bytes = (ByteBuf) message;
        try {
            if (closed) {
                return;
            }
            lastReadNs = System.nanoTime();
            read(bytes, bytes.readableBytes());
            count();
        } finally {
            bytes.release();
        }
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext ctx) {
        turn.end();
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            outbox.resumePublishers();
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        closed = true;
        outbox.close();
        dropRest();
        count();
        onClosed();
        turn.end();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof java.io.IOException || cause instanceof io.netty.handler.codec.DecoderException) {
            // Only the name: a message may quote the peer's bytes, and these may be its password.
            Throwable root = cause.getCause() == null ? cause : cause.getCause();
            LOG.debug(
                    "connection failed remote={}:{} cause={}",
                    remoteHost(),
                    remotePort(),
                    root.getClass().getSimpleName());
        } else {
            LOG.error("connection handler failed, closing it remote={}:{}", remoteHost(), remotePort(), cause);
        }
        onFailure(cause);
        closed = true;
        channel.close();
    }

    private void cutSlowConsumer() {
        if (!closed) {
            onSlowConsumer();
            closed = true;
            channel.close();
        }
    }

    /**
     * Parses the rest of the last read and these bytes behind it in the loop's scratch array. What must wait, or belongs to a
     * frame larger than the array, is gathered in an array of the connection instead.
     */
    private void read(ByteBuf bytes, int length) {
        int held = restLength;
        if (waiting() || held + length < wanted() || held + length > Turn.SCRATCH_BYTES) {
            append(bytes, length);
            if (!waiting() && restLength >= wanted()) {
                parseRest();
            }
            return;
        }
        byte[] scratch = turn.scratch();
        System.arraycopy(rest, 0, scratch, 0, held);
        bytes.readBytes(scratch, held, length);
        restLength = 0; // before parsing: a publisher that is resumed meanwhile must not find it again
        int used = parse(scratch, 0, held + length);
        keep(scratch, used, held + length);
        turn.giveBack(scratch);
    }

    private void parseRest() {
        byte[] held = rest;
        int length = restLength;
        rest = NOTHING;
        restLength = 0;
        int used = parse(held, 0, length);
        if (used == 0 && !closed) {
            rest = held;
            restLength = length;
        } else {
            keep(held, used, length);
            turn.spares().giveBack(held);
        }
    }

    /** Keeps a copy of what was not used, if possible in the array of the last time. */
    private void keep(byte[] buf, int from, int to) {
        if (from == to || closed) {
            dropRest();
            return;
        }
        int length = to - from;
        int needed = Math.max(length, ahead(length));
        if (rest.length < needed || rest.length / 4 > needed) {
            dropRest();
            rest = turn.spares().take(needed);
        }
        System.arraycopy(buf, from, rest, 0, length);
        restLength = length;
    }

    private void append(ByteBuf bytes, int length) {
        int needed = restLength + length;
        if (rest.length < needed) {
            byte[] larger = turn.spares().take(Math.max(needed, ahead(Math.max(needed, 2 * restLength))));
            System.arraycopy(rest, 0, larger, 0, restLength);
            turn.spares().giveBack(rest);
            rest = larger;
        }
        bytes.readBytes(rest, restLength, length);
        restLength += length;
    }

    private void dropRest() {
        turn.spares().giveBack(rest);
        rest = NOTHING;
        restLength = 0;
    }

    /** How much to keep for an unfinished frame of which {@code length} bytes are there; pauses if memory is short. */
    private int ahead(int length) {
        int wish = Math.max(length, Math.min(wanted(), KEPT_AHEAD_BYTES));
        if (wish <= KEPT_UNCOUNTED_BYTES || turn.received().hasRoom(wish - countedBytes)) {
            return wish;
        }
        pause();
        return 0;
    }

    private void count() {
        int kept = rest.length > KEPT_UNCOUNTED_BYTES ? rest.length : 0;
        if (kept != countedBytes) {
            turn.received().change(this, countedBytes, kept);
            countedBytes = kept;
        }
    }
}
