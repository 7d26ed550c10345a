package io.leafd.store.crypt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * One key of the owner, and the keys that XAES-256-GCM derives from it. Immutable; any thread.
 *
 * <p>The owner's key never encrypts data. For each nonce of 24 bytes, half of it names a derived key and the other half is the nonce
 * under which AES-256-GCM is used with that:
 *
 * <pre>
 *   L  = AES(key, 0…0)          K1 = L shifted left by one bit, xor 0x87 if that lost a bit
 *   derived = AES(key, (00 01 'X' 00 | nonce[0..12]) xor K1) | AES(key, (00 02 'X' 00 | nonce[0..12]) xor K1)
 * </pre>
 *
 * Source: C2SP, XAES-256-GCM; the same is the KDF in counter mode of NIST SP 800-108r1 with CMAC.
 */
final class StoreKey {
    static final int BYTES = 32;
    /** The part of a nonce that chooses the derived key. */
    static final int PREFIX_BYTES = 12;

    private static final int BLOCK_BYTES = 16;
    private static final int FINGERPRINT_BYTES = 16;
    private static final int REDUCTION = 0x87;
    private static final byte LABEL = 'X';
    private static final byte[] FINGERPRINT_DOMAIN = "leafd store key 1\n".getBytes(StandardCharsets.US_ASCII);

    private final SecretKeySpec secret;
    private final String fingerprint;
    private final int id;

    /** @param bytes the secret, {@value #BYTES} bytes; copied */
    StoreKey(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a store key of " + bytes.length + " bytes instead of " + BYTES);
        }
        this.secret = new SecretKeySpec(bytes, "AES");
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(FINGERPRINT_DOMAIN);
            byte[] hash = digest.digest(bytes);
            this.fingerprint = HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
            this.id = ByteBuffer.wrap(hash).getInt();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** What the key is called where it must not be shown: 32 hex digits, the first 16 bytes of a SHA-256. */
    String fingerprint() {
        return fingerprint;
    }

    /** What records call it: the first four bytes of the fingerprint. */
    int id() {
        return id;
    }

    /** The key for the nonces that begin with the 12 bytes at {@code at}. */
    SecretKeySpec derived(byte[] nonce, int at) {
        byte[] subkey = new byte[BLOCK_BYTES];
        byte[] derived = new byte[BYTES];
        try {
            Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, secret);
            doubled(aes.doFinal(new byte[BLOCK_BYTES]), subkey);
            for (int half = 0; half < 2; half++) {
                byte[] block = ByteBuffer.allocate(BLOCK_BYTES)
                        .putShort((short) (half + 1))
                        .put(LABEL)
                        .put((byte) 0)
                        .put(nonce, at, PREFIX_BYTES)
                        .array();
                for (int i = 0; i < BLOCK_BYTES; i++) {
                    block[i] ^= subkey[i];
                }
                aes.doFinal(block, 0, BLOCK_BYTES, derived, half * BLOCK_BYTES);
            }
            return new SecretKeySpec(derived, "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES", e);
        } finally {
            Arrays.fill(subkey, (byte) 0);
            Arrays.fill(derived, (byte) 0);
        }
    }

    /** Multiplies by x in the field of CMAC. */
    private static void doubled(byte[] from, byte[] to) {
        int carry = 0;
        for (int i = BLOCK_BYTES - 1; i >= 0; i--) {
            to[i] = (byte) (from[i] << 1 | carry);
            carry = from[i] >>> 7 & 1;
        }
        to[BLOCK_BYTES - 1] ^= (byte) (carry * REDUCTION);
    }

    /** The fingerprint, never the key. */
    @Override
    public String toString() {
        return fingerprint;
    }
}
