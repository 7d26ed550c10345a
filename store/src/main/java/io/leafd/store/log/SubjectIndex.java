package io.leafd.store.log;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Keys;
import io.leafd.store.engine.Scan;
import io.leafd.store.engine.WriteGroup;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Which sequences a subject has: one small record per live message. Owned by the store loop.
 *
 * <pre>
 *   key:  stream id (8) | seq >>> 16 (8) | subject's entry id (8) | seq & 0xffff (2)      body: size of the message (4)
 * </pre>
 *
 * The block of sequences comes <em>before</em> the subject. So new records go to the end of the family, as messages do, and
 * compaction has nothing to merge; and when limits have removed a block, one range delete drops its records of all subjects.
 * The price: a subject's sequences are found block by block, one seek per block that holds anything, which costs milliseconds
 * for a rare subject in a hundred million messages. Records below the log's first sequence are dead and are skipped by
 * starting at it; they go with their block.
 *
 * <p>Rejected: subject first (every front removal becomes a tombstone per message), a linked list through the messages (finding
 * the oldest of a subject needs the other direction), bitmaps per subject and block (rewritten per group for every subject).
 *
 * <p>All reads see staged records: they write the group through first.
 */
final class SubjectIndex {
    static final int BLOCK_BITS = 16;
    private static final int KEY_BYTES = 26;
    private static final int BODY_BYTES = 4;
    private static final int LOW_MASK = (1 << BLOCK_BITS) - 1;
    private static final int LOW_OFFSET = 24;

    private final LogResources shared;
    private final Engine engine;
    private final long streamId;
    private final LogNumbers numbers;

    SubjectIndex(LogResources shared, long streamId, LogNumbers numbers) {
        this.numbers = numbers;
        this.shared = shared;
        this.engine = shared.engine();
        this.streamId = streamId;
    }

    /** Stages a record. */
    void put(long subjectId, long seq, int sizeBytes) {
        WriteGroup group = engine.group();
        fill(group.key(KEY_BYTES), subjectId, seq);
        group.value(BODY_BYTES).putInt(sizeBytes);
        group.put(Family.INDEX);
    }

    /** Stages the removal of a record. */
    void delete(long subjectId, long seq) {
        WriteGroup group = engine.group();
        fill(group.key(KEY_BYTES), subjectId, seq);
        group.delete(Family.INDEX);
    }

    /** Stages the removal of all records of a subject from {@code fromSeq} to {@code toSeq}, both of one block. */
    void deleteRange(long subjectId, long fromSeq, long toSeq) {
        byte[] from = new byte[KEY_BYTES];
        fill(ByteBuffer.wrap(from), subjectId, fromSeq);
        byte[] to = new byte[KEY_BYTES + 1]; // one byte more: the first key behind
        fill(ByteBuffer.wrap(to), subjectId, toSeq);
        engine.group().deleteRange(Family.INDEX, from, to);
    }

    /** Stages the removal of all records of blocks below the one of {@code seq}, from the block of {@code fromSeq} on. */
    void dropBlocksBelow(long fromSeq, long seq) {
        long from = fromSeq >>> BLOCK_BITS;
        long to = seq >>> BLOCK_BITS;
        if (from < to) {
            engine.dropFiles(Family.INDEX, Keys.of(streamId, from), Keys.of(streamId, to));
            engine.group().deleteRange(Family.INDEX, Keys.of(streamId, from), Keys.of(streamId, to));
        }
    }

    /** Stages the removal of all records. */
    void clear() {
        engine.group().deleteRange(Family.INDEX, Keys.of(streamId), Keys.of(streamId + 1));
    }

    /** First record of the subject from {@code fromSeq} to {@code toSeq}. */
    Found next(long subjectId, long fromSeq, long toSeq) {
        List<Found> first = list(subjectId, fromSeq, toSeq, 1);
        return first.isEmpty() ? Found.NONE : first.getFirst();
    }

    /** The first records of the subject from {@code fromSeq} to {@code toSeq}, at most {@code max}. */
    List<Found> list(long subjectId, long fromSeq, long toSeq, long max) {
        var found = new ArrayList<Found>();
        if (max > 0) {
            forEach(subjectId, fromSeq, toSeq, (seq, sizeBytes) -> {
                found.add(new Found(subjectId, seq, sizeBytes));
                return found.size() < max;
            });
        }
        return found;
    }

    /** Last record of the subject from {@code fromSeq} to {@code toSeq}. */
    Found previous(long subjectId, long fromSeq, long toSeq) {
        numbers.readThrough(engine);
        try (Scan scan = engine.scan(Family.INDEX)) {
            long seq = toSeq;
            while (seq >= fromSeq) {
                ByteBuffer target = shared.lookupKey(KEY_BYTES);
                fill(target, subjectId, seq);
                if (!scan.seekForPrev(target.flip()) || scan.key().getLong(0) != streamId) {
                    return Found.NONE;
                }
                long block = blockOf(scan.key());
                if (block == seq >>> BLOCK_BITS && idOf(scan.key()) == subjectId) {
                    long found = seqOf(scan.key());
                    return found >= fromSeq
                            ? new Found(subjectId, found, scan.body().getInt())
                            : Found.NONE;
                }
                // The nearest record before is of another subject or an earlier block: go on at the end of that block.
                long before = block == seq >>> BLOCK_BITS ? block - 1 : block;
                seq = (before << BLOCK_BITS) | LOW_MASK;
            }
        }
        return Found.NONE;
    }

    /** Number of sequences of the subject from {@code fromSeq} to {@code toSeq}. */
    long count(long subjectId, long fromSeq, long toSeq) {
        long[] count = new long[1];
        forEach(subjectId, fromSeq, toSeq, (seq, sizeBytes) -> {
            count[0]++;
            return true;
        });
        return count[0];
    }

    /** Shows the subject's sequences from {@code fromSeq} to {@code toSeq}, ascending. */
    void forEach(long subjectId, long fromSeq, long toSeq, RecordVisitor visitor) {
        if (fromSeq > toSeq) {
            return;
        }
        numbers.readThrough(engine);
        try (Scan scan = engine.scan(Family.INDEX)) {
            long seq = fromSeq;
            while (seq <= toSeq) {
                ByteBuffer target = shared.lookupKey(KEY_BYTES);
                fill(target, subjectId, seq);
                boolean valid = scan.seek(target.flip());
                long block = seq >>> BLOCK_BITS;
                while (valid && isOf(scan.key(), block, subjectId)) {
                    long found = seqOf(scan.key());
                    if (found > toSeq || !visitor.record(found, scan.body().getInt())) {
                        return;
                    }
                    valid = scan.next();
                }
                if (!valid || scan.key().getLong(0) != streamId) {
                    return;
                }
                // Blocks between hold no records at all: the scan stands on the first key behind.
                seq = Math.max(block + 1, blockOf(scan.key())) << BLOCK_BITS;
            }
        }
    }

    /** The record of a sequence whose subject is not known. Walks over its block: only for damaged messages. */
    Found find(long wantedSeq) {
        numbers.readThrough(engine);
        long block = wantedSeq >>> BLOCK_BITS;
        try (Scan scan = engine.scan(Family.INDEX)) {
            boolean valid = scan.seek(Keys.of(streamId, block));
            while (valid && scan.key().getLong(0) == streamId && blockOf(scan.key()) == block) {
                if (seqOf(scan.key()) == wantedSeq) {
                    return new Found(idOf(scan.key()), wantedSeq, scan.body().getInt());
                }
                valid = scan.next();
            }
        }
        return Found.NONE;
    }

    /** Whether there is this very record. */
    boolean contains(long subjectId, long seq, int sizeBytes) {
        ByteBuffer key = shared.lookupKey(KEY_BYTES);
        fill(key, subjectId, seq);
        ByteBuffer body = engine.body(Family.INDEX, key.flip());
        return body != null && body.getInt() == sizeBytes;
    }

    /** Shows the records of all subjects from {@code fromSeq} to {@code toSeq}, block by block. */
    void forEachOf(long fromSeq, long toSeq, Consumer<Found> visitor) {
        try (Scan scan = engine.scan(Family.INDEX)) {
            boolean valid = scan.seek(Keys.of(streamId, fromSeq >>> BLOCK_BITS));
            while (valid && scan.key().getLong(0) == streamId && blockOf(scan.key()) <= toSeq >>> BLOCK_BITS) {
                long seq = seqOf(scan.key());
                if (seq >= fromSeq && seq <= toSeq) {
                    visitor.accept(new Found(idOf(scan.key()), seq, scan.body().getInt()));
                }
                valid = scan.next();
            }
        }
    }

    private void fill(ByteBuffer key, long subjectId, long seq) {
        key.putLong(streamId).putLong(seq >>> BLOCK_BITS).putLong(subjectId).putShort((short) (seq & LOW_MASK));
    }

    private boolean isOf(ByteBuffer key, long block, long subjectId) {
        return key.getLong(0) == streamId && blockOf(key) == block && idOf(key) == subjectId;
    }

    static long blockOf(ByteBuffer key) {
        return key.getLong(8);
    }

    static long idOf(ByteBuffer key) {
        return key.getLong(16);
    }

    static long seqOf(ByteBuffer key) {
        return (key.getLong(8) << BLOCK_BITS) | (key.getShort(LOW_OFFSET) & LOW_MASK);
    }

    /** Is shown records. */
    interface RecordVisitor {
        /** Answers whether to go on. */
        boolean record(long seq, int sizeBytes);
    }

    /** One record; {@code seq} is 0 if there is none. */
    record Found(long subjectId, long seq, int sizeBytes) {
        static final Found NONE = new Found(0, 0, 0);
    }
}
