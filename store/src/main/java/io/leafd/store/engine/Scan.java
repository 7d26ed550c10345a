package io.leafd.store.engine;

import io.leafd.store.loop.StoreException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Walks over the records of one family in key order. Owned by the store loop; borrowed from {@link Engine#scan} and closed soon.
 *
 * <p>Key and value are shown in reused buffers, valid until the next move. Scans are pooled with their buffers; the iterator
 * inside lives at most until the end of the group, because it keeps files on disk that compaction has replaced.
 */
public final class Scan implements AutoCloseable {
    private final Family family;
    private final CorruptionListener listener;
    private final Records records;
    private ByteBuffer key = ByteBuffer.allocateDirect(256);
    private ByteBuffer value = ByteBuffer.allocateDirect(4 << 10);
    private @Nullable RocksIterator iterator;
    private @Nullable Database database;
    /** The iterator met an unreadable place: seeks after that can fail where a new iterator reads well, so it is replaced. */
    private boolean broken;
    /** Number of the write that the iterator sees; see {@link Engine#scan}. */
    private long seesWrite;

    private boolean borrowed;
    /** First eight bytes of the last target: says whose records an unreadable place belongs to. */
    private long targetOwner;

    Scan(Family family, Records records, CorruptionListener listener) {
        this.family = family;
        this.records = records;
        this.listener = listener;
    }

    /** Makes it see everything written so far and hands it to one borrower. */
    Scan borrow(Database database, long writes) {
        this.database = database;
        RocksIterator present = iterator;
        if (present == null) {
            iterator = database.iterator(family);
        } else if (seesWrite != writes) {
            try {
                present.refresh();
            } catch (RocksDBException e) {
                throw new StoreException.Unavailable(family.familyName() + " cannot be read: " + e.getMessage(), e);
            }
        }
        seesWrite = writes;
        borrowed = true;
        return this;
    }

    Family family() {
        return family;
    }

    boolean borrowed() {
        return borrowed;
    }

    /** Lets go of the files. */
    void release() {
        RocksIterator present = iterator;
        if (present != null) {
            present.close();
            iterator = null;
        }
        broken = false;
        if (value.capacity() > WriteGroup.BUFFER_KEEP_BYTES) {
            value = ByteBuffer.allocateDirect(4 << 10);
        }
    }

    /**
     * Goes to the first record at or after the key in the buffer (from position to limit).
     *
     * @return whether there is one
     * @throws StoreException.Corrupt if the place cannot be read; a seek behind it may succeed
     */
    public boolean seek(ByteBuffer target) {
        targetOwner = Keys.owner(target);
        iterator().seek(target);
        return load();
    }

    /** {@link #seek(ByteBuffer)} of an array. */
    public boolean seek(byte[] target) {
        targetOwner = Keys.owner(ByteBuffer.wrap(target));
        iterator().seek(target);
        return load();
    }

    /** Goes to the last record at or before the key in the buffer; else like {@link #seek}. */
    public boolean seekForPrev(ByteBuffer target) {
        targetOwner = Keys.owner(target);
        iterator().seekForPrev(target);
        return load();
    }

    /** Goes to the following record; else like {@link #seek}. */
    public boolean next() {
        iterator().next();
        return load();
    }

    /** The present key. */
    public ByteBuffer key() {
        return key;
    }

    /**
     * The body of the present record, checked.
     *
     * @throws StoreException.Corrupt if it is damaged
     */
    public ByteBuffer body() {
        ByteBuffer raw = raw();
        String problem = records.problem(key, raw);
        if (problem != null) {
            listener.corrupt(family, Keys.owner(key), problem);
            throw new StoreException.Corrupt(family.familyName() + " " + Keys.toHex(key) + ": " + problem, null);
        }
        return raw;
    }

    /** The present value with its record header, unchecked. */
    public ByteBuffer raw() {
        int length = iterator().value(value.clear());
        if (length > value.capacity()) {
            value = ByteBuffer.allocateDirect(Integer.highestOneBit(length) * 2);
            iterator().value(value.clear());
        }
        return value;
    }

    /** What is wrong with the value that {@link #raw} gave, null if nothing; then it is positioned at its body. */
    public @Nullable String problem() {
        return records.problem(key, value);
    }

    private RocksIterator iterator() {
        RocksIterator present = iterator;
        if (present == null || database == null) {
            throw new IllegalStateException("scan of " + family + " used after its group ended");
        }
        if (broken) {
            broken = false;
            present.close();
            present = database.iterator(family);
            iterator = present;
        }
        return present;
    }

    private boolean load() {
        RocksIterator present = iterator();
        if (!present.isValid()) {
            try {
                present.status();
            } catch (RocksDBException e) {
                broken = true;
                listener.corrupt(family, targetOwner, String.valueOf(e.getMessage()));
                throw new StoreException.Corrupt(family.familyName() + " cannot be read: " + e.getMessage(), e);
            }
            return false;
        }
        int length = present.key(key.clear());
        if (length > key.capacity()) {
            key = ByteBuffer.allocateDirect(Integer.highestOneBit(length) * 2);
            present.key(key.clear());
        }
        return true;
    }

    /** Gives it back. */
    @Override
    public void close() {
        borrowed = false;
    }
}
