package io.leafd.security.tls;

import io.leafd.security.SecurityConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The certificates and key of one listener or one upstream, read from PEM files. Any thread.
 *
 * <p>What was read is one immutable snapshot. {@link #refresh} reads the files again and exchanges the snapshot for the
 * engines made from then on; connections keep theirs. If a file is bad, the old snapshot stays.
 *
 * <p>TLS 1.2 and 1.3. A client always verifies the peer's certificate and that it is for the host dialled; there is no switch
 * to leave that out. Dates are judged at each handshake, not here: at start the clock of a box may be wrong.
 */
public final class TlsMaterial {
    /** Where Debian and its kin keep the authorities that the system trusts; the JDK's own are used without it. */
    private static final Path SYSTEM_AUTHORITIES = Path.of("/etc/ssl/certs/ca-certificates.crt");

    /** Trusts nobody, for a listener that asks for no certificate: reading the system's authorities takes long. */
    private static final TrustManager[] NOBODY = {};

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final TlsFiles files;
    private final Role role;
    private volatile Snapshot snapshot;

    private enum Role {
        CLIENT,
        SERVER,
        SERVER_VERIFYING_CLIENTS
    }

    private record Snapshot(SSLContext context, @Nullable X509Certificate own) {}

    private TlsMaterial(TlsFiles files, Role role) {
        this.files = files;
        this.role = role;
        this.snapshot = load(files, role);
    }

    /**
     * Material of a listener.
     *
     * @param verifyClients whether a client must show a certificate that leads to {@link TlsFiles#caFile}
     * @throws SecurityConfigException if a file is missing or bad; it names the file
     */
    public static TlsMaterial server(TlsFiles files, boolean verifyClients) {
        return new TlsMaterial(files, verifyClients ? Role.SERVER_VERIFYING_CLIENTS : Role.SERVER);
    }

    /**
     * Material of an upstream.
     *
     * @throws SecurityConfigException if a file is missing or bad; it names the file
     */
    public static TlsMaterial client(TlsFiles files) {
        return new TlsMaterial(files, Role.CLIENT);
    }

    /**
     * Reads the files again. On an exception nothing has changed.
     *
     * @throws SecurityConfigException if a file is missing or bad; it names the file
     */
    public void refresh() {
        snapshot = load(files, role);
    }

    /** The current context. Engines made from it directly lack what {@link #newServerEngine} and its sibling set. */
    public SSLContext context() {
        return snapshot.context;
    }

    /** When our own certificate ends, or null if we have none: to warn in time. */
    public @Nullable Instant ownCertificateEnds() {
        X509Certificate own = snapshot.own;
        return own == null ? null : own.getNotAfter().toInstant();
    }

    /** A new engine for a connection that was accepted. */
    public SSLEngine newServerEngine() {
        if (role == Role.CLIENT) {
            throw new IllegalStateException("the material of an upstream makes no server engine");
        }
        SSLEngine engine = snapshot.context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setNeedClientAuth(role == Role.SERVER_VERIFYING_CLIENTS);
        return engine;
    }

    /**
     * A new engine for a connection that was dialled.
     *
     * @param host name or address that the peer's certificate must be for: that of the configured URL, also when an address
     *     learnt from the peer is dialled
     */
    public SSLEngine newClientEngine(String host, int port) {
        if (role != Role.CLIENT) {
            throw new IllegalStateException("the material of a listener makes no client engine");
        }
        SSLEngine engine = snapshot.context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(PROTOCOLS);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static Snapshot load(TlsFiles files, Role role) {
        if (role != Role.CLIENT && files.certFile() == null) {
            throw new SecurityConfigException("tls", "a listener needs a certificate", "set cert_file and key_file");
        }
        if (role == Role.SERVER_VERIFYING_CLIENTS && files.caFile() == null) {
            throw new SecurityConfigException(
                    "tls", "verify needs to know whose client certificates to accept", "set ca_file");
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            List<X509Certificate> chain = files.certFile() == null ? List.of() : CertificateFile.read(files.certFile());
            context.init(keyManagers(files, chain), role == Role.SERVER ? NOBODY : trustManagers(files.caFile()), null);
            return new Snapshot(context, chain.isEmpty() ? null : chain.getFirst());
        } catch (GeneralSecurityException | IOException e) {
            throw new SecurityConfigException(
                    "tls",
                    "the files do not make a TLS context: " + e.getMessage(),
                    "check them with \"leafd check\"",
                    e);
        }
    }

    private static KeyManager @Nullable [] keyManagers(TlsFiles files, List<X509Certificate> chain) {
        if (files.certFile() == null || files.keyFile() == null) {
            return null;
        }
        PrivateKey key = KeyFile.read(files.keyFile());
        if (!KeyFile.belongsTo(chain.getFirst().getPublicKey(), key, files.keyFile())) {
            throw new SecurityConfigException(
                    files.keyFile().toString(),
                    "is not the key of the first certificate in " + files.certFile(),
                    "put our own certificate first there, and name its key here");
        }
        return new KeyManager[] {new OwnCertificate(key, chain)};
    }

    private static TrustManager[] trustManagers(@Nullable Path caFile) throws GeneralSecurityException, IOException {
        KeyStore store = null; // stands for the JDK's own authorities
        Path authorities = caFile == null && Files.isReadable(SYSTEM_AUTHORITIES) ? SYSTEM_AUTHORITIES : caFile;
        if (authorities != null) {
            store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate certificate : CertificateFile.read(authorities)) {
                store.setCertificateEntry("ca" + store.size(), certificate);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
