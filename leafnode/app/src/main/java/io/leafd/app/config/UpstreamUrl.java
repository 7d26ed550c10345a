package io.leafd.app.config;

import io.leafd.app.config.schema.BadValueException;
import io.leafd.app.config.schema.Kind;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.TomlText;
import io.leafd.link.LinkUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kind of keys that say where an upstream is. Pure functions. */
final class UpstreamUrl {
    private static final List<String> SCHEMES = List.of("nats", "tls", "ws", "wss");
    private static final int PORT_MAX = 65_535;

    private UpstreamUrl() {}

    static Kind<LinkUrl> kind() {
        return Kinds.ofText("URL", (text, position) -> parse(text), LinkUrl::toString);
    }

    private static LinkUrl parse(String text) throws BadValueException {
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
        if (uri.getHost() == null || uri.getPort() > PORT_MAX || uri.getPort() == 0) {
            throw bad(TomlText.quote(text) + " names no host and port");
        }
        boolean plainPath =
                scheme.startsWith("ws") || emptyIfNull(uri.getRawPath()).isEmpty();
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || !plainPath) {
            throw bad(TomlText.quote(text) + " has something after the port");
        }
        return LinkUrl.parse(text);
    }

    private static String emptyIfNull(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static BadValueException bad(String reason) {
        return new BadValueException(reason + "; write for example \"tls://hub.example.net:7422\"");
    }
}
