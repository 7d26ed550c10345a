package io.leafd.store.files;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * RocksDB's log format, in which both its write-ahead log and its MANIFEST are written. Not thread-safe.
 *
 * <pre>
 *   file  = blocks of 32 KiB; a record that does not fit goes on in the next block
 *   piece = masked CRC32C over type and data (4) | length (2) | type (1) | data       little endian
 *   type  = 1 whole, 2 first, 3 middle, 4 last; others are notes of RocksDB to itself
 *   0 to 6 bytes at the end of a block are zeros
 * </pre>
 *
 * Source: RocksDB's {@code db/log_format.h}. The recyclable kinds (5 to 8) are not used by leafd's settings.
 */
public final class RecordLog {
    /** What {@link Visitor#damaged} says of zeros to the end of a block. */
    public static final String ZEROS = "zeros instead of records";

    static final int BLOCK_BYTES = 32 << 10;
    static final int HEADER_BYTES = 7;
    private static final int WHOLE = 1;
    private static final int FIRST = 2;
    private static final int MIDDLE = 3;
    private static final int LAST = 4;
    private static final byte[] NOTHING = new byte[BLOCK_BYTES];
    private static final int MASK_DELTA = 0xa282ead8;

    private final Visitor visitor;
    private final CRC32C crc = new CRC32C();
    private final byte[] bytes = new byte[BLOCK_BYTES];
    private final ByteArrayOutputStream record = new ByteArrayOutputStream();
    private boolean within;

    private RecordLog(Visitor visitor) {
        this.visitor = visitor;
    }

    /** Is shown what is in a log. */
    public interface Visitor {
        /** A whole record whose checksums are right. */
        default void record(byte[] bytes) {}

        /**
         * A place that cannot be read, zeros behind the last record included; reading goes on with the next block. A record of which
         * this is the middle or the end began before.
         */
        default void damaged(long offset, String problem) {}

        /** A whole record that RocksDB would not read, as it is behind a damaged one in the same block. */
        default void passedOver(byte[] bytes) {}
    }

    /**
     * Shows all records of a file.
     *
     * @return bytes of the file up to the end of the last whole record; what follows is padding, torn or damaged
     */
    public static long read(Path file, Visitor visitor) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new RecordLog(visitor).read(channel);
        }
    }

    private long read(FileChannel channel) throws IOException {
        ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long start = 0;
        long end = 0;
        while (true) {
            block.clear();
            while (block.hasRemaining() && channel.read(block, start + block.position()) > 0) {
                // fills the block
            }
            block.flip();
            if (!block.hasRemaining()) {
                return end;
            }
            end = Math.max(end, readBlock(block, start, end));
            start += BLOCK_BYTES;
        }
    }

    private long readBlock(ByteBuffer block, long start, long endBefore) {
        long end = endBefore;
        while (block.remaining() >= HEADER_BYTES) {
            int at = block.position();
            int expected = block.getInt();
            int length = block.getShort() & 0xffff;
            int type = block.get() & 0xff;
            if (type == 0 && length == 0 && expected == 0) {
                return zeros(block, start + at, end);
            }
            if (length > block.remaining()) {
                broken(start + at, "a record is cut off");
                return end;
            }
            crc.reset();
            crc.update(bytes, at + HEADER_BYTES - 1, length + 1);
            if (masked((int) crc.getValue()) != expected) {
                broken(start + at, "a record has a wrong checksum");
                passOver(block.position(at + HEADER_BYTES + length));
                return end;
            }
            if (piece(type, at + HEADER_BYTES, length, start + at)) {
                end = start + at + HEADER_BYTES + length;
            }
            block.position(at + HEADER_BYTES + length);
        }
        return end;
    }

    /** Looks for whole records in the rest of a block. Lengths may be wrong there, but hardly a checksum that is right. */
    private void passOver(ByteBuffer block) {
        while (block.remaining() >= HEADER_BYTES) {
            int at = block.position();
            int expected = block.getInt();
            int length = block.getShort() & 0xffff;
            int type = block.get() & 0xff;
            if (length > block.remaining()) {
                return;
            }
            crc.reset();
            crc.update(bytes, at + HEADER_BYTES - 1, length + 1);
            if (type == WHOLE && masked((int) crc.getValue()) == expected) {
                visitor.passedOver(Arrays.copyOfRange(bytes, at + HEADER_BYTES, at + HEADER_BYTES + length));
            }
            block.position(at + HEADER_BYTES + length);
        }
    }

    /** Space that was reserved and never written is zeros to the end of the block; anything else is damage. */
    private long zeros(ByteBuffer block, long offset, long end) {
        boolean only = Arrays.equals(bytes, block.position(), block.limit(), NOTHING, 0, block.remaining());
        broken(offset, only ? ZEROS : "a record was overwritten with zeros");
        return end;
    }

    /** Takes in one piece; answers whether it ends a record. */
    private boolean piece(int type, int at, int length, long offset) {
        switch (type) {
            case WHOLE, FIRST -> {
                if (within) {
                    broken(offset, "a record has no end");
                }
                record.reset();
                within = true;
            }
            case MIDDLE, LAST -> {
                if (!within) {
                    visitor.damaged(offset, "a record has no beginning");
                    return false;
                }
            }
            default -> {
                return true;
            }
        }
        record.write(bytes, at, length);
        if (type == WHOLE || type == LAST) {
            within = false;
            visitor.record(record.toByteArray());
            return true;
        }
        return false;
    }

    private void broken(long offset, String problem) {
        within = false;
        record.reset();
        visitor.damaged(offset, problem);
    }

    /** The bytes of one record, to be appended at {@code offset} of a log. */
    static byte[] framed(byte[] bytes, long offset) {
        var out = new ByteArrayOutputStream();
        int at = 0;
        long position = offset;
        do {
            int left = BLOCK_BYTES - (int) (position % BLOCK_BYTES);
            if (left < HEADER_BYTES) {
                out.writeBytes(new byte[left]);
                position += left;
                left = BLOCK_BYTES;
            }
            int length = Math.min(left - HEADER_BYTES, bytes.length - at);
            boolean last = at + length == bytes.length;
            int type = at == 0 ? (last ? WHOLE : FIRST) : (last ? LAST : MIDDLE);
            ByteBuffer piece = ByteBuffer.allocate(HEADER_BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
            piece.position(6).put((byte) type).put(bytes, at, length);
            var crc = new CRC32C();
            crc.update(piece.array(), 6, length + 1);
            piece.putInt(0, masked((int) crc.getValue())).putShort(4, (short) length);
            out.writeBytes(piece.array());
            position += HEADER_BYTES + length;
            at += length;
        } while (at < bytes.length);
        return out.toByteArray();
    }

    /** Checksums of data that holds checksums would be weak; so RocksDB turns and shifts them. */
    private static int masked(int crc) {
        return Integer.rotateRight(crc, 15) + MASK_DELTA;
    }
}
