package io.leafd.store.log;

import java.util.ArrayDeque;

/**
 * Bounds the memory of all {@link Tail}s together: bytes and messages, oldest out first, whichever stream they are of. Owned by
 * the store loop.
 */
final class TailMemory {
    private static final long MESSAGE_OVERHEAD_BYTES = 96;
    private static final int MESSAGES_MAX = 1 << 16;

    private final long bytesMax;
    private long bytes;
    /** One reference per appended message, in order; a tail that dropped messages by itself has some too many, which only makes it
     * shorter than it could be. */
    private final ArrayDeque<Tail> order = new ArrayDeque<>();

    TailMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    void added(Tail tail, StoredMessage message) {
        bytes += weight(message);
        order.add(tail);
        while (bytes > bytesMax || order.size() > MESSAGES_MAX) {
            Tail oldest = order.poll();
            if (oldest == null) {
                return;
            }
            oldest.dropFirst();
        }
    }

    void freed(StoredMessage message) {
        bytes -= weight(message);
    }

    long bytes() {
        return bytes;
    }

    private static long weight(StoredMessage message) {
        return MESSAGE_OVERHEAD_BYTES + message.body().length;
    }
}
