package io.leafd.broker.net;

import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Where clients come in, as far as INFO tells them. Immutable.
 *
 * @param host the configured host
 * @param port the bound port
 * @param tls null for plain text
 */
public record ClientPort(String host, int port, @Nullable Tls tls) {
    /** The certificate that the peer of a connection has shown, null if none. */
    public static @Nullable X509Certificate peerCertificate(SslHandler tls) {
        try {
            return tls.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? certificate
                    : null;
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

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
