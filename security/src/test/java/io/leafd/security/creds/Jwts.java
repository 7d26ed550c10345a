package io.leafd.security.creds;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.leafd.security.nkey.NkeySeed;
import java.util.Base64;

/** Makes JWTs and creds files for tests. */
final class Jwts {
    static final String HEADER = "{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}";

    private Jwts() {}

    static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    /** A JWT of version 2 with these claims, signed. */
    static String signed(NkeySeed issuer, String claims) {
        String signed = encode(HEADER) + "." + encode(claims);
        return signed + "." + issuer.signNonce(signed);
    }

    /** Claims of a user with nothing but what must be there, and these members of {@code nats} before the type. */
    static String claims(NkeySeed issuer, NkeySeed user, String natsMembers) {
        return "{\"iss\":\"" + issuer.nkey() + "\",\"sub\":\"" + user.nkey() + "\",\"nats\":{" + natsMembers
                + "\"type\":\"user\",\"version\":2}}";
    }
}
