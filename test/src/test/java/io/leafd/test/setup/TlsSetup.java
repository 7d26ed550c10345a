package io.leafd.test.setup;

import java.nio.file.Path;

/**
 * TLS of the client port.
 *
 * @param certificate PEM file with the server's certificate
 * @param key PEM file with its private key
 * @param authority PEM file with the authority that signs client certificates
 * @param verify whether clients must show a certificate
 * @param map whether the certificate names the user, which implies {@code verify}
 * @param first whether the handshake comes before INFO
 * @param handshakeMaxSeconds how long the handshake may take
 */
public record TlsSetup(
        Path certificate,
        Path key,
        Path authority,
        boolean verify,
        boolean map,
        boolean first,
        int handshakeMaxSeconds) {
    private static final int PATIENT = 15;

    /** With time for the handshake also on a machine that is busy. */
    public TlsSetup(Path certificate, Path key, Path authority, boolean verify, boolean map, boolean first) {
        this(certificate, key, authority, verify, map, first, PATIENT);
    }

    /** The same with so much time for the handshake. */
    public TlsSetup within(int seconds) {
        return new TlsSetup(certificate, key, authority, verify, map, first, seconds);
    }
}
