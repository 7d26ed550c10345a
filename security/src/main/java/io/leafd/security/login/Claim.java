package io.leafd.security.login;

import org.jspecify.annotations.Nullable;

/**
 * What a client says about who it is, as it stands in {@code CONNECT} or in the packet of another protocol. Immutable, not
 * yet believed.
 *
 * @param user {@code user}
 * @param password {@code pass}
 * @param token {@code auth_token}
 * @param nkey {@code nkey}, a user's public key
 * @param signature {@code sig}, over the nonce
 */
public record Claim(
        @Nullable String user,
        @Nullable String password,
        @Nullable String token,
        @Nullable String nkey,
        @Nullable String signature) {
    /** A client that says nothing. */
    public static final Claim NOTHING = new Claim(null, null, null, null, null);

    /** Empty texts count as absent, as in Go. */
    public Claim {
        user = presentOrNull(user);
        password = presentOrNull(password);
        token = presentOrNull(token);
        nkey = presentOrNull(nkey);
        signature = presentOrNull(signature);
    }

    private static @Nullable String presentOrNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** A user name and a password. */
    public static Claim ofPassword(String user, String password) {
        return new Claim(user, password, null, null, null);
    }

    /** A token. */
    public static Claim ofToken(String token) {
        return new Claim(null, null, token, null, null);
    }

    /** A public key and its signature over the nonce. */
    public static Claim ofNkey(String nkey, String signature) {
        return new Claim(null, null, null, nkey, signature);
    }

    boolean saysNothing() {
        return user == null && password == null && token == null && nkey == null;
    }

    /** The claimed names, never a secret. */
    @Override
    public String toString() {
        return "Claim[user=" + user + ", nkey=" + nkey + "]";
    }
}
