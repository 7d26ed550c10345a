package io.leafd.security.tls;

import io.leafd.security.SecurityConfigException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files of one TLS role, as configured. Immutable.
 *
 * @param certFile our own certificate first, then its intermediates; null if we have none, as a client may
 * @param keyFile the certificate's private key, not encrypted; null exactly if {@code certFile} is
 * @param caFile certificates that the peer's must lead to; null for those of the system
 */
public record TlsFiles(
        @Nullable Path certFile,
        @Nullable Path keyFile,
        @Nullable Path caFile) {
    /** No files: a client that trusts what the system trusts. */
    public static final TlsFiles NONE = new TlsFiles(null, null, null);

    /** Refuses a certificate without a key and a key without a certificate. */
    public TlsFiles {
        if (certFile != null && keyFile == null) {
            throw new SecurityConfigException(
                    certFile.toString(), "cert_file has no key_file beside it", "set key_file to its private key");
        }
        if (certFile == null && keyFile != null) {
            throw new SecurityConfigException(
                    keyFile.toString(), "key_file has no cert_file beside it", "set cert_file to its certificate");
        }
    }
}
