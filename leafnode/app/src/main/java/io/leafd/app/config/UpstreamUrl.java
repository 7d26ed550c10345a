package io.leafd.app.config;

import io.leafd.app.config.schema.BadValueException;
import io.leafd.app.config.schema.Kind;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.TomlText;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Address of a leaf-node listener of an upstream. Immutable.
 *
 * @param path empty unless the scheme is a WebSocket one
 */
public record UpstreamUrl(Scheme scheme, String host, int port, String path) {
    /** How the upstream is spoken to. */
    public enum Scheme {
        /** Plain, and TLS if the upstream asks for it. */
        NATS(7422),
        /** TLS, or nothing. */
        TLS(7422),
        /** WebSocket, plain. */
        WS(80),
        /** WebSocket over TLS. */
        WSS(443);

        private final int defaultPort;

        Scheme(int defaultPort) {
            this.defaultPort = defaultPort;
        }

        public boolean webSocket() {
            return this == WS || this == WSS;
        }
    }

    private static final List<String> SCHEMES = List.of("nats", "tls", "ws", "wss");
    private static final int PORT_MAX = 65_535;

    static Kind<UpstreamUrl> kind() {
        return Kinds.ofText("URL", (text, position) -> parse(text), UpstreamUrl::toString);
    }

    static UpstreamUrl parse(String text) throws BadValueException {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw bad("it is no URL"); // without the text: it may hold a password
        }
        if (uri.getRawUserInfo() != null) {
            throw new BadValueException("the URL holds a user or a password, and a secret does not belong in this file;"
                    + " use user and password_file, nkey_seed_file, credentials_file or token_file");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getScheme() == null || !SCHEMES.contains(scheme)) {
            throw bad(TomlText.quote(text) + " does not begin with nats://, tls://, ws:// or wss://");
        }
        return of(Scheme.valueOf(scheme.toUpperCase(Locale.ROOT)), uri, text);
    }

    private static UpstreamUrl of(Scheme scheme, URI uri, String text) throws BadValueException {
        String host = uri.getHost();
        String path = emptyIfNull(uri.getRawPath());
        if (host == null || uri.getPort() > PORT_MAX || uri.getPort() == 0) {
            throw bad(TomlText.quote(text) + " names no host and port");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || (!path.isEmpty() && !scheme.webSocket())) {
            throw bad(TomlText.quote(text) + " has something after the port");
        }
        boolean bracketed = host.startsWith("[");
        return new UpstreamUrl(
                scheme,
                bracketed ? host.substring(1, host.length() - 1) : host,
                uri.getPort() < 0 ? scheme.defaultPort : uri.getPort(),
                path);
    }

    private static String emptyIfNull(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static BadValueException bad(String reason) {
        return new BadValueException(reason + "; write for example \"tls://hub.example.net:7422\"");
    }

    @Override
    public String toString() {
        String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return scheme.name().toLowerCase(Locale.ROOT) + "://" + bracketed + ":" + port + path;
    }
}
