package io.leafd.security.login;

import io.leafd.security.nkey.Nkey;

/** One way in which a configured user can show that it is that user. Immutable. */
public sealed interface Proof {
    /** The user's name and this password. */
    record ByPassword(Password password) implements Proof {}

    /** This token, without a name. */
    record ByToken(Password token) implements Proof {}

    /** A signature over the connection's nonce by this key. */
    record ByNkey(Nkey nkey) implements Proof {}

    /**
     * A verified TLS client certificate.
     *
     * @param subject an e-mail, DNS or URI name of the certificate, or its subject: {@code CN=edge1,O=Acme}
     */
    record ByCertificate(String subject) implements Proof {}
}
