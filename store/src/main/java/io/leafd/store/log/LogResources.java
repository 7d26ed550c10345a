package io.leafd.store.log;

import io.leafd.store.engine.Engine;
import io.leafd.store.loop.StoreLoop;
import java.nio.ByteBuffer;

/**
 * What all logs of a store share: engine, loop, and every cache, each with its bound. Owned by the store loop.
 *
 * <p>The budget is divided: half for the tails, outside of the heap, three eighths for subject entries, one eighth for bitmaps of
 * deleted sequences; a quarter as much again may be held in chunks that readers have not handed out yet.
 */
public final class LogResources {
    private static final int CHUNK_BYTES_MAX = 128 << 10;
    private static final int CHUNK_BYTES_MIN = 8 << 10;

    /** Of the direct memory, most of which belongs to what waits for readers. */
    private static final long TAILS_MAX_BYTES = 4 << 20;

    private final Engine engine;
    private final StoreLoop loop;
    private final DamageLedger damage;
    private final WrittenNumbers written;
    private final EntryCache<SubjectEntry> subjects;
    private final EntryCache<DeletedBlock> deletedBlocks;
    private final TailMemory tails;
    private final long chunkBudgetBytes;
    private int chunks;
    private long epochs;
    private ByteBuffer lookupKey = ByteBuffer.allocateDirect(256);
    private byte[] scratch = new byte[256];

    /** Resources with {@code bytes} for all caches together. */
    public LogResources(Engine engine, StoreLoop loop, DamageLedger damage, WrittenNumbers written, long bytes) {
        this.engine = engine;
        this.loop = loop;
        this.damage = damage;
        this.written = written;
        this.tails = new TailMemory(Math.min(bytes / 2, TAILS_MAX_BYTES));
        this.subjects = new EntryCache<>(bytes * 3 / 8);
        this.deletedBlocks = new EntryCache<>(bytes / 8);
        this.chunkBudgetBytes = bytes / 4;
    }

    Engine engine() {
        return engine;
    }

    StoreLoop loop() {
        return loop;
    }

    DamageLedger damage() {
        return damage;
    }

    WrittenNumbers written() {
        return written;
    }

    EntryCache<SubjectEntry> subjects() {
        return subjects;
    }

    EntryCache<DeletedBlock> deletedBlocks() {
        return deletedBlocks;
    }

    TailMemory tails() {
        return tails;
    }

    /** Bytes that the caches hold, about; chunks of readers not included. */
    public long heldBytes() {
        return tails.bytes() + subjects.bytes() + deletedBlocks.bytes();
    }

    /** A number that no cache key had before. */
    long nextEpoch() {
        return epochs++;
    }

    /** Forgets what the caches hold, for a reopened store. */
    public void clear() {
        subjects.clear();
        deletedBlocks.clear();
        damage.clear();
    }

    /** How many bytes the next chunk of a reader may have: less when many readers hold one. */
    int chunkBytes() {
        return Math.clamp(chunkBudgetBytes / (chunks + 1), CHUNK_BYTES_MIN, CHUNK_BYTES_MAX);
    }

    void chunkTaken() {
        chunks++;
    }

    void chunkGiven() {
        chunks--;
    }

    /** A direct buffer for one look-up key, empty; shared, so fill it just before use. */
    ByteBuffer lookupKey(int bytes) {
        if (lookupKey.capacity() < bytes) {
            lookupKey = ByteBuffer.allocateDirect(Integer.highestOneBit(bytes) * 2);
        }
        return lookupKey.clear();
    }

    /** A byte array of at least this length; shared, so used up at once. */
    byte[] scratch(int bytes) {
        if (scratch.length < bytes) {
            scratch = new byte[Integer.highestOneBit(bytes) * 2];
        }
        return scratch;
    }
}
