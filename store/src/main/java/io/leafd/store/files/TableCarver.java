package io.leafd.store.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the sound records of a table file that RocksDB cannot read: cut off, overwritten, or with flipped bits. Not thread-safe.
 *
 * <p>A table is a row of blocks, uncompressed, and a block a row of entries:
 *
 * <pre>
 *   entry = shared (varint) | unshared (varint) | value length (varint) | rest of the key | value
 *   key   = the first `shared` bytes of the key before, and the rest; its last 8 bytes are RocksDB's own (sequence, kind)
 * </pre>
 *
 * Every sixteenth entry shares nothing. Where an entry does not parse, or its record's checksum is wrong, the search goes on byte
 * by byte for an entry that shares nothing and whose record is sound. Since each record carries a checksum over its key, what is
 * found is certain; only which deletes there were is not found out. So nothing here depends on the footer and the index of the
 * table, which are what a torn table lacks. Source of the format: RocksDB's {@code table/block_based/block_builder.cc}.
 */
public final class TableCarver {
    private static final Logger log = LoggerFactory.getLogger(TableCarver.class);
    private static final int SECTOR_BYTES = 4 << 10;
    private static final int TRAILER_BYTES = 8;
    private static final int KEY_BYTES_MAX = 1 << 17;
    private static final int KIND_DELETE = 0;
    private static final int KIND_VALUE = 1;

    private final ByteBuffer table;
    private final Check check;
    private final Visitor visitor;
    private byte[] key = new byte[256];
    /** Length of the key of the entry before; 0 while searching. */
    private int keyBytes;

    private ByteBuffer value;
    private long found;

    private TableCarver(ByteBuffer table, Check check, Visitor visitor) {
        this.table = table;
        this.check = check;
        this.visitor = visitor;
        this.value = table.slice(0, 0);
    }

    /** Tells sound records from others. */
    @FunctionalInterface
    public interface Check {
        /** Whether this is a record as it was written. If so, {@code value} stands at its body afterwards, from position to limit. */
        boolean sound(ByteBuffer key, ByteBuffer value);
    }

    /** Is shown records. */
    @FunctionalInterface
    public interface Visitor {
        /** One record, valid until the call returns; the body as {@link Check} left it. */
        void record(byte[] key, ByteBuffer body);
    }

    /**
     * Shows the sound records of a file in the order of their keys.
     *
     * @return how many
     */
    public static long carve(Path file, Check check, Visitor visitor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return new TableCarver(readable(file, arena), check, visitor).carve();
        }
    }

    /** The bytes of a file, off the heap; zeros where the medium gives nothing. */
    private static ByteBuffer readable(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int bytes = (int) Math.min(channel.size(), Integer.MAX_VALUE);
            ByteBuffer table = arena.allocate(bytes).asByteBuffer();
            for (int at = 0; at < bytes; at += SECTOR_BYTES) {
                table.limit(Math.min(bytes, at + SECTOR_BYTES)).position(at);
                try {
                    while (table.hasRemaining() && channel.read(table, table.position()) > 0) {
                        // fills the sector
                    }
                } catch (IOException e) {
                    log.warn("damaged table has an unreadable sector file={} offset={}", file, at, e);
                }
            }
            return table.limit(bytes).position(0);
        }
    }

    private long carve() {
        int at = 0;
        int doubtful = -1; // start of entries that parsed but prove nothing: deletes
        while (at < table.limit()) {
            int next = entry(at);
            if (next < 0) {
                at = (doubtful < 0 ? at : doubtful) + 1;
                doubtful = -1;
                keyBytes = 0;
            } else if (kind() == KIND_DELETE) {
                doubtful = doubtful < 0 ? at : doubtful;
                at = next;
            } else {
                doubtful = -1;
                at = next;
                found++;
                show();
            }
        }
        return found;
    }

    /** Reads the entry at a place into key and value; the end of it, or -1 if there is none. */
    private int entry(int start) {
        table.position(start);
        long shared = varint();
        if (shared > keyBytes || (keyBytes == 0 && shared != 0)) {
            return -1;
        }
        long unshared = varint();
        long valueBytes = varint();
        if (shared < 0
                || unshared < 0
                || valueBytes < 0
                || shared + unshared < TRAILER_BYTES
                || shared + unshared > KEY_BYTES_MAX
                || unshared + valueBytes > table.remaining()) {
            return -1;
        }
        int length = (int) (shared + unshared);
        if (keyBytes == 0 && !plausible((int) unshared, (int) valueBytes)) {
            return -1;
        }
        byte[] fits = key.length < length ? Arrays.copyOf(key, length * 2) : key;
        table.get(table.position(), fits, (int) shared, (int) unshared);
        key = fits;
        keyBytes = length;
        int valueAt = table.position() + (int) unshared;
        value = table.slice(valueAt, (int) valueBytes);
        boolean good = switch (kind()) {
            case KIND_VALUE -> check.sound(ByteBuffer.wrap(key, 0, keyBytes - TRAILER_BYTES), value);
            case KIND_DELETE -> valueBytes == 0;
            default -> false;
        };
        return good ? valueAt + (int) valueBytes : -1;
    }

    /** A cheap look before anything is copied: most places of a search are no entries. */
    private boolean plausible(int unshared, int valueBytes) {
        int kindAt = table.position() + unshared - TRAILER_BYTES;
        return valueBytes > 0 && table.get(kindAt) == KIND_VALUE;
    }

    private int kind() {
        return key[keyBytes - TRAILER_BYTES] & 0xff;
    }

    private void show() {
        visitor.record(Arrays.copyOf(key, keyBytes - TRAILER_BYTES), value);
    }

    private long varint() {
        long number = 0;
        for (int shift = 0; shift < 35 && table.hasRemaining(); shift += 7) {
            byte next = table.get();
            number |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
        return -1;
    }
}
