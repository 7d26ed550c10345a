package io.leafd.store.log;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Keys;
import io.leafd.store.engine.Scan;
import io.leafd.store.engine.Staged;
import io.leafd.store.engine.WriteGroup;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Message ids of one log within its duplicate window. Owned by the store loop.
 *
 * <pre>
 *   key:  stream id (8) | slice (4) | id                body: seq (8), timestamp ns (8)
 *   slice header: the same key without id               body: start of the slice, ns (8)
 * </pre>
 *
 * Ids are filed in slices of time, each as long as the window. A look-up asks the newest slice and the one before (bloom filters
 * answer for ids that were never there); a slice whose successor began more than a window ago is dropped by one range delete.
 * So an id costs one put and no delete, memory holds only what is staged, and a restart reads a few slice headers, lazily.
 *
 * <p>Rejected: a map of all ids (ten thousand per second for two minutes is a hundred megabytes), rebuilding it from the messages
 * at start (slow, and forgets ids of removed messages), and one record per id plus one by time for expiry (four writes per id).
 */
final class MsgIds implements Staged {
    private static final int ID_BYTES_MAX = 128;
    private static final int SLICES_MAX = 64;
    private static final int HEADER_KEY_BYTES = 12;
    private static final int BODY_BYTES = 16;
    private static final long WINDOW_DEFAULT_NS = 120_000_000_000L;

    private record Slice(int number, long startNs) {}

    private record Known(long seq, long timestampNs) {}

    private final LogResources shared;
    private final Engine engine;
    private final long streamId;
    /** Oldest first; never empty once loaded and used. */
    private final ArrayDeque<Slice> slices = new ArrayDeque<>();
    /** Ids of the batch that is not written yet: look-ups in the database do not see them. */
    private final Map<ByteBuffer, Known> staged = new HashMap<>();

    private boolean loaded;
    private long windowNs = WINDOW_DEFAULT_NS;

    MsgIds(LogResources shared, long streamId) {
        this.shared = shared;
        this.engine = shared.engine();
        this.streamId = streamId;
    }

    /** The sequence stored with this id less than {@code windowNs} before {@code nowNs}, 0 if there is none. */
    long find(byte[] msgId, long windowNs, long nowNs) {
        this.windowNs = windowNs;
        load();
        byte[] id = shortened(msgId);
        Known known = staged.get(ByteBuffer.wrap(id));
        if (known != null) {
            return within(known.timestampNs, nowNs) ? known.seq : 0;
        }
        for (var newestFirst = slices.descendingIterator(); newestFirst.hasNext(); ) {
            Slice slice = newestFirst.next();
            ByteBuffer key = shared.lookupKey(HEADER_KEY_BYTES + id.length)
                    .putLong(streamId)
                    .putInt(slice.number)
                    .put(id)
                    .flip();
            ByteBuffer body = engine.body(Family.MSG_IDS, key);
            if (body != null) {
                long seq = body.getLong();
                return within(body.getLong(), nowNs) ? seq : 0;
            }
        }
        return 0;
    }

    /** Stages an id. */
    void put(byte[] msgId, long seq, long timestampNs) {
        load();
        Slice slice = sliceFor(timestampNs);
        byte[] id = shortened(msgId);
        WriteGroup group = engine.group();
        group.key(HEADER_KEY_BYTES + id.length)
                .putLong(streamId)
                .putInt(slice.number)
                .put(id);
        group.value(BODY_BYTES).putLong(seq).putLong(timestampNs);
        group.put(Family.MSG_IDS);
        if (staged.isEmpty()) {
            group.later(this);
        }
        staged.put(ByteBuffer.wrap(id), new Known(seq, timestampNs));
    }

    int slices() {
        return slices.size();
    }

    /** Forgets what memory holds, for a reopened store. */
    void forget() {
        loaded = false;
        slices.clear();
        staged.clear();
    }

    @Override
    public void stage(WriteGroup group) {
        // the records are in the batch already; this only asks to hear of the write
    }

    @Override
    public void written() {
        staged.clear();
    }

    private boolean within(long timestampNs, long nowNs) {
        return nowNs - timestampNs < windowNs; // a clock that went back makes ids live longer, never shorter
    }

    private Slice sliceFor(long timestampNs) {
        Slice newest = slices.peekLast();
        if (newest != null && Math.abs(timestampNs - newest.startNs) < windowNs) {
            return newest;
        }
        var next = new Slice(newest == null ? 1 : newest.number + 1, timestampNs);
        WriteGroup group = engine.group();
        group.key(HEADER_KEY_BYTES).putLong(streamId).putInt(next.number);
        group.value(Long.BYTES).putLong(next.startNs);
        group.put(Family.MSG_IDS);
        slices.add(next);
        dropOld(timestampNs);
        return next;
    }

    private void dropOld(long nowNs) {
        while (slices.size() > 1) {
            Slice oldest = slices.removeFirst();
            // a start far ahead was made by a clock that has been set back since: just as dead as one long ago
            boolean needed = Math.abs(nowNs - slices.getFirst().startNs) < windowNs && slices.size() < SLICES_MAX;
            if (needed) {
                slices.addFirst(oldest);
                return;
            }
            byte[] from = header(oldest.number);
            byte[] to = header(oldest.number + 1);
            engine.group().deleteRange(Family.MSG_IDS, from, to);
        }
    }

    private byte[] header(int slice) {
        return ByteBuffer.allocate(HEADER_KEY_BYTES)
                .putLong(streamId)
                .putInt(slice)
                .array();
    }

    private void load() {
        if (loaded) {
            return;
        }
        loaded = true;
        engine.readThrough();
        try (Scan scan = engine.scan(Family.MSG_IDS)) {
            boolean found = scan.seek(Keys.of(streamId));
            while (found && scan.key().getLong(0) == streamId) {
                int number = scan.key().getInt(8);
                if (scan.key().limit() == HEADER_KEY_BYTES) {
                    slices.add(new Slice(number, scan.body().getLong()));
                }
                found = scan.seek(header(number + 1));
            }
        }
    }

    /** Ids longer than {@link #ID_BYTES_MAX} are filed by their SHA-256, told apart by the first byte. */
    private static byte[] shortened(byte[] msgId) {
        boolean isShort = msgId.length <= ID_BYTES_MAX;
        byte[] from = isShort ? msgId : sha256(msgId);
        byte[] id = new byte[from.length + 1];
        id[0] = (byte) (isShort ? 0 : 1);
        System.arraycopy(from, 0, id, 1, from.length);
        return id;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
