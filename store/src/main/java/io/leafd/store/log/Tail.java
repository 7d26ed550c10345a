package io.leafd.store.log;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The newest messages of one log, kept in memory: consumers that keep up are served from here, without a look at the disk. Owned by
 * the store loop; only a cache, {@link TailMemory} holds the messages and bounds them over all logs.
 *
 * <p>A ring by sequence: slot of {@code seq} is {@code seq & (positions.length - 1)}, and holds where the message is, or what of that is
 * left when it is deleted, {@code ~position}. A stretch of sequences without holes; an append that leaves a gap starts anew.
 */
final class Tail {
    private static final int SLOTS_MIN = 16;

    private final TailMemory memory;
    private long[] positions = new long[SLOTS_MIN];
    /** Lowest sequence that may be held; everything from the first that is held to before {@link #endSeq} is here unless deleted. */
    private long startSeq = 1;

    private long endSeq = 1;

    Tail(TailMemory memory) {
        this.memory = memory;
    }

    /** Whether the message of this sequence is here if it is live. */
    boolean covers(long seq) {
        return seq >= startSeq && seq < endSeq && memory.holds(position(seq));
    }

    /** The record of a sequence that it {@link #covers}, null if that is deleted. */
    @Nullable
    ByteBuffer record(long seq) {
        long position = positions[slot(seq)];
        return position < 0 ? null : memory.record(position);
    }

    void append(NewMessage message) {
        long seq = message.seq();
        if (seq != endSeq) {
            dropBelow(endSeq);
            startSeq = seq;
        }
        long position = memory.append(message);
        endSeq = seq + 1;
        if (position == TailMemory.NOWHERE) {
            startSeq = endSeq;
            return;
        }
        if (seq - startSeq == positions.length) {
            makeRoom(seq);
        }
        positions[slot(seq)] = position;
    }

    void remove(long seq) {
        if (covers(seq)) {
            positions[slot(seq)] = ~position(seq);
        }
    }

    /** Drops what is from {@code fromSeq} to before {@code toSeq}. */
    void removeRange(long fromSeq, long toSeq) {
        for (long seq = Math.max(fromSeq, startSeq); seq < Math.min(toSeq, endSeq); seq++) {
            remove(seq);
        }
    }

    /** Drops what is below {@code seq}. */
    void dropBelow(long seq) {
        startSeq = Math.clamp(seq, startSeq, endSeq);
    }

    void clear() {
        startSeq = endSeq;
        positions = new long[SLOTS_MIN];
    }

    /** Forgets what the memory does not hold any more; with more than half of the slots still in use, there will be twice as many. */
    private void makeRoom(long seq) {
        while (startSeq < seq && !memory.holds(position(startSeq))) {
            startSeq++;
        }
        if (seq - startSeq <= positions.length / 2) {
            return;
        }
        long[] more = new long[positions.length * 2];
        for (long held = startSeq; held < seq; held++) {
            more[(int) held & (more.length - 1)] = positions[slot(held)];
        }
        positions = more;
    }

    /** Where the message of this sequence is or, deleted, was. */
    private long position(long seq) {
        long position = positions[slot(seq)];
        return position < 0 ? ~position : position;
    }

    private int slot(long seq) {
        return (int) seq & (positions.length - 1);
    }
}
