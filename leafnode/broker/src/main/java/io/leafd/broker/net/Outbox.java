package io.leafd.broker.net;

import io.leafd.broker.interest.Publisher;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The bytes on their way to one connection. Each event loop appends to a buffer of its own; writing and flushing belong to
 * the connection's loop.
 *
 * <pre>
 *   loop 0 ── buffers[0] ─┐ end of turn: one task per loop
 *   loop 1 ── buffers[1] ─┴──▶ connection's loop ─▶ channel ─▶ socket
 * </pre>
 *
 * <p>Frames are copied, not sliced: below some 8 KiB one copy into a shared buffer costs a tenth of a reference-counted
 * slice with a write of its own. Only what would be copied for so many readers that memory matters is shared ({@link SharedTail}).
 *
 * <p>A frame is appended whole or not at all: room for it is made before its first byte. Where there is no memory for it, the reader
 * is cut off, because a reader that misses a message must know.
 *
 * <p>Bound: {@link Bounds}. A reader that lets more pile up, or takes nothing for too long, is a slow consumer and is cut off
 * without a word, as nats-server does; so are the slowest of all when together they hold too much ({@link SendMemory}). Long
 * before, its publishers are paused for moments ({@link Publisher#pause}) while the channel is not writable.
 */
public final class Outbox {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int SMALLEST_BYTES = 512;
    private static final int LOW_WATER_BYTES = 256 * 1024;
    private static final int HIGH_WATER_BYTES = 1024 * 1024;

    private final Channel channel;
    private final Turn home;
    private final Bounds bounds;
    private final Runnable onSlow;
    private final SendMemory memory;
    private final @Nullable ByteBuf[] buffers;
    private final int[] usual; // per loop: bytes of the last buffer, the next one begins with that size
    private final int[] counted; // per loop: what of its buffer's memory is counted
    private final AtomicLong pending = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final int highWaterBytes;
    private final int lowWaterBytes;
    private final Set<Publisher> waiting = ConcurrentHashMap.newKeySet();
    private long progressNs; // home loop's: when the socket last took something, or had nothing to take
    private volatile boolean closed;

    /** An outbox of {@code channel}, which belongs to the loop of {@code home}. */
    public Outbox(Channel channel, Turn home, int loops, Bounds bounds, Runnable onSlow) {
        this.channel = channel;
        this.home = home;
        this.bounds = bounds;
        this.onSlow = onSlow;
        this.buffers = new ByteBuf[loops];
        this.usual = new int[loops];
        this.counted = new int[loops];
        this.highWaterBytes = Math.clamp(bounds.pendingMaxBytes / 2, LOW_WATER_BYTES, HIGH_WATER_BYTES);
        this.lowWaterBytes = Math.min(LOW_WATER_BYTES, highWaterBytes / 2);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(lowWaterBytes, highWaterBytes));
        this.memory = home.memory();
        memory.join(this);
    }

    /**
     * When a reader is too slow.
     *
     * @param pendingMaxBytes bytes appended and not yet taken by the socket
     * @param writeMaxNs how long the socket may take nothing while something waits
     */
    public record Bounds(long pendingMaxBytes, long writeMaxNs) {}

    Turn home() {
        return home;
    }

    /** Bytes appended and not yet taken by the socket, without those of turns that have not ended. Any thread. */
    public long pendingBytes() {
        return pending.get();
    }

    /** Memory that the buffers of the bytes appended take, and what it would be without sharing. Any thread. */
    long heldBytes() {
        return held.get();
    }

    /**
     * Whether the reader keeps up; while all together leave no room, one that lags at all does not. Any thread.
     *
     * <p>What other loops have handed over counts before the connection's loop has seen it: a loop that gets no processor for a
     * moment must not make its readers look slow.
     */
    public boolean writable() {
        long waits = pending.get();
        return channel.isWritable() && waits < highWaterBytes && (waits == 0 || memory.hasRoom());
    }

    /** Whether nothing can be sent any more. Any thread. */
    public boolean closed() {
        return closed;
    }

    /**
     * The buffer to append one whole frame to. Called on the loop of {@code turn}, which flushes it at its end; not to be kept.
     *
     * @param bytes about how long the frame is, rather more: one that does not fit goes into the next chunk, because a chunk that
     *     grows is copied, which costs more than the frame when frames are large
     * @return null if there is no memory for it, or nothing can be sent any more: the reader is being cut off
     */
    public @Nullable ByteBuf open(Turn turn, int bytes) {
        return open(turn, bytes, false);
    }

    /** The same for a line of the protocol, for which the ceiling does not hold: nobody is cut off for a PONG. */
    @Nullable
    ByteBuf openLine(Turn turn, int bytes) {
        return open(turn, bytes, true);
    }

    private @Nullable ByteBuf open(Turn turn, int bytes, boolean line) {
        int loop = turn.index();
        ByteBuf buffer = buffers[loop];
        if (buffer != null && buffer.readableBytes() + bytes >= CHUNK_BYTES) {
            passOn(turn);
            buffer = null;
        }
        if (buffer != null && buffer.writableBytes() >= bytes) {
            return buffer; // by far the most frames
        }
        try {
            return !closed && (line || memory.mayTake(bytes)) ? enlarged(buffer, turn, bytes) : none();
        } catch (OutOfMemoryError e) { // direct memory, which others use, too
            return none();
        }
    }

    private ByteBuf enlarged(@Nullable ByteBuf before, Turn turn, int bytes) {
        int loop = turn.index();
        ByteBuf buffer = before;
        if (buffer == null) {
            int size = turn.frugal() ? SMALLEST_BYTES : Math.clamp(usual[loop], SMALLEST_BYTES, CHUNK_BYTES);
            buffer = channel.alloc().directBuffer(Math.max(bytes, size));
            buffers[loop] = buffer;
            turn.touch(this);
        } else {
            buffer.ensureWritable(bytes);
        }
        countMemory(buffer, turn);
        return buffer;
    }

    private void countMemory(ByteBuf buffer, Turn turn) {
        int more = buffer.writerIndex() + buffer.maxFastWritableBytes() - counted[turn.index()];
        counted[turn.index()] += more;
        held.addAndGet(more);
        memory.add(more);
        turn.countBuffer(more);
    }

    private @Nullable ByteBuf none() {
        if (!closed) {
            memory.relieve();
            cutOff();
        }
        return null;
    }

    /** Ends the frame that is open with what it shares with others, and hands all of it to the connection's loop. */
    void append(Turn turn, SharedTail tail) {
        tail.use();
        Staged staged = takeStaged(turn.index());
        int length = tail.length();
        pending.addAndGet(length);
        held.addAndGet(length);
        passOn(turn, () -> {
            if (staged != null) {
                write(staged);
            }
            write(tail.slice(), length, length, tail::done);
        });
    }

    /** Pauses {@code publisher} until the reader has caught up, if it lags. Called on the publisher's loop. */
    void slowDown(Publisher publisher) {
        if (!writable()) {
            waiting.add(publisher);
            publisher.pause(); // again in each of its turns, as a pause ends by itself
            if (!memory.hasRoom()) {
                memory.wakeLater(this);
            }
            if (writable()) {
                resumePublishers();
            }
        }
    }

    /** The reader has caught up, or is gone, or there is room again: whoever waits for it goes on. Any thread. */
    void resumePublishers() {
        if (!waiting.isEmpty() && (memory.hasRoom() || closed)) {
            List<Publisher> all = new ArrayList<>(waiting);
            all.forEach(waiting::remove);
            all.forEach(Publisher::resume);
        }
    }

    /**
     * What a loop has appended, counted and now owned by the caller.
     *
     * @param memory what the buffer takes
     */
    record Staged(ByteBuf bytes, int memory) {}

    /** What loop {@code loop} has appended, now owned by the caller. Called on that loop. */
    @Nullable
    Staged takeStaged(int loop) {
        ByteBuf buffer = buffers[loop];
        if (buffer == null) {
            return null;
        }
        buffers[loop] = null;
        usual[loop] = Integer.highestOneBit(Math.max(1, buffer.readableBytes() - 1)) << 1;
        pending.addAndGet(buffer.readableBytes());
        var staged = new Staged(buffer, counted[loop]);
        counted[loop] = 0;
        return staged;
    }

    /** End of a turn of the connection's own loop. */
    void flushFrom(Turn turn) {
        if (turn == home) {
            Staged staged = takeStaged(turn.index());
            if (staged != null) {
                write(staged);
                flush();
            }
        }
    }

    /** Writes what {@link #takeStaged} gave. Connection's loop; releases the buffer. */
    void write(Staged staged) {
        write(staged.bytes, staged.bytes.readableBytes(), staged.memory, () -> memory.add(-staged.memory));
    }

    private void write(ByteBuf bytes, int length, int heldBytes, Runnable written) {
        if (closed) {
            bytes.release();
            release(length, heldBytes);
            written.run();
            return;
        }
        if (pending.get() <= length) {
            progressNs = System.nanoTime();
        }
        channel.write(bytes).addListener(done -> {
            release(length, heldBytes);
            written.run();
            progressNs = System.nanoTime();
            if (pending.get() < lowWaterBytes) {
                resumePublishers();
            }
        });
    }

    private void release(int length, int heldBytes) {
        pending.addAndGet(-length);
        held.addAndGet(-heldBytes);
    }

    /** Hands everything to the socket and cuts off a reader that is too far behind. Connection's loop. */
    void flush() {
        channel.flush();
        long left = pending.get();
        boolean stuck = left > 0 && System.nanoTime() - progressNs > bounds.writeMaxNs;
        if ((left > bounds.pendingMaxBytes || stuck) && !closed) {
            onSlow.run();
        }
        memory.relieve();
    }

    /** Cuts the reader off as too slow. Any thread; nothing is taken from now on. */
    void cutOff() {
        closed = true;
        home.loop().execute(onSlow);
    }

    /** No more bytes; forgets those of the connection's loop. Others notice at the end of their turn. */
    void close() {
        closed = true;
        memory.leave(this);
        Staged own = takeStaged(home.index());
        if (own != null) {
            write(own); // to nobody
        }
        resumePublishers();
    }

    private void passOn(Turn turn) {
        Staged full = takeStaged(turn.index());
        if (full != null) {
            passOn(turn, () -> write(full));
        }
    }

    /** Has it written and flushed on the connection's loop: at once, or in order with all that the turn's loop hands over. */
    private void passOn(Turn turn, Runnable writes) {
        if (turn == home) {
            writes.run();
            flush();
        } else {
            home.handOver(() -> {
                writes.run();
                flush();
            });
        }
    }
}
