package io.leafd.store.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Records on their way into the database, put side by side in the form in which RocksDB takes and logs them. Owned by the store loop;
 * the array is used again and again.
 *
 * <pre>
 *   sequence (8, zeros: RocksDB fills it in) | number of records (4) | records                         little endian
 *   record = kind (1) | family (varint; not in the kinds of family 0) | length (varint), key | length (varint), value
 * </pre>
 *
 * <p>Why not {@code WriteBatch.put}: it crosses into native code for each record and asks there of each buffer what it is, which was an
 * eighth of the processor time of a busy store. A batch is handed over in one piece instead. The form is that of logs on disk, so it
 * stays; source: RocksDB's {@code db/write_batch.cc}. What would make the array longer than {@value #ARRAY_BYTES_MAX} bytes is put the
 * usual way, outside of the heap.
 */
final class Batch implements AutoCloseable {
    /** Sequence and number of records. */
    static final int HEADER_BYTES = 12;

    /** Kind of a record that is in the log and nowhere else. */
    static final byte LOG_DATA = 3;

    static final int ARRAY_BYTES_MAX = 512 << 10;

    private static final int COUNT_AT = 8;
    private static final byte DELETION = 0;
    private static final byte VALUE = 1;
    private static final byte FAMILY_DELETION = 4;
    private static final byte FAMILY_VALUE = 5;
    private static final byte FAMILY_RANGE_DELETION = 0xe;
    private static final byte RANGE_DELETION = 0xf;
    private static final int KIND_BYTES_MAX = 2;
    private static final int VARINT_BYTES_MAX = 5;

    private byte[] bytes = new byte[4 << 10];
    private int size = HEADER_BYTES;
    private int count;
    /** Holds everything once it is handed over, or the array would become too long. */
    private @Nullable WriteBatch outside;

    /** Begins with a short note for whoever reads the log. */
    void begin(byte[] note) {
        bytes[size++] = LOG_DATA;
        append(note);
    }

    /** Adds a record; both buffers from position to limit, which may move. */
    void put(Family family, ColumnFamilyHandle handle, ByteBuffer key, ByteBuffer value) throws RocksDBException {
        if (fits(key.remaining() + value.remaining())) {
            kind(family, VALUE, FAMILY_VALUE);
            append(key);
            append(value);
        } else {
            outside().put(handle, key, value);
        }
    }

    /** Adds the deletion of a record. */
    void delete(Family family, ColumnFamilyHandle handle, ByteBuffer key) throws RocksDBException {
        if (fits(key.remaining())) {
            kind(family, DELETION, FAMILY_DELETION);
            append(key);
        } else {
            outside().delete(handle, key);
        }
    }

    /** Adds the deletion of all records from {@code from}, included, to {@code to}, excluded. */
    void deleteRange(Family family, ColumnFamilyHandle handle, byte[] from, byte[] to) throws RocksDBException {
        if (fits(from.length + to.length)) {
            kind(family, RANGE_DELETION, FAMILY_RANGE_DELETION);
            append(from);
            append(to);
        } else {
            outside().deleteRange(handle, from, to);
        }
    }

    /** Bytes so far, as many as the log will grow by, about. */
    long size() {
        return outside == null ? size : outside.getDataSize();
    }

    /** Hands everything to {@code writer}, in one piece. */
    void write(BatchWriter writer, boolean sync) throws RocksDBException {
        writer.write(outside(), sync);
    }

    /** Forgets everything. */
    void clear() {
        size = HEADER_BYTES;
        count = 0;
        if (outside != null) {
            outside.close();
            outside = null;
        }
    }

    /** Whether two fields of so many bytes together can be appended to the array; there is room for them then. */
    private boolean fits(int fields) {
        long needed = (long) size + KIND_BYTES_MAX + 2 * VARINT_BYTES_MAX + fields;
        if (outside != null || needed > ARRAY_BYTES_MAX) {
            return false;
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(Integer.highestOneBit((int) needed) * 2, ARRAY_BYTES_MAX));
        }
        return true;
    }

    private void kind(Family family, byte alone, byte withFamily) {
        count++;
        if (family.id() == 0) {
            bytes[size++] = alone;
        } else {
            bytes[size++] = withFamily;
            bytes[size++] = (byte) family.id(); // a varint, as long as there are fewer than 128
        }
    }

    private void append(ByteBuffer field) {
        int length = field.remaining();
        length(length);
        field.get(bytes, size, length);
        size += length;
    }

    private void append(byte[] field) {
        append(ByteBuffer.wrap(field));
    }

    private void length(int length) {
        int left = length;
        while (left > 0x7f) {
            bytes[size++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[size++] = (byte) left;
    }

    private WriteBatch outside() {
        if (outside == null) {
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(COUNT_AT, count);
            outside = new WriteBatch(Arrays.copyOf(bytes, size));
        }
        return outside;
    }

    @Override
    public void close() {
        clear();
    }
}
