package io.leafd.store.log;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes behind all {@link Tail}s together, and their bound: oldest out first, whichever stream they are of. Owned by the store
 * loop.
 *
 * <p>Messages lie as {@link MessageRecord}s, one behind the other, in blocks that are used again and again:
 *
 * <pre>
 *   block 41 (oldest)      42                43 (newest)
 *   ┌──┬─────┬──┬──┐      ┌────────┬──┐      ┌──┬──┬·····┐
 *   └──┴─────┴──┴──┘      └────────┴──┘      └──┴──┴·····┘     position = block number, offset
 * </pre>
 *
 * <p>Why bytes and not the messages themselves: a message that is kept for as long as some thousand others take to come outlives the
 * young generation of a small heap. As objects, everything that was published was promoted, and under load the whole heap collected
 * once a second.
 *
 * <p>Bound: the bytes given to it. A message larger than a block is not kept.
 */
final class TailMemory {
    /** Answered for a message that is not kept. */
    static final long NOWHERE = -1;

    private static final int BLOCK_BYTES_MAX = 256 << 10;
    private static final int BLOCK_BYTES_MIN = 4 << 10;
    private static final int BLOCKS = 16;
    /** Keeps what tails note of each message in proportion, however small the messages are. */
    private static final int BLOCK_MESSAGES_MAX = 4096;

    private static final int LENGTH_BYTES = 4;

    private final int blockBytes;
    /** By block number modulo their count; made when first used. */
    private final @Nullable ByteBuffer[] blocks;

    private long newest;
    private int messages; // in the newest block

    TailMemory(long bytesMax) {
        blockBytes = Math.clamp(bytesMax / BLOCKS, BLOCK_BYTES_MIN, BLOCK_BYTES_MAX);
        blocks = new @Nullable ByteBuffer[(int) Math.max(2, bytesMax / blockBytes)];
    }

    /** Keeps a copy of the message; its position, rising from one to the next, or {@link #NOWHERE}. */
    long append(NewMessage message) {
        int length = message.recordBytes();
        if (LENGTH_BYTES + length > blockBytes) {
            return NOWHERE;
        }
        ByteBuffer block = block(newest);
        if (block.remaining() < LENGTH_BYTES + length || messages == BLOCK_MESSAGES_MAX) {
            block = block(++newest).clear(); // what was in it is forgotten
            messages = 0;
        }
        messages++;
        int offset = block.position();
        block.putInt(length);
        MessageRecord.write(block, message);
        return newest * blockBytes + offset;
    }

    /** Whether what was kept there is still there. */
    boolean holds(long position) {
        return position / blockBytes > newest - blocks.length;
    }

    /** The record at a position that {@link #holds}. */
    ByteBuffer record(long position) {
        int offset = (int) (position % blockBytes);
        ByteBuffer block = block(position / blockBytes);
        return block.duplicate()
                .limit(offset + LENGTH_BYTES + block.getInt(offset))
                .position(offset + LENGTH_BYTES);
    }

    /** Bytes that it takes at present, outside of the heap. */
    long bytes() {
        return Math.min(newest + 1, blocks.length) * blockBytes;
    }

    private ByteBuffer block(long number) {
        int index = (int) (number % blocks.length);
        ByteBuffer block = blocks[index];
        if (block == null) {
            block = ByteBuffer.allocateDirect(blockBytes);
            blocks[index] = block;
        }
        return block;
    }
}
