package io.leafd.security.nkey;

import io.leafd.security.SecretFile;
import io.leafd.security.SecurityConfigException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.Base64;
import net.i2p.crypto.eddsa.EdDSAEngine;
import net.i2p.crypto.eddsa.EdDSAPrivateKey;
import net.i2p.crypto.eddsa.spec.EdDSANamedCurveSpec;
import net.i2p.crypto.eddsa.spec.EdDSANamedCurveTable;
import net.i2p.crypto.eddsa.spec.EdDSAPrivateKeySpec;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The secret of an nkey. Owned by whoever made it, used by one thread at a time, and zeroed by {@link #close}: read it,
 * sign, close it.
 *
 * <p>Text form: 58 characters, {@code SU…} for a user. Source: nats-io/nkeys v0.4.16.
 */
public final class NkeySeed implements AutoCloseable {
    private final Nkey nkey;
    private final byte[] seed;
    private boolean closed;

    private NkeySeed(NkeyType type, byte[] seed, String where) {
        byte[] key = new byte[NkeyText.KEY_BYTES];
        Ed25519.generatePublicKey(seed, 0, key, 0);
        this.nkey = Nkey.of(type, key, where);
        this.seed = seed;
    }

    /** A new key of the type, which must be one that signs. */
    public static NkeySeed generate(NkeyType type, SecureRandom random) {
        byte[] seed = new byte[NkeyText.KEY_BYTES];
        random.nextBytes(seed);
        return new NkeySeed(type, seed, "new nkey");
    }

    /**
     * Reads the text form.
     *
     * @param text the 58 characters, no more; not kept and not zeroed
     * @param where the file or key it comes from, for the error
     * @throws SecurityConfigException if it is no seed of a key that signs
     */
    public static NkeySeed parse(byte[] text, String where) {
        byte[] binary = NkeyText.decodeSeed(text, where);
        try {
            NkeyType type = NkeyType.ofPrefix(NkeyText.typePrefix(binary));
            if (type == null) {
                throw new SecurityConfigException(
                        where, "is a seed of no known kind of key", "use a seed made by \"leafd nkey\" or \"nk\"");
            }
            return new NkeySeed(type, Arrays.copyOfRange(binary, 2, binary.length), where);
        } finally {
            Arrays.fill(binary, (byte) 0);
        }
    }

    /**
     * Reads a file that holds one seed: on a line of its own, with comments or other lines around it, or in a creds block.
     * What was read is zeroed; only the result keeps the secret.
     *
     * @throws SecurityConfigException if the file is missing, open to others, or holds no seed
     */
    public static NkeySeed read(Path file) {
        try (SecretFile content = SecretFile.read(file)) {
            return find(content.bytes(), file.toString());
        }
    }

    /**
     * Finds the one line that begins as a seed ({@code SU}, {@code SA}, {@code SO} …) in the content of a file.
     *
     * @param content not kept and not zeroed
     * @param where the file, for the error
     * @throws SecurityConfigException if there is none, or it is damaged
     */
    public static NkeySeed find(byte[] content, String where) {
        int at = 0;
        while (at < content.length) {
            int end = lineEnd(content, at);
            int from = at;
            int to = end;
            while (from < to && content[from] <= ' ') {
                from++;
            }
            while (to > from && content[to - 1] <= ' ') {
                to--;
            }
            if (looksLikeSeed(content, from, to)) {
                byte[] text = Arrays.copyOfRange(content, from, to);
                try {
                    return parse(text, where);
                } finally {
                    Arrays.fill(text, (byte) 0);
                }
            }
            at = end + 1;
        }
        throw new SecurityConfigException(
                where,
                "holds no seed: no line begins with SU, SA, SN, SC or SO",
                "write the seed on a line of its own");
    }

    private static int lineEnd(byte[] content, int from) {
        int at = from;
        while (at < content.length && content[at] != '\n' && content[at] != '\r') {
            at++;
        }
        return at;
    }

    /** Long enough that a word which begins so is not taken for a seed, short enough that a cut seed gets its own error. */
    private static boolean looksLikeSeed(byte[] content, int from, int to) {
        if (to - from < NkeyText.SEED_CHARS / 2 || content[from] != 'S') {
            return false;
        }
        return "AUNCOX".indexOf(content[from + 1]) >= 0;
    }

    /** The public identity. Stays usable after {@link #close}. */
    public Nkey nkey() {
        return nkey;
    }

    /** The secret text form, 58 ASCII bytes. The caller zeroes it. */
    public byte[] text() {
        requireOpen();
        return NkeyText.encodeSeed(nkey.type(), seed);
    }

    /** The Ed25519 signature, 64 bytes. */
    public byte[] sign(byte[] message) {
        requireOpen();
        EdDSANamedCurveSpec curve = EdDSANamedCurveTable.ED_25519_CURVE_SPEC;
        EdDSAPrivateKeySpec key = new EdDSAPrivateKeySpec(seed, curve);
        try {
            EdDSAEngine engine = new EdDSAEngine(MessageDigest.getInstance(curve.getHashAlgorithm()));
            engine.initSign(new EdDSAPrivateKey(key));
            return engine.signOneShot(message);
        } catch (NoSuchAlgorithmException | InvalidKeyException | SignatureException e) {
            throw new IllegalStateException("Ed25519 signing failed for " + nkey, e);
        } finally {
            Arrays.fill(key.getH(), (byte) 0);
            Arrays.fill(key.geta(), (byte) 0);
        }
    }

    /**
     * Signs a nonce as {@code CONNECT}'s {@code sig} wants it: over the text as it stands in {@code INFO}, not decoded.
     *
     * @return base64url without padding, 86 characters
     */
    public String signNonce(String nonce) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sign(nonce.getBytes(StandardCharsets.UTF_8)));
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the seed of " + nkey + " is closed");
        }
    }

    /** Zeroes the secret. May be called twice. */
    @Override
    public void close() {
        closed = true;
        Arrays.fill(seed, (byte) 0);
    }

    /** The public key only. */
    @Override
    public String toString() {
        return "NkeySeed[of " + nkey + "]";
    }
}
