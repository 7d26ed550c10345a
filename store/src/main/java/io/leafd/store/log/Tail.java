package io.leafd.store.log;

import org.jspecify.annotations.Nullable;

/**
 * The newest messages of one log, kept in memory: consumers that keep up are served from here, without a look at the disk and
 * before the group is even written. Owned by the store loop; only a cache, {@link TailMemory} bounds it over all logs.
 *
 * <p>A ring by sequence: slot of {@code seq} is {@code seq & (slots.length - 1)}. Holds a stretch of sequences without holes
 * except for deleted messages; an append that leaves a gap starts anew.
 */
final class Tail {
    private static final int SLOTS_MIN = 16;

    private final TailMemory memory;
    private @Nullable StoredMessage[] slots = new @Nullable StoredMessage[SLOTS_MIN];
    /** Lowest sequence held; everything from here to before {@link #endSeq} is here unless deleted. */
    private long startSeq = 1;

    private long endSeq = 1;

    Tail(TailMemory memory) {
        this.memory = memory;
    }

    /** Whether the message of this sequence is here if it is live. */
    boolean covers(long seq) {
        return seq >= startSeq && seq < endSeq;
    }

    /** The message, null if it is deleted or not here. */
    @Nullable
    StoredMessage get(long seq) {
        return covers(seq) ? slots[slot(seq)] : null;
    }

    void append(StoredMessage message) {
        long seq = message.seq();
        if (seq != endSeq) {
            clear();
            startSeq = seq;
        } else if (seq - startSeq == slots.length) {
            grow();
        }
        slots[slot(seq)] = message;
        endSeq = seq + 1;
        memory.added(this, message);
    }

    void remove(long seq) {
        if (covers(seq)) {
            free(seq);
        }
    }

    /** Drops what is from {@code fromSeq} to before {@code toSeq}. */
    void removeRange(long fromSeq, long toSeq) {
        for (long seq = Math.max(fromSeq, startSeq); seq < Math.min(toSeq, endSeq); seq++) {
            free(seq);
        }
    }

    /** Drops the oldest. */
    void dropFirst() {
        if (startSeq < endSeq) {
            free(startSeq++);
        }
    }

    /** Drops what is below {@code seq}. */
    void dropBelow(long seq) {
        while (startSeq < endSeq && startSeq < seq) {
            dropFirst();
        }
    }

    void clear() {
        dropBelow(endSeq);
        if (slots.length > SLOTS_MIN) {
            slots = new @Nullable StoredMessage[SLOTS_MIN];
        }
    }

    private void free(long seq) {
        int slot = slot(seq);
        StoredMessage message = slots[slot];
        if (message != null) {
            slots[slot] = null;
            memory.freed(message);
        }
    }

    private void grow() {
        var larger = new @Nullable StoredMessage[slots.length * 2];
        for (long seq = startSeq; seq < endSeq; seq++) {
            larger[(int) seq & (larger.length - 1)] = slots[slot(seq)];
        }
        slots = larger;
    }

    private int slot(long seq) {
        return (int) seq & (slots.length - 1);
    }
}
