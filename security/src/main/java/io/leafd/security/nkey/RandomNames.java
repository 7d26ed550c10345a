package io.leafd.security.nkey;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The random names a server gives out: nonces, its own id, loop-detection ids. Any thread; the generator decides whether
 * they can be guessed, so give it a seeded one only in tests.
 */
public final class RandomNames {
    private static final String ALPHANUMERICS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int NONCE_BYTES = 11;

    private final SecureRandom random;

    /** Names from this generator. */
    public RandomNames(SecureRandom random) {
        this.random = random;
    }

    /** A challenge for {@code INFO}: base64url of 11 random bytes, 15 characters. The peer signs this text. */
    public String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** A server's id: what looks like the public key of a server nkey. Nobody has a secret to it, and nothing is signed with it. */
    public String serverId() {
        byte[] key = new byte[NkeyText.KEY_BYTES];
        random.nextBytes(key);
        return new String(NkeyText.encodePublic(NkeyType.SERVER, key), StandardCharsets.US_ASCII);
    }

    /** Digits and ASCII letters, each of the 62 as likely; 22 of them after {@code $LDS.} name a loop-detection subject. */
    public String alphanumerics(int count) {
        StringBuilder name = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            name.append(ALPHANUMERICS.charAt(random.nextInt(ALPHANUMERICS.length())));
        }
        return name.toString();
    }
}
