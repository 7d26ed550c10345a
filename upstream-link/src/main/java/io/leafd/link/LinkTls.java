package io.leafd.link;

import io.leafd.security.SecurityConfigException;
import io.leafd.security.tls.TlsFiles;
import io.leafd.security.tls.TlsMaterial;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS towards an upstream. Owned by one attempt at a time; the files are read when they are first needed, and again at each
 * attempt. If they are bad by then, what was read before stays in use.
 */
public final class LinkTls {
    private static final Logger LOG = LoggerFactory.getLogger(LinkTls.class);

    private final TlsFiles files;
    private final @Nullable String serverName;
    private final boolean first;
    private volatile @Nullable TlsMaterial material;

    /**
     * TLS by these files.
     *
     * @param serverName whom the upstream's certificate must name; null for the host of the URL
     * @param first whether TLS begins before the upstream has said anything
     */
    public LinkTls(TlsFiles files, @Nullable String serverName, boolean first) {
        this.files = files;
        this.serverName = serverName;
        this.first = first;
    }

    /** As the system has it. */
    public static LinkTls ofSystem() {
        return new LinkTls(TlsFiles.NONE, null, false);
    }

    /** Whether TLS begins before the upstream has said anything. */
    boolean first() {
        return first;
    }

    /**
     * Reads the files. Blocks: not for an event loop.
     *
     * @throws SecurityConfigException if they are bad and were never good
     */
    void read() {
        TlsMaterial known = material;
        if (known == null) {
            material = TlsMaterial.client(files);
            return;
        }
        if (files.equals(TlsFiles.NONE)) {
            return; // the system's authorities: as good as they were
        }
        try {
            known.refresh();
        } catch (SecurityConfigException e) {
            LOG.warn("TLS files can't be read again, using what was read before cause=\"{}\"", e.getMessage());
        }
    }

    /** An engine for a connection to {@code url}; {@link #read} was called before. */
    public SSLEngine newEngine(LinkUrl url) {
        TlsMaterial known = material;
        if (known == null) {
            throw new IllegalStateException("TLS for " + url + " was not read");
        }
        return known.newClientEngine(serverName == null ? url.host() : serverName, url.port());
    }
}
