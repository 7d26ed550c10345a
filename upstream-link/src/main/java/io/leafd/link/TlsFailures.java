package io.leafd.link;

import io.leafd.link.LinkFailure.Kind;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Says in the box owner's words why a TLS handshake with an upstream failed. Pure. */
final class TlsFailures {
    private static final int CAUSES_MAX = 10;

    private TlsFailures() {}

    /** What is wrong, and what to do. */
    static LinkFailure explain(Throwable thrown, LinkUrl url) {
        Throwable cause = thrown;
        String text = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        for (int i = 0; cause != null && i < CAUSES_MAX; i++, cause = cause.getCause()) {
            switch (cause) {
                case CertificateNotYetValidException e -> {
                    return LinkFailure.network(
                            "the certificate of " + url + " is not valid yet; the clock of this box may be wrong");
                }
                case CertificateExpiredException e -> {
                    return LinkFailure.network(
                            "the certificate of " + url + " has expired, or the clock of this box is wrong");
                }
                case CertPathValidatorException e -> text = "its certificate leads to no known authority; set ca_file";
                case SSLHandshakeException e
                when e.getCause() == null && e.getMessage() != null -> text = e.getMessage();
                default -> {}
            }
            String name = cause.getClass().getSimpleName();
            if (cause instanceof TimeoutException || name.contains("Timeout")) {
                return LinkFailure.timeout("the TLS handshake with " + url + " took too long");
            }
        }
        Kind kind = thrown instanceof SSLException ? Kind.CONFIGURATION : Kind.NETWORK;
        return new LinkFailure(kind, "the TLS handshake with " + url + " failed: " + text);
    }
}
