package io.leafd.store.log;

import io.leafd.store.engine.Family;
import io.leafd.store.engine.Staged;
import io.leafd.store.engine.WriteGroup;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Which of 1024 neighbouring sequences of one log are deleted, as a bitmap. Owned by the store loop; lives in the cache that
 * {@link DeletedSeqs} of all logs share.
 *
 * <p>Stored in family {@code deleted}: key = stream id (8), 0 (1), {@code seq >>> 10} (8); body = 16 longs, bit {@code seq & 1023}
 * of the block in long {@code (seq >>> 6) & 15}. A block without deleted sequences has no record.
 */
final class DeletedBlock extends EntryCache.Node<DeletedBlock> implements Staged {
    static final int BITS = 10;
    static final int SEQS = 1 << BITS;
    static final int BODY_BYTES = SEQS / 8;
    private static final int MASK = SEQS - 1;

    final DeletedSeqs owner;
    final long epoch;
    final long block;
    private final long[] words = new long[SEQS / Long.SIZE];

    DeletedBlock(DeletedSeqs owner, long epoch, long block) {
        super(hash(epoch, block));
        this.owner = owner;
        this.epoch = epoch;
        this.block = block;
    }

    static int hash(long epoch, long block) {
        return Long.hashCode(epoch * 0x9E3779B97F4A7C15L + block);
    }

    void read(ByteBuffer body) {
        for (int i = 0; i < words.length; i++) {
            words[i] = body.getLong();
        }
    }

    boolean contains(long seq) {
        return (words[word(seq)] & 1L << seq) != 0;
    }

    void add(long seq) {
        words[word(seq)] |= 1L << seq;
    }

    void remove(long seq) {
        words[word(seq)] &= ~(1L << seq);
    }

    /** Adds the sequences of this block from {@code fromSeq} to {@code toSeq}, both of this block. */
    void addRange(long fromSeq, long toSeq) {
        int from = (int) fromSeq & MASK;
        int to = (int) toSeq & MASK;
        for (int at = from; at <= to; at++) {
            words[at >>> 6] |= 1L << at;
        }
    }

    /** Number of deleted sequences of this block from {@code fromSeq} to {@code toSeq}, both of this block. */
    int count(long fromSeq, long toSeq) {
        int from = (int) fromSeq & MASK;
        int to = (int) toSeq & MASK;
        if (from == 0 && to == MASK) {
            return Arrays.stream(words).mapToInt(Long::bitCount).sum();
        }
        int count = 0;
        for (int at = from; at <= to; at++) {
            count += (int) (words[at >>> 6] >>> at & 1);
        }
        return count;
    }

    /** First live sequence of this block at or after {@code seq}; the first of the next block if there is none. */
    long nextLive(long seq) {
        int at = (int) seq & MASK;
        while (at < SEQS) {
            long live = ~words[at >>> 6] >>> at; // the shift counts modulo 64
            if (live != 0) {
                return start(block) + at + Long.numberOfTrailingZeros(live);
            }
            at = (at | 63) + 1;
        }
        return start(block + 1);
    }

    /** Last live sequence of this block at or before {@code seq}; the last of the block before if there is none. */
    long previousLive(long seq) {
        int at = (int) seq & MASK;
        while (at >= 0) {
            long live = ~words[at >>> 6] << (63 - at); // modulo 64 again
            if (live != 0) {
                return start(block) + at - Long.numberOfLeadingZeros(live);
            }
            at = (at & ~63) - 1;
        }
        return start(block) - 1;
    }

    @Override
    public void stage(WriteGroup group) {
        if (epoch != owner.epoch()) {
            return;
        }
        owner.putKey(group, block);
        if (isEmpty()) {
            group.delete(Family.DELETED);
            return;
        }
        ByteBuffer value = group.value(BODY_BYTES);
        for (long word : words) {
            value.putLong(word);
        }
        group.put(Family.DELETED);
    }

    private boolean isEmpty() {
        for (long word : words) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void written() {
        pin(false);
        owner.trimCache();
    }

    /** Number of the block that holds a sequence. */
    static long of(long seq) {
        return seq >>> BITS;
    }

    /** First sequence of a block. */
    static long start(long block) {
        return block << BITS;
    }

    /** Last sequence of a block. */
    static long end(long block) {
        return start(block + 1) - 1;
    }

    private static int word(long seq) {
        return (int) (seq & MASK) >>> 6;
    }

    @Override
    DeletedBlock self() {
        return this;
    }

    @Override
    int weightBytes() {
        return 256;
    }
}
