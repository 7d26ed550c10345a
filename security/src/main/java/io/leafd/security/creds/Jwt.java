package io.leafd.security.creds;

import io.leafd.security.SecurityConfigException;
import io.leafd.security.nkey.Nkey;
import io.leafd.security.permission.Permissions;
import io.leafd.security.permission.ResponseLimit;
import io.leafd.security.permission.SubjectRules;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A NATS user JWT, decoded. Immutable; any thread. Decoding believes nothing: {@link #signatureVerifies} tells whether the
 * issuer wrote it, and only an upstream can tell whether the issuer is to be trusted.
 *
 * <p>Shape: {@code header.claims.signature}, each base64url without padding. Version 2 (algorithm {@code ed25519-nkey}) signs
 * {@code header.claims}, version 1 ({@code ed25519}) signs {@code claims}. Source: nats-io/jwt v2.
 *
 * @param text the JWT itself, as {@code CONNECT} carries it
 * @param algorithm {@code alg} of the header
 * @param name name of the user, for people
 * @param subject {@code sub}, the user's public key
 * @param issuer {@code iss}, the account's key or one of its signing keys
 * @param issuerAccount the account's key if {@code issuer} is a signing key, else empty
 * @param bearer whether the JWT alone is enough, without a signed nonce
 * @param connectionTypes {@code allowed_connection_types}; empty for any
 * @param validity {@code nbf} and {@code exp}
 * @param grants what the user may do, as far as the JWT says; a scoped signing key says it in the account's JWT
 */
public record Jwt(
        String text,
        String algorithm,
        String name,
        String subject,
        String issuer,
        String issuerAccount,
        boolean bearer,
        List<String> connectionTypes,
        Validity validity,
        Grants grants) {
    /** Larger than any user JWT that fits in a control line of a server. */
    static final int SIZE_MAX_CHARS = 64 * 1024;

    private static final String SIGNS_ALL = "ed25519-nkey";
    private static final String SIGNS_CLAIMS_ONLY = "ed25519";

    /**
     * When the JWT holds. The edges are those of nats-server: valid from {@code notBefore} on, and up to and including
     * {@code expiresAt}.
     *
     * @param notBefore null for always
     * @param expiresAt null for never
     */
    public record Validity(
            @Nullable Instant notBefore, @Nullable Instant expiresAt) {
        /** Whether it holds at that time. The clock of a box may be wrong: the upstream decides, this only explains. */
        public boolean holdsAt(Instant time) {
            return (notBefore == null || !time.isBefore(notBefore)) && (expiresAt == null || !time.isAfter(expiresAt));
        }
    }

    /**
     * {@code pub}, {@code sub} and {@code resp}, as they stand there.
     *
     * @param responses null if absent
     */
    public record Grants(
            SubjectRules publish,
            SubjectRules subscribe,
            @Nullable ResponseLimit responses) {
        /**
         * Compiles them.
         *
         * @throws SecurityConfigException if an entry is no valid subject. The upstream may take the JWT all the same, so this
         *     is no reason not to send it
         */
        public Permissions permissions() {
            return Permissions.of(publish, subscribe, responses);
        }
    }

    /**
     * Decodes a user JWT.
     *
     * @param where the file it comes from, for the error
     * @throws SecurityConfigException if it is no user JWT
     */
    public static Jwt parse(String text, String where) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3 || text.length() > SIZE_MAX_CHARS) {
            throw Claims.damaged(where, "holds no JWT: three parts separated by dots are expected", null);
        }
        Claims header = Claims.parse(base64(parts[0], "header", where), where + " (JWT header)");
        Claims claims = Claims.parse(base64(parts[1], "claims", where), where + " (JWT claims)");
        base64(parts[2], "signature", where);
        String algorithm = header.string("alg");
        if (!algorithm.equals(SIGNS_ALL) && !algorithm.equals(SIGNS_CLAIMS_ONLY)) {
            throw Claims.damaged(
                    where, "the JWT is signed by the unknown algorithm \"" + Claims.shown(algorithm) + "\"", null);
        }
        Claims nats = claims.object("nats");
        requireUser(nats.has("type") ? nats.string("type") : claims.string("type"), where);
        return new Jwt(
                text,
                algorithm,
                claims.string("name"),
                claims.string("sub"),
                claims.string("iss"),
                nats.string("issuer_account"),
                nats.bool("bearer_token"),
                List.copyOf(nats.strings("allowed_connection_types")),
                new Validity(instant(claims, "nbf"), instant(claims, "exp")),
                grants(nats));
    }

    private static byte[] base64(String part, String what, String where) {
        try {
            return Base64.getUrlDecoder().decode(part);
        } catch (IllegalArgumentException e) {
            throw Claims.damaged(where, "the JWT's " + what + " is no base64url", e);
        }
    }

    private static void requireUser(String type, String where) {
        if (!type.equals("user")) {
            throw new SecurityConfigException(
                    where,
                    "the JWT is that of " + (type.isEmpty() ? "something unnamed" : "an " + Claims.shown(type))
                            + ", not of a user",
                    "use the .creds file of a user");
        }
    }

    /** 0 and absent mean no bound. */
    private static @Nullable Instant instant(Claims claims, String name) {
        long seconds = claims.number(name);
        try {
            return seconds == 0 ? null : Instant.ofEpochSecond(seconds);
        } catch (DateTimeException e) {
            throw Claims.damaged(claims.where(), "\"" + name + "\" is no time: " + seconds, e);
        }
    }

    private static Grants grants(Claims nats) {
        Claims responses = nats.object("resp");
        return new Grants(
                rules(nats.object("pub")),
                rules(nats.object("sub")),
                nats.has("resp")
                        ? ResponseLimit.of(
                                Math.clamp(responses.number("max"), -1, Integer.MAX_VALUE),
                                Duration.ofNanos(responses.number("ttl")))
                        : null);
    }

    private static SubjectRules rules(Claims claims) {
        return new SubjectRules(claims.strings("allow"), claims.strings("deny"));
    }

    /**
     * Whether {@link #issuer} signed it.
     *
     * @throws SecurityConfigException if the issuer is no public key
     */
    public boolean signatureVerifies() {
        int claimsAt = text.indexOf('.') + 1;
        int signatureAt = text.lastIndexOf('.') + 1;
        int signedFrom = algorithm.equals(SIGNS_ALL) ? 0 : claimsAt;
        byte[] signed = text.substring(signedFrom, signatureAt - 1).getBytes(StandardCharsets.US_ASCII);
        byte[] signature = Base64.getUrlDecoder().decode(text.substring(signatureAt));
        return Nkey.parse(issuer).verifies(signed, signature);
    }

    /** Who it is about and until when, not the token: with {@code bearer} that is a secret. */
    @Override
    public String toString() {
        return "Jwt[name=" + name + ", subject=" + subject + ", expiresAt=" + validity.expiresAt + "]";
    }
}
