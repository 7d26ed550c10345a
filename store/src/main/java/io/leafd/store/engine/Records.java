package io.leafd.store.engine;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Seals and checks records: every value in the store begins with a version byte and a CRC32C. Not thread-safe: one per owner.
 *
 * <pre>
 *   0        1            5
 *   +--------+------------+---------------
 *   | version| CRC32C, BE | body …
 *   +--------+------------+---------------
 * </pre>
 *
 * The checksum covers key, version and body, so that a record that turns up under another key is noticed too. RocksDB has its
 * own checksum per block; this one also covers the way through memory and cache, and says which record is bad.
 */
public final class Records {
    /** Bytes before the body. */
    public static final int HEADER_BYTES = 5;

    /** Version of all records written by this release. */
    public static final byte VERSION = 1;

    private static final int CRC_OFFSET = 1;

    private final CRC32C crc = new CRC32C();

    /** Fills in the header of {@code value}, whose body was put from {@link #HEADER_BYTES} on. Positions and limits stay. */
    void seal(ByteBuffer key, ByteBuffer value) {
        value.put(value.position(), VERSION);
        value.putInt(value.position() + CRC_OFFSET, checksum(key, value, VERSION));
    }

    /**
     * Checks a record and moves {@code value} to the start of its body.
     *
     * @return null if it is sound, else what is wrong with it
     */
    public @Nullable String problem(ByteBuffer key, ByteBuffer value) {
        if (value.remaining() < HEADER_BYTES) {
            return "record of " + value.remaining() + " bytes is cut off";
        }
        byte version = value.get(value.position());
        if (version != VERSION) {
            return "record version " + version + " is unknown";
        }
        int stored = value.getInt(value.position() + CRC_OFFSET);
        int computed = checksum(key, value, version);
        if (stored != computed) {
            return "checksum " + Integer.toHexString(computed) + " instead of " + Integer.toHexString(stored);
        }
        value.position(value.position() + HEADER_BYTES);
        return null;
    }

    private int checksum(ByteBuffer key, ByteBuffer value, byte version) {
        int keyAt = key.position();
        int valueAt = value.position();
        crc.reset();
        crc.update(key);
        crc.update(version);
        crc.update(value.position(valueAt + HEADER_BYTES));
        key.position(keyAt);
        value.position(valueAt);
        return (int) crc.getValue();
    }
}
