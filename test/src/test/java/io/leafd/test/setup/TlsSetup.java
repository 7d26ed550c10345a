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
 */
public record TlsSetup(Path certificate, Path key, Path authority, boolean verify, boolean map, boolean first) {}
