package io.leafd.security.login;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * All that decides a login. Immutable.
 *
 * @param via how the client came in
 * @param claim what it says
 * @param nonce what it was asked to sign; empty if no nonce was sent
 * @param mappedCertificate the client's own certificate (first of the peer's chain), already verified by TLS, if its
 *     listener maps certificates to users; else null. With a certificate here, no other login than by it or by nkey succeeds
 */
public record LoginRequest(
        ConnectionType via,
        Claim claim,
        String nonce,
        @Nullable X509Certificate mappedCertificate) {}
