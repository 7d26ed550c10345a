package io.leafd.broker.net;

import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Where clients come in, as far as INFO tells them. Immutable.
 *
 * @param host the configured host
 * @param port the bound port
 * @param tls null for plain text
 */
public record ClientPort(String host, int port, @Nullable Tls tls) {
    /** TLS of a listener. Any thread. */
    public interface Tls {
        /** An engine in server mode for one connection, with the newest certificates. */
        SSLEngine newEngine();

        /** Whether a client must show a certificate. */
        boolean clientCertificateRequired();

        /** Whether the certificate decides who the user is. */
        boolean certificateIsUser();

        /** Whether TLS begins before INFO. */
        boolean first();

        /** How long a handshake may take, in ms. */
        long handshakeMaxMs();
    }
}
