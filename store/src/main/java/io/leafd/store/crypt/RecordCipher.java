package io.leafd.store.crypt;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and decrypts records, with XAES-256-GCM. Not thread-safe: one per owner.
 *
 * <pre>
 *   0         1            5                                  29
 *   +---------+------------+----------------+----------------+-----------------+----------+
 *   | version | key id (4) | nonce: key (12)| counter (12)   | body, encrypted | tag (16) |
 *   +---------+------------+----------------+----------------+-----------------+----------+
 * </pre>
 *
 * <p>The tag covers the version, the key id, the nonce, the body, and the key under which the record is stored: so it says what the
 * checksum of a clear record says, and that nobody without the key made the record.
 *
 * <p>No nonce is used twice under one key, whatever happens to the files: each cipher begins at a nonce of 24 random bytes and counts
 * on from there in the last eight. Two of them meet only if 16 random bytes are the same. The derived key stays the same while it
 * counts, so that the schedule of a key is made once and not for each record; after 2<sup>32</sup> records it begins anew.
 *
 * <p>Reading meets one derived key for each opening that wrote; the last few of them are kept.
 *
 * <p>Bytes go through an array: the JDK's AES-GCM would copy a direct buffer piece by piece. It is as large as the largest of the
 * last records.
 */
public final class RecordCipher {
    /** Version byte of an encrypted record. */
    public static final byte VERSION = 2;

    /** What a record is longer than its body. */
    public static final int OVERHEAD_BYTES = 45;

    static final int KEY_ID_AT = 1;
    static final int NONCE_AT = 5;
    static final int BODY_AT = 29;
    static final int TAG_BYTES = 16;

    private static final int NONCE_BYTES = 24;
    /** The last eight bytes of the nonce. */
    private static final int COUNTER_AT = NONCE_AT + NONCE_BYTES - Long.BYTES;

    private static final int GCM_NONCE_AT = NONCE_AT + StoreKey.PREFIX_BYTES;
    private static final int GCM_NONCE_BYTES = 12;
    private static final int HEADER_BYTES_COVERED = NONCE_AT;
    private static final long RECORDS_PER_NONCE_MAX = 1L << 32;
    private static final int READING_MAX = 8;
    /** Decrypting in place is slower; larger records do without the second array. */
    private static final int SMALL_BYTES = 32 << 10;

    /** Buffers above this are given up once records are smaller again. */
    private static final int BUFFER_KEEP_BYTES = 1 << 20;

    private static final int BUFFER_BYTES = 4 << 10;
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";

    private final StoreKeys keys;
    private final SecureRandom random = new SecureRandom();
    private final Cipher writing;
    /** Version, key id and nonce of the next record. */
    private final byte[] header = new byte[BODY_AT];

    private final ByteBuffer numbers = ByteBuffer.wrap(header);

    private SecretKeySpec writingKey;
    private long counter;
    private long written;
    private final List<DerivedKey> reading = new ArrayList<>(READING_MAX);
    private int replacedNext;
    /** A whole record, before and after. */
    private byte[] buffer = new byte[BUFFER_BYTES];

    private final byte[] small = new byte[SMALL_BYTES];
    private byte[] covered = new byte[64];
    private ByteBuffer sealed = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** A key for reading, with the cipher that has its schedule. */
    private record DerivedKey(int keyId, byte[] prefix, SecretKeySpec key, Cipher cipher) {
        boolean is(int id, byte[] from, int at) {
            return keyId == id && Arrays.equals(prefix, 0, prefix.length, from, at, at + prefix.length);
        }
    }

    /** @param keys at least one */
    public RecordCipher(StoreKeys keys) {
        this.keys = keys;
        this.writing = newCipher();
        numbers.put(VERSION).putInt(keys.first().id());
        this.writingKey = newNonce();
    }

    private SecretKeySpec newNonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        numbers.put(NONCE_AT, nonce);
        counter = numbers.getLong(COUNTER_AT);
        written = 0;
        return keys.first().derived(header, NONCE_AT);
    }

    /**
     * Encrypts a body (from position to limit, which stay).
     *
     * @param key of the record, which stays as it is
     * @return the whole record in a direct buffer, valid until the next call
     */
    public ByteBuffer seal(ByteBuffer key, ByteBuffer body) {
        if (written == RECORDS_PER_NONCE_MAX) {
            writingKey = newNonce();
        }
        int bodyBytes = body.remaining();
        int bytes = bodyBytes + OVERHEAD_BYTES;
        fit(bytes);
        numbers.putLong(COUNTER_AT, counter);
        System.arraycopy(header, 0, buffer, 0, BODY_AT);
        body.get(body.position(), buffer, BODY_AT, bodyBytes);
        int coveredBytes = cover(key, header);
        try {
            writing.init(
                    Cipher.ENCRYPT_MODE,
                    writingKey,
                    new GCMParameterSpec(TAG_BYTES * Byte.SIZE, header, GCM_NONCE_AT, GCM_NONCE_BYTES));
            writing.updateAAD(covered, 0, coveredBytes);
            writing.doFinal(buffer, BODY_AT, bodyBytes, buffer, BODY_AT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a record of " + bodyBytes + " bytes cannot be encrypted", e);
        }
        counter++;
        written++;
        return sealed.clear().put(buffer, 0, bytes).flip();
    }

    /**
     * Decrypts a record in its place, and moves {@code value} to its body, from position to limit.
     *
     * @param key of the record, which stays as it is
     * @return null if it is sound, else what is wrong with it, and nothing was changed
     */
    public @Nullable String open(ByteBuffer key, ByteBuffer value) {
        int at = value.position();
        int bytes = value.remaining();
        if (bytes < OVERHEAD_BYTES) {
            return "encrypted record of " + bytes + " bytes is cut off";
        }
        int keyId = value.getInt(at + KEY_ID_AT);
        StoreKey from = keys.find(keyId);
        if (from == null) {
            return unknownKey(keyId);
        }
        fit(bytes);
        value.get(at, buffer, 0, bytes);
        int bodyBytes = bytes - OVERHEAD_BYTES;
        byte[] to = bytes <= SMALL_BYTES ? small : buffer;
        int coveredBytes = cover(key, buffer);
        try {
            DerivedKey derived = derived(from);
            derived.cipher.init(
                    Cipher.DECRYPT_MODE,
                    derived.key,
                    new GCMParameterSpec(TAG_BYTES * Byte.SIZE, buffer, GCM_NONCE_AT, GCM_NONCE_BYTES));
            derived.cipher.updateAAD(covered, 0, coveredBytes);
            derived.cipher.doFinal(buffer, BODY_AT, bodyBytes + TAG_BYTES, to, BODY_AT);
        } catch (AEADBadTagException e) {
            return "encrypted record does not pass its check";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a record of " + bytes + " bytes cannot be decrypted", e);
        }
        value.put(at + BODY_AT, to, BODY_AT, bodyBytes);
        value.limit(at + BODY_AT + bodyBytes).position(at + BODY_AT);
        return null;
    }

    /** What is wrong with a record whose key there is not. */
    public static String unknownKey(int keyId) {
        return "record is encrypted with the key " + HexFormat.of().toHexDigits(keyId) + ", which was not given";
    }

    /** Puts version, key id and the key of a record together, in {@link #covered}, which may be another array then; how many bytes. */
    private int cover(ByteBuffer key, byte[] record) {
        int bytes = HEADER_BYTES_COVERED + key.remaining();
        if (covered.length < bytes) {
            covered = new byte[bytes * 2];
        }
        System.arraycopy(record, 0, covered, 0, HEADER_BYTES_COVERED);
        key.get(key.position(), covered, HEADER_BYTES_COVERED, key.remaining());
        return bytes;
    }

    /** The derived key of the record in {@link #buffer}. */
    private DerivedKey derived(StoreKey from) {
        for (int i = 0; i < reading.size(); i++) {
            DerivedKey known = reading.get(i);
            if (known.is(from.id(), buffer, NONCE_AT)) {
                return known;
            }
        }
        byte[] prefix = Arrays.copyOfRange(buffer, NONCE_AT, NONCE_AT + StoreKey.PREFIX_BYTES);
        var made = new DerivedKey(from.id(), prefix, from.derived(buffer, NONCE_AT), newCipher());
        if (reading.size() < READING_MAX) {
            reading.add(made);
        } else {
            reading.set(replacedNext, made);
            replacedNext = (replacedNext + 1) % READING_MAX;
        }
        return made;
    }

    /** Has the buffers hold records of this length. */
    private void fit(int bytes) {
        boolean giant = buffer.length > BUFFER_KEEP_BYTES && bytes < BUFFER_KEEP_BYTES / 2;
        if (buffer.length < bytes || giant) {
            int length = bytes < BUFFER_KEEP_BYTES ? Math.max(BUFFER_BYTES, bytes + bytes / 2) : bytes;
            buffer = new byte[length];
            sealed = ByteBuffer.allocateDirect(length);
        }
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance(TRANSFORMATION);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + TRANSFORMATION, e);
        }
    }
}
