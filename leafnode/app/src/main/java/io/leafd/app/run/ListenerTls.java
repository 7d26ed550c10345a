package io.leafd.app.run;

import io.leafd.app.config.TlsConfig;
import io.leafd.broker.net.ClientPort;
import io.leafd.security.tls.TlsFiles;
import io.leafd.security.tls.TlsMaterial;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** TLS of one listener as the configuration says. Any thread. */
final class ListenerTls implements ClientPort.Tls {
    private final TlsConfig config;
    private final boolean certificateIsUser;
    private final TlsMaterial material;

    private ListenerTls(TlsConfig config, boolean certificateIsUser) {
        this.config = config;
        this.certificateIsUser = certificateIsUser;
        this.material =
                TlsMaterial.server(new TlsFiles(config.certFile(), config.keyFile(), config.caFile()), config.verify());
    }

    /** The TLS of a listener, null for plain text. */
    static @Nullable ListenerTls of(@Nullable TlsConfig config, boolean certificateIsUser) {
        return config == null ? null : new ListenerTls(config, certificateIsUser);
    }

    /** Reads the files again; the old certificates stay if the new ones are wrong. */
    void refresh() {
        material.refresh();
    }

    @Override
    public SSLEngine newEngine() {
        SSLEngine engine = material.newServerEngine();
        if (config.minVersion() == TlsConfig.MinVersion.TLS_1_3) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3"});
            engine.setSSLParameters(parameters);
        }
        return engine;
    }

    @Override
    public boolean clientCertificateRequired() {
        return config.verify();
    }

    @Override
    public boolean certificateIsUser() {
        return certificateIsUser;
    }

    @Override
    public boolean first() {
        return config.handshakeFirst();
    }

    @Override
    public long handshakeMaxMs() {
        return config.handshakeTimeout().toMillis();
    }
}
