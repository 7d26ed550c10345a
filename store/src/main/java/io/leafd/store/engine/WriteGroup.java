package io.leafd.store.engine;

import io.leafd.store.loop.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;

/**
 * What was staged since the last write: one reused batch and reused direct buffers. Owned by the store loop.
 *
 * <p>To stage a record: fill {@link #key}, fill {@link #value}, call {@link #put}. Values are sealed here, so no record can be
 * staged without version and checksum. State that changes often asks for {@link #later} and is encoded once per write.
 *
 * <p>The batch begins with a {@link LogEnd#mark}, which goes into the log of the database and nowhere else.
 *
 * <p>Records are hard or soft. A hard one is on the medium before anybody hears of the group; a group of soft ones is only written.
 */
public final class WriteGroup implements AutoCloseable {
    /** A group is committed beyond this: larger ones raise the latency of all who wait (measured: p99 above 10 ms). */
    static final int BYTES_MAX = 256 << 10;

    static final int BUFFER_KEEP_BYTES = 1 << 20;

    private final Batch batch = new Batch();
    private final Records records;
    private final ArrayList<Staged> later = new ArrayList<>();
    private final ArrayList<Staged> beingWritten = new ArrayList<>();
    private ByteBuffer key = ByteBuffer.allocateDirect(1 << 10);
    private ByteBuffer value = ByteBuffer.allocateDirect(16 << 10);
    private @Nullable Database database;
    private byte[] mark = LogEnd.mark(0);
    private long bytes;
    private long logBytes;
    private boolean hard;

    WriteGroup(Records records) {
        this.records = records;
    }

    /** The key buffer, empty, with room for at least {@code bytes}. Shared: fill it just before use. */
    public ByteBuffer key(int bytes) {
        if (key.capacity() < bytes) {
            key = ByteBuffer.allocateDirect(Integer.highestOneBit(bytes) * 2);
        }
        return key.clear();
    }

    /** The value buffer, positioned behind the record header, with room for a body of {@code bytes}. */
    public ByteBuffer value(int bytes) {
        int needed = bytes + Records.HEADER_BYTES;
        if (value.capacity() < needed) {
            value = ByteBuffer.allocateDirect(needed);
        } else if (value.capacity() > BUFFER_KEEP_BYTES && needed < BUFFER_KEEP_BYTES) {
            value = ByteBuffer.allocateDirect(BUFFER_KEEP_BYTES); // one giant message must not keep its memory
        }
        return value.clear().position(Records.HEADER_BYTES);
    }

    /** Stages key and value, as filled, into a family. */
    public void put(Family family) {
        hard = true;
        putSoftly(family);
    }

    /** {@link #put} for a record that a crash may take back within {@link Engine#SOFT_MAX_NS}: by itself it is not synced. */
    public void putSoftly(Family family) {
        key.flip();
        value.flip();
        ByteBuffer record = records.sealed(family, key, value);
        try {
            add(key.remaining() + record.remaining());
            batch.put(family, handle(family), key, record);
        } catch (RocksDBException e) {
            throw new IllegalStateException("staging into " + family, e);
        }
    }

    /** Stages the deletion of the key, as filled. */
    public void delete(Family family) {
        hard = true;
        deleteSoftly(family);
    }

    /** {@link #delete} that a crash may take back, as {@link #putSoftly}. */
    public void deleteSoftly(Family family) {
        key.flip();
        try {
            add(key.remaining());
            batch.delete(family, handle(family), key);
        } catch (RocksDBException e) {
            throw new IllegalStateException("staging into " + family, e);
        }
    }

    /** Stages the deletion of all keys from {@code from}, included, to {@code to}, excluded. */
    public void deleteRange(Family family, byte[] from, byte[] to) {
        hard = true;
        try {
            add(from.length + to.length);
            batch.deleteRange(family, handle(family), from, to);
        } catch (RocksDBException e) {
            throw new IllegalStateException("staging into " + family, e);
        }
    }

    private void add(int more) {
        if (bytes == 0) {
            batch.begin(mark);
        }
        bytes += more;
    }

    /** Asks to be called back before the next write. The caller sees to it that it asks once. */
    public void later(Staged staged) {
        later.add(staged);
    }

    boolean isEmpty() {
        return bytes == 0 && later.isEmpty();
    }

    /** Bytes staged so far, without what comes {@link #later}. */
    long bytes() {
        return bytes;
    }

    /** Encodes what was put off; then it is known whether the group is {@link #hard}. */
    void encode() {
        int encoded = beingWritten.size();
        beingWritten.addAll(later);
        later.clear();
        for (int i = encoded; i < beingWritten.size(); i++) {
            beingWritten.get(i).stage(this);
        }
    }

    /** Whether anything encoded must be durable before anybody hears of it. */
    boolean hard() {
        return hard;
    }

    /**
     * Hands what was encoded to {@code writer}; the group is empty afterwards, written or not.
     *
     * @return bytes of keys and values written
     */
    long write(BatchWriter writer, boolean sync) throws RocksDBException {
        try {
            logBytes = batch.size();
            batch.write(writer, sync);
            for (int i = 0; i < beingWritten.size(); i++) {
                beingWritten.get(i).written();
            }
            return bytes;
        } finally {
            clear();
        }
    }

    /** Bytes that the last write appended to the log of the database, about. */
    long logBytes() {
        return logBytes;
    }

    /** Everything up to this sequence of the database is on the medium. */
    void synced(long sequence) {
        mark = LogEnd.mark(sequence);
    }

    /** Forgets everything staged. */
    void clear() {
        batch.clear();
        later.clear();
        beingWritten.clear();
        bytes = 0;
        hard = false;
    }

    /** Goes on with another opening of the database, or with none: then staging throws. */
    void attach(@Nullable Database opened) {
        clear();
        mark = LogEnd.mark(0); // what the former opening synced is in tables now
        database = opened;
    }

    private ColumnFamilyHandle handle(Family family) {
        Database attached = database;
        if (attached == null) {
            throw new StoreException.Unavailable("the store is not open", null);
        }
        return attached.handle(family);
    }

    @Override
    public void close() {
        batch.close();
    }
}
