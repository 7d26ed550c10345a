package io.leafd.store.engine;

import io.leafd.store.crypt.RecordCipher;
import io.leafd.store.crypt.StoreKeys;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Seals and checks records: every value in the store begins with a version byte, and either with a CRC32C or, where a key was given
 * and the family is {@link Family#encrypted}, with what {@link RecordCipher} puts there. Not thread-safe: one per owner.
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
    /** Bytes before the body, of a record in the clear. */
    public static final int HEADER_BYTES = 5;

    /** Version of records in the clear; those that are encrypted have {@link RecordCipher#VERSION}. */
    public static final byte VERSION = 1;

    private static final int CRC_OFFSET = 1;

    private final CRC32C crc = new CRC32C();
    /** Null without a key. */
    private final @Nullable RecordCipher cipher;

    /** Records as these keys want them. */
    public Records(StoreKeys keys) {
        this.cipher = keys.isEmpty() ? null : new RecordCipher(keys);
    }

    /**
     * The record of a family with this body, which was put into {@code value} from {@link #HEADER_BYTES} on.
     *
     * @return the record: {@code value} itself, or a direct buffer that is valid until the next call
     */
    ByteBuffer sealed(Family family, ByteBuffer key, ByteBuffer value) {
        if (cipher != null && family.encrypted()) {
            return cipher.seal(key, value.position(value.position() + HEADER_BYTES));
        }
        seal(key, value);
        return value;
    }

    /** Fills in the header of a record in the clear. Positions and limits stay. */
    void seal(ByteBuffer key, ByteBuffer value) {
        value.put(value.position(), VERSION);
        value.putInt(value.position() + CRC_OFFSET, checksum(key, value, VERSION));
    }

    /**
     * Checks a record, decrypts it in its place if it is encrypted, and moves {@code value} to its body, from position to limit.
     *
     * @return null if it is sound, else what is wrong with it
     */
    public @Nullable String problem(ByteBuffer key, ByteBuffer value) {
        if (value.remaining() < HEADER_BYTES) {
            return "record of " + value.remaining() + " bytes is cut off";
        }
        byte version = value.get(value.position());
        if (version == RecordCipher.VERSION) {
            return cipher == null
                    ? RecordCipher.unknownKey(value.getInt(value.position() + 1))
                    : cipher.open(key, value);
        }
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
