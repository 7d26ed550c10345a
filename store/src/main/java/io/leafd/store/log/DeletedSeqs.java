package io.leafd.store.log;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Keys;
import io.leafd.store.engine.Scan;
import io.leafd.store.engine.WriteGroup;
import io.leafd.store.loop.StoreException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The deleted sequences of one log between its first and its last. Owned by the store loop.
 *
 * <pre>
 *   bitmap of a block:  stream id (8) | 0 (1) | seq >>> 10 (8)          body: 1024 bits
 *   run of blocks:      stream id (8) | 1 (1) | first block (8)         body: last block (8), all sequences deleted
 * </pre>
 *
 * <p>This is the authority on what is live: a sequence from first to last is live unless it is in here, whatever messages are
 * still on disk. Therefore
 *
 * <ul>
 *   <li>a message that is live by this and cannot be found on disk is <em>lost</em> and can be reported exactly;
 *   <li>gaps, counts and "what is next" need no look at messages;
 *   <li>removing messages from the disk may be put off and done in bulk.
 * </ul>
 *
 * Runs exist because a mirror may jump over billions of sequences at once; they are made only by {@link #addRange}, for {@link
 * #RUN_BLOCKS_MIN} and more whole blocks, and never overlap bitmaps.
 *
 * <p>A sequence leaves this set only by {@link #remove}, when its message was lost and is put back, see {@link LostSeqs}.
 *
 * <p>Rejected: ranges as records (a random delete would have to find and merge its neighbours: two seeks instead of one cached
 * bit), and no record at all ("missing is deleted"): then damage would look like a delete.
 */
final class DeletedSeqs {
    static final byte BITMAP = 0;
    static final byte RUN = 1;
    static final int RUN_BLOCKS_MIN = 64;
    private static final int KEY_BYTES = 17;

    private final LogResources shared;
    private final Engine engine;
    private final long streamId;
    private final LogNumbers numbers;
    private long epoch;

    DeletedSeqs(LogResources shared, long streamId, LogNumbers numbers) {
        this.shared = shared;
        this.engine = shared.engine();
        this.streamId = streamId;
        this.numbers = numbers;
        this.epoch = shared.nextEpoch();
    }

    /** Whether a sequence between first and last is deleted. */
    boolean contains(long seq) {
        return numbers.hasGaps() && (block(DeletedBlock.of(seq)).contains(seq) || runEnd(seq) > 0);
    }

    /** Marks one sequence between first and last. */
    void add(long seq) {
        DeletedBlock block = block(DeletedBlock.of(seq));
        block.add(seq);
        changed(block);
    }

    /** Marks the sequences from {@code fromSeq} to {@code toSeq}, both included, none of which may be in a run. */
    void addRange(long fromSeq, long toSeq) {
        long firstWhole = DeletedBlock.of(fromSeq + DeletedBlock.SEQS - 1);
        long lastWhole = DeletedBlock.of(toSeq + 1) - 1;
        if (lastWhole - firstWhole + 1 >= RUN_BLOCKS_MIN) {
            addBitmaps(fromSeq, DeletedBlock.start(firstWhole) - 1);
            putRun(firstWhole, lastWhole);
            addBitmaps(DeletedBlock.start(lastWhole + 1), toSeq);
        } else {
            addBitmaps(fromSeq, toSeq);
        }
    }

    /**
     * Takes one sequence out, whose message was lost and is put back. In a run, its block becomes a bitmap and what is left of the run
     * on either side stays a run. Reads first and stages afterwards.
     */
    void remove(long seq) {
        long number = DeletedBlock.of(seq);
        Run run = run(number);
        DeletedBlock block = block(number);
        if (run != null) {
            deleteRun(run.first);
            if (run.first < number) {
                putRun(run.first, number - 1);
            }
            if (number < run.last) {
                putRun(number + 1, run.last);
            }
            block.addRange(DeletedBlock.start(number), DeletedBlock.end(number));
        }
        block.remove(seq);
        changed(block);
    }

    /** Marks the sequences from {@code fromSeq} to {@code toSeq}, both included, that are in no run, where the front moves down. */
    void cover(long fromSeq, long toSeq) {
        long at = fromSeq;
        while (at <= toSeq) {
            Run run = run(DeletedBlock.of(at));
            if (run != null) {
                at = DeletedBlock.end(run.last) + 1;
            } else {
                long end = Math.min(toSeq, DeletedBlock.end(DeletedBlock.of(at)));
                addBitmaps(at, end);
                at = end + 1;
            }
        }
    }

    /** First live sequence at or after {@code seq}, which is at least first; {@code lastSeq + 1} if there is none. */
    long nextLive(long seq) {
        long last = numbers.lastSeq;
        if (!numbers.hasGaps()) {
            return Math.min(seq, last + 1);
        }
        long at = seq;
        while (at <= last) {
            long runEnd = runEnd(at);
            if (runEnd > 0) {
                at = runEnd + 1;
                continue;
            }
            long block = DeletedBlock.of(at);
            long live = block(block).nextLive(at);
            if (DeletedBlock.of(live) == block) {
                return Math.min(live, last + 1);
            }
            at = live;
        }
        return last + 1;
    }

    /** Last live sequence at or before {@code seq}, which is at most last; {@code firstSeq - 1} if there is none. */
    long previousLive(long seq) {
        long first = numbers.firstSeq;
        if (!numbers.hasGaps()) {
            return Math.max(seq, first - 1);
        }
        long at = seq;
        while (at >= first) {
            long runStart = runStart(at);
            if (runStart > 0) {
                at = runStart - 1;
                continue;
            }
            long block = DeletedBlock.of(at);
            long live = block(block).previousLive(at);
            if (DeletedBlock.of(live) == block) {
                return Math.max(live, first - 1);
            }
            at = live;
        }
        return first - 1;
    }

    /** Number of deleted sequences from {@code fromSeq} to {@code toSeq}, both between first and last. */
    long count(long fromSeq, long toSeq) {
        var counter = new BlockVisitor() {
            private long deleted;

            @Override
            public boolean bitmap(DeletedBlock block) {
                long start = DeletedBlock.start(block.block);
                deleted += block.count(Math.max(fromSeq, start), Math.min(toSeq, start + DeletedBlock.SEQS - 1));
                return true;
            }

            @Override
            public boolean run(long firstSeq, long lastSeq) {
                deleted += Math.min(toSeq, lastSeq) - Math.max(fromSeq, firstSeq) + 1;
                return true;
            }
        };
        walk(fromSeq, toSeq, counter);
        return counter.deleted;
    }

    /** Shows the deleted sequences from {@code fromSeq} to {@code toSeq} as ranges that do not touch. */
    void forEachRange(long fromSeq, long toSeq, RangeVisitor visitor) {
        var joined = new JoinedRanges(fromSeq, toSeq, visitor);
        walk(fromSeq, toSeq, joined);
        joined.finish();
    }

    /** Shows the blocks and runs that touch the range, in order: two key ranges, merged, since they never overlap. */
    private void walk(long fromSeq, long toSeq, BlockVisitor visitor) {
        if (!numbers.hasGaps() || fromSeq > toSeq) {
            return;
        }
        numbers.readThrough(engine);
        try (Scan bitmaps = engine.scan(Family.DELETED);
                Scan runs = engine.scan(Family.DELETED)) {
            long lastBlock = DeletedBlock.of(toSeq);
            long run = seekRunAtOrBefore(runs, DeletedBlock.of(fromSeq));
            long bitmap = seek(bitmaps, BITMAP, DeletedBlock.of(fromSeq));
            boolean wanted = true;
            while (wanted && Math.min(bitmap, run) <= lastBlock) {
                if (run < bitmap) {
                    long end = runs.body().getLong();
                    wanted = visitor.run(DeletedBlock.start(run), DeletedBlock.end(end));
                    run = numberAt(runs, runs.next(), RUN);
                } else {
                    var block = new DeletedBlock(this, epoch, bitmap);
                    block.read(bitmaps.body());
                    wanted = visitor.bitmap(block);
                    bitmap = numberAt(bitmaps, bitmaps.next(), BITMAP);
                }
            }
        }
    }

    /** Stages the removal of all records of blocks wholly below {@code seq}. */
    void dropBelow(long seq) {
        long block = DeletedBlock.of(seq);
        WriteGroup group = engine.group();
        group.deleteRange(Family.DELETED, key(BITMAP, 0), key(BITMAP, block));
        group.deleteRange(Family.DELETED, key(RUN, 0), key(RUN, block));
    }

    /** Stages the removal of all records. */
    void clear() {
        epoch = shared.nextEpoch();
        engine.group().deleteRange(Family.DELETED, Keys.of(streamId), Keys.of(streamId + 1));
    }

    /** Forgets what the cache knows, for a reopened store. */
    void forget() {
        epoch = shared.nextEpoch();
    }

    long epoch() {
        return epoch;
    }

    void trimCache() {
        shared.deletedBlocks().trim();
    }

    void putKey(WriteGroup group, long block) {
        group.key(KEY_BYTES).putLong(streamId).put(BITMAP).putLong(block);
    }

    private void addBitmaps(long fromSeq, long toSeq) {
        long at = fromSeq;
        while (at <= toSeq) {
            long block = DeletedBlock.of(at);
            long end = Math.min(toSeq, DeletedBlock.end(block));
            DeletedBlock bitmap = block(block);
            bitmap.addRange(at, end);
            changed(bitmap);
            at = end + 1;
        }
    }

    private void putRun(long firstBlock, long lastBlock) {
        WriteGroup group = engine.group();
        group.key(KEY_BYTES).putLong(streamId).put(RUN).putLong(firstBlock);
        group.value(Long.BYTES).putLong(lastBlock);
        group.put(Family.DELETED);
        numbers.hasRuns = true;
    }

    private void deleteRun(long firstBlock) {
        WriteGroup group = engine.group();
        group.key(KEY_BYTES).putLong(streamId).put(RUN).putLong(firstBlock);
        group.delete(Family.DELETED);
    }

    private void changed(DeletedBlock block) {
        if (!block.pinned()) {
            block.pin(true);
            engine.group().later(block);
        }
    }

    /** The bitmap of a block; one without a record is empty and kept in the cache like others. */
    private DeletedBlock block(long number) {
        EntryCache<DeletedBlock> cache = shared.deletedBlocks();
        int hash = DeletedBlock.hash(epoch, number);
        for (DeletedBlock block = cache.bucket(hash); block != null; block = block.chain()) {
            if (block.block == number && block.epoch == epoch) {
                cache.used(block);
                return block;
            }
        }
        var block = new DeletedBlock(this, epoch, number);
        ByteBuffer key = shared.lookupKey(KEY_BYTES)
                .putLong(streamId)
                .put(BITMAP)
                .putLong(number)
                .flip();
        boolean sound = read(block, key);
        cache.add(block);
        if (!sound) {
            changed(block);
        }
        return block;
    }

    /** Fills a block from disk; during a rebuild a damaged one is taken for empty, and that is answered as false. */
    private boolean read(DeletedBlock block, ByteBuffer key) {
        try {
            ByteBuffer body = engine.body(Family.DELETED, key);
            if (body != null) {
                block.read(body);
            }
            return true;
        } catch (StoreException.Corrupt e) {
            if (!numbers.recounting) {
                throw e;
            }
            return false;
        }
    }

    /** Last sequence of the run that holds {@code seq}, 0 if none does. */
    private long runEnd(long seq) {
        Run run = run(DeletedBlock.of(seq));
        return run == null ? 0 : DeletedBlock.end(run.last);
    }

    /** First sequence of the run that holds {@code seq}, 0 if none does. */
    private long runStart(long seq) {
        Run run = run(DeletedBlock.of(seq));
        return run == null ? 0 : DeletedBlock.start(run.first);
    }

    /** The run that holds a block, null if none does. */
    private @Nullable Run run(long block) {
        if (!numbers.hasRuns) {
            return null;
        }
        numbers.readThrough(engine);
        try (Scan scan = engine.scan(Family.DELETED)) {
            long start = seekRunAtOrBefore(scan, block);
            return start > block ? null : new Run(start, scan.body().getLong());
        }
    }

    /**
     * Stands on the run that holds {@code block}, else on the first run behind it.
     *
     * @return its first block, {@link Long#MAX_VALUE} if there is none
     */
    private long seekRunAtOrBefore(Scan scan, long block) {
        if (!numbers.hasRuns) {
            return Long.MAX_VALUE;
        }
        ByteBuffer target = shared.lookupKey(KEY_BYTES)
                .putLong(streamId)
                .put(RUN)
                .putLong(block)
                .flip();
        long start = numberAt(scan, scan.seekForPrev(target), RUN);
        if (start <= block && scan.body().getLong() >= block) {
            return start;
        }
        return seek(scan, RUN, block);
    }

    private long seek(Scan scan, byte kind, long number) {
        ByteBuffer target = shared.lookupKey(KEY_BYTES)
                .putLong(streamId)
                .put(kind)
                .putLong(number)
                .flip();
        return numberAt(scan, scan.seek(target), kind);
    }

    private long numberAt(Scan scan, boolean valid, byte kind) {
        return valid && scan.key().getLong(0) == streamId && scan.key().get(8) == kind
                ? scan.key().getLong(9)
                : Long.MAX_VALUE;
    }

    private byte[] key(byte kind, long number) {
        return ByteBuffer.allocate(KEY_BYTES)
                .putLong(streamId)
                .put(kind)
                .putLong(number)
                .array();
    }

    /** Blocks all of whose sequences are deleted, both included. */
    private record Run(long first, long last) {}

    /** Is shown what is deleted, ascending; answers whether to go on. */
    interface BlockVisitor {
        boolean bitmap(DeletedBlock block);

        boolean run(long firstSeq, long lastSeq);
    }
}
