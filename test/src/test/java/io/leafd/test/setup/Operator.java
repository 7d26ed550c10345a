package io.leafd.test.setup;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/**
 * An operator that signs one account and its users, as {@code nsc} does: what a hub in operator mode trusts. Immutable. Source of the
 * claims' shapes: observed on nats-server 2.15.
 */
public final class Operator {

    private static final long ISSUED_AT = System.currentTimeMillis() / 1000;

    private final Identity operator = Identity.operator();
    private final Identity account = Identity.account();

    /** Lines of a nats-server configuration that trust this operator and know its account. */
    public String config() {
        String trusted = jwt(operator, operator.publicKey(), "LEAFD-TESTS", "\"type\":\"operator\"");
        String known = jwt(
                operator,
                account.publicKey(),
                "PLANT",
                "\"type\":\"account\",\"limits\":{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,"
                        + "\"wildcards\":true,\"conn\":-1,\"leaf\":-1}");
        return """
                operator: "%s"
                resolver: MEMORY
                resolver_preload: { %s: "%s" }
                """.formatted(trusted, account.publicKey(), known);
    }

    /** Content of a {@code .creds} file of a new user of the account. */
    public String creds(String name) {
        Identity user = Identity.user();
        String jwt = jwt(account, user.publicKey(), name, "\"type\":\"user\",\"subs\":-1,\"data\":-1,\"payload\":-1");
        return """
                -----BEGIN NATS USER JWT-----
                %s
                ------END NATS USER JWT------

                -----BEGIN USER NKEY SEED-----
                %s
                ------END USER NKEY SEED------
                """.formatted(jwt, user.seed());
    }

    private static String jwt(Identity issuer, String subject, String name, String claims) {
        String signed = encode("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}") + "."
                + encode(
                        "{\"jti\":\"%s\",\"iat\":%d,\"iss\":\"%s\",\"name\":\"%s\",\"sub\":\"%s\",\"nats\":{%s,\"version\":2}}"
                                .formatted(UUID.randomUUID(), ISSUED_AT, issuer.publicKey(), name, subject, claims));
        return signed + "." + issuer.sign(signed);
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
