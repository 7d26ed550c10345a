package io.leafd.store.log;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Staged;
import io.leafd.store.engine.WriteGroup;
import io.leafd.store.loop.Completion;
import io.leafd.store.loop.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which sequences of one log were lost, and are waited for: those of a log whose messages somebody else has too. Owned by the store
 * loop.
 *
 * <p>A lost sequence counts as deleted; this is what tells it from one that somebody deleted, and the only thing that allows a message
 * to come back. It is durable, so a loss is still known after a restart, and changes in the same batch as the messages that are put
 * back. The wait ends for a sequence when its message is put back, when whoever has the original says that there is none any more, when
 * something removes the message that would be there, or with the original.
 *
 * <p>Stored in family {@code metadata}: key = {@code 'L'}, stream id (8); body = first (8), last (8) of each range, rising, not
 * touching. No record means that there is no original: then losses are reported and not kept here. At most {@link #RANGES_MAX} ranges: what
 * is lost beyond stays lost.
 */
final class LostSeqs implements Staged, Completion {
    static final byte KEY = 'L';
    static final int RANGES_MAX = 1000;
    private static final int KEY_BYTES = 9;
    private static final int RANGE_BYTES = 16;

    private final LogResources shared;
    private final Engine engine;
    private final long streamId;
    /** Last sequence by first. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** Settled in the group under way. */
    private final ArrayDeque<DamagedRange> settled = new ArrayDeque<>();

    /** Whether somebody has the original. */
    private boolean awaited;

    private boolean waiting;
    private boolean discarded;

    LostSeqs(LogResources shared, long streamId) {
        this.shared = shared;
        this.engine = shared.engine();
        this.streamId = streamId;
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** The lowest one, {@link Long#MAX_VALUE} if there is none. */
    long first() {
        return ranges.isEmpty() ? Long.MAX_VALUE : ranges.firstKey();
    }

    boolean contains(long seq) {
        Map.Entry<Long, Long> range = ranges.floorEntry(seq);
        return range != null && range.getValue() >= seq;
    }

    /** The first one at or after {@code seq}, 0 if there is none. */
    long next(long seq) {
        if (contains(seq)) {
            return seq;
        }
        Long next = ranges.ceilingKey(seq);
        return next == null ? 0 : next;
    }

    /** All of them. */
    List<DamagedRange> list() {
        var list = new ArrayList<DamagedRange>(ranges.size());
        ranges.forEach((first, last) -> list.add(new DamagedRange(first, last, DamagedRange.MISSING)));
        return list;
    }

    /** From now on somebody has the original of what is lost, or nobody. */
    void await(boolean hasOriginal) {
        if (awaited != hasOriginal) {
            awaited = hasOriginal;
            ranges.clear();
            changed();
        }
    }

    /** Adds sequences that were just found to be lost. */
    void add(long first, long last) {
        if (!awaited) {
            return;
        }
        Map.Entry<Long, Long> near = ranges.lowerEntry(first);
        boolean touches = near != null && near.getValue() >= first - 1;
        if (!touches && ranges.size() >= RANGES_MAX) {
            return;
        }
        long from = near != null && touches ? near.getKey() : first;
        long to = near != null && touches ? Math.max(last, near.getValue()) : last;
        Map.Entry<Long, Long> behind = ranges.ceilingEntry(first);
        while (behind != null && behind.getKey() <= to + 1) {
            to = Math.max(to, behind.getValue());
            ranges.remove(behind.getKey());
            behind = ranges.ceilingEntry(first);
        }
        ranges.put(from, to);
        changed();
    }

    /**
     * They are lost no more, and no longer told as lost once that is durable.
     *
     * @return how many of them were
     */
    long settle(long first, long last) {
        long count = remove(first, last);
        if (count > 0) {
            changed();
            if (settled.isEmpty()) {
                shared.loop().afterCommit(this);
            }
            DamagedRange before = settled.peekLast();
            if (before != null && before.lastSeq() + 1 == first) {
                settled.removeLast();
                settled.add(new DamagedRange(before.firstSeq(), last, DamagedRange.MISSING));
            } else {
                settled.add(new DamagedRange(first, last, DamagedRange.MISSING));
            }
        }
        return count;
    }

    @Override
    public void committed() {
        settled.forEach(range -> shared.damage().settled(streamId, range.firstSeq(), range.lastSeq()));
        settled.clear();
    }

    @Override
    public void failed(StoreException cause) {
        settled.clear(); // they are lost still
    }

    /** They are not waited for any more, and stay told as lost until the process ends. */
    void giveUp(long first, long last) {
        if (remove(first, last) > 0) {
            changed();
        }
    }

    /** Takes what is on disk. A damaged record is as good as none: then nothing comes back. */
    void load() {
        waiting = false;
        ranges.clear();
        ByteBuffer body = body();
        awaited = body != null;
        while (body != null && body.remaining() >= RANGE_BYTES) {
            ranges.put(body.getLong(), body.getLong());
        }
    }

    private @Nullable ByteBuffer body() {
        try {
            return engine.body(
                    Family.METADATA,
                    shared.lookupKey(KEY_BYTES).put(KEY).putLong(streamId).flip());
        } catch (StoreException.Corrupt e) {
            return null;
        }
    }

    /** Has nothing of it written any more: the stream is gone. */
    void discard() {
        discarded = true;
    }

    /** Answers how many there were. */
    private long remove(long first, long last) {
        long count = 0;
        Map.Entry<Long, Long> range = ranges.floorEntry(last);
        while (range != null && range.getValue() >= first) {
            count += Math.min(last, range.getValue()) - Math.max(first, range.getKey()) + 1;
            ranges.remove(range.getKey());
            if (range.getValue() > last) {
                ranges.put(last + 1, range.getValue());
            }
            if (range.getKey() < first) {
                ranges.put(range.getKey(), first - 1);
            }
            range = ranges.lowerEntry(range.getKey());
        }
        return count;
    }

    private void changed() {
        if (!waiting) {
            waiting = true;
            engine.group().later(this);
        }
    }

    @Override
    public void stage(WriteGroup group) {
        if (discarded) {
            return;
        }
        group.key(KEY_BYTES).put(KEY).putLong(streamId);
        if (!awaited) {
            group.delete(Family.METADATA);
            return;
        }
        ByteBuffer body = group.value(ranges.size() * RANGE_BYTES);
        ranges.forEach((first, last) -> body.putLong(first).putLong(last));
        group.put(Family.METADATA);
    }

    @Override
    public void written() {
        waiting = false;
    }
}
