package io.leafd.test.setup;

import io.nats.client.NKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;

/** An NKEY pair of a user, account or operator, by the code of the official Java client. Immutable. */
public final class Identity {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final NKey key;

    private Identity(NKey key) {
        this.key = key;
    }

    /** A new key {@code U…}. */
    public static Identity user() {
        return make(NKey::createUser);
    }

    /** A new key {@code A…}. */
    public static Identity account() {
        return make(NKey::createAccount);
    }

    /** A new key {@code O…}. */
    public static Identity operator() {
        return make(NKey::createOperator);
    }

    /** The public key. */
    public String publicKey() {
        return call(() -> new String(key.getPublicKey()));
    }

    /** The seed, {@code S…}. */
    public String seed() {
        return new String(key.getSeed());
    }

    /** Signature of the characters, base64url without padding, as CONNECT and JWTs carry it. */
    public String sign(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signature(text));
    }

    /** Signature of the characters, 64 bytes. */
    public byte[] signature(String text) {
        return call(() -> key.sign(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Identity make(Maker maker) {
        return call(() -> new Identity(maker.make(RANDOM)));
    }

    private static <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @FunctionalInterface
    private interface Maker {
        NKey make(SecureRandom random) throws GeneralSecurityException, IOException;
    }

    @FunctionalInterface
    private interface Call<T> {
        T run() throws GeneralSecurityException, IOException;
    }
}
