package io.leafd.link;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where an upstream listens for leaf nodes. Immutable, any thread.
 *
 * @param path in front of {@code /leafnode}, for WebSocket only; empty or beginning with a slash
 */
public record LinkUrl(Scheme scheme, String host, int port, String path) {
    private static final int LEAF_PORT = 7422;

    /** How an upstream is reached. */
    public enum Scheme {
        /** Plain TCP, and TLS if the upstream asks for it. */
        NATS(LEAF_PORT),
        /** TCP with TLS. */
        TLS(LEAF_PORT),
        /** WebSocket. */
        WS(80),
        /** WebSocket over TLS. */
        WSS(443);

        private final int defaultPort;

        Scheme(int defaultPort) {
            this.defaultPort = defaultPort;
        }

        /** Whether the bytes go in WebSocket frames. */
        public boolean webSocket() {
            return this == WS || this == WSS;
        }

        /** Whether nothing may be said before TLS is there. */
        public boolean encrypted() {
            return this == TLS || this == WSS;
        }
    }

    /**
     * The URL with this text, for example {@code tls://hub-a.example.net:7422}.
     *
     * @throws IllegalArgumentException if it is none that a leaf connection can use; the message says why
     */
    public static LinkUrl parse(String text) {
        try {
            var uri = new URI(text);
            String host = uri.getHost();
            if (uri.getScheme() == null || host == null) {
                throw new IllegalArgumentException("\"" + text + "\" is not of the form tls://host:7422");
            }
            Scheme scheme = scheme(uri.getScheme(), text);
            String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            String path = scheme.webSocket() && uri.getRawPath() != null ? uri.getRawPath() : "";
            return new LinkUrl(scheme, bare, uri.getPort() < 0 ? scheme.defaultPort : uri.getPort(), trimmed(path));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no URL: " + e.getReason(), e);
        }
    }

    /** The URL of an address that the upstream told: host and port are its own, the rest is ours. */
    LinkUrl at(String hostAndPort) {
        LinkUrl told = parse(scheme.name().toLowerCase(Locale.ROOT) + "://" + hostAndPort);
        return new LinkUrl(scheme, told.host, told.port, path);
    }

    private static Scheme scheme(String name, String text) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "nats", "leaf" -> Scheme.NATS;
            case "tls" -> Scheme.TLS;
            case "ws" -> Scheme.WS;
            case "wss" -> Scheme.WSS;
            default -> throw new IllegalArgumentException("\"" + text + "\" begins with none of nats, tls, ws and wss");
        };
    }

    private static String trimmed(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    @Override
    public String toString() {
        String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return scheme.name().toLowerCase(Locale.ROOT) + "://" + shown + ":" + port + path;
    }
}
