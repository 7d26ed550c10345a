package io.leafd.link.forward;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * The messages that the upstream will not take as they are, set aside so that those behind them can go. Owned by the store
 * loop.
 *
 * <p>A parked message stays in its local stream, is counted and shown, and is tried again when the permissions change, after
 * a restart and once an hour. Bounds: {@value #MAX} messages; when that is reached the forward stops and says so rather than
 * forget one.
 *
 * <p>Bytes: for each message its sequence (8 bytes big endian) and reason (4 bytes).
 */
final class Parked {
    static final int MAX = 4096;

    /** Reason of a message whose subject the upstream's permissions or the export list do not let through. */
    static final int DENIED = -1;

    /** Reason of a message larger than the upstream's payload bound. */
    static final int TOO_LARGE = -2;

    private final TreeMap<Long, Integer> reasons = new TreeMap<>();

    /** Reads {@link #toBytes}. */
    static Parked of(byte[] bytes) {
        if (bytes.length % (Long.BYTES + Integer.BYTES) != 0) {
            throw new IllegalArgumentException("parked messages of a forward: " + bytes.length + " bytes");
        }
        var parked = new Parked();
        for (var in = ByteBuffer.wrap(bytes); in.hasRemaining(); ) {
            parked.reasons.put(in.getLong(), in.getInt());
        }
        return parked;
    }

    byte[] toBytes() {
        var out = ByteBuffer.allocate(reasons.size() * (Long.BYTES + Integer.BYTES));
        reasons.forEach((seq, reason) -> out.putLong(seq).putInt(reason));
        return out.array();
    }

    boolean full() {
        return reasons.size() >= MAX;
    }

    int size() {
        return reasons.size();
    }

    boolean contains(long seq) {
        return reasons.containsKey(seq);
    }

    /** Sets a message aside: {@link #DENIED}, {@link #TOO_LARGE} or the upstream's error code. */
    void add(long seq, int reason) {
        reasons.put(seq, reason);
    }

    boolean remove(long seq) {
        return reasons.remove(seq) != null;
    }

    /** Sequence and reason of each; a view. */
    Map<Long, Integer> reasons() {
        return reasons;
    }
}
