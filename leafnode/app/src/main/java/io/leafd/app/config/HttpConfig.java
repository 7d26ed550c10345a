package io.leafd.app.config;

import static io.leafd.app.config.schema.Key.withDefault;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Kind;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code [http]}: monitoring and metrics. Immutable.
 *
 * @param listen null does not listen
 * @param tls    null is plain text
 */
public record HttpConfig(
        @Nullable ListenAddress listen, @Nullable TlsConfig tls) {
    static final Key<Optional<ListenAddress>> LISTEN = withDefault("listen", addressOrOff(), "127.0.0.1:8222")
            .doc(
                    "Where `/varz`, `/connz`, `/healthz`, `/metrics` and the like are served, without a login. `\"\"` does not"
                            + " listen.");

    static final Key<Boolean> ALLOW_OPEN_LISTENER = withDefault("allow_open_listener", Kinds.fact(), false)
            .doc("Allows `listen` to be reachable from other machines although nobody has to log in there.");

    static final Table TABLE = Table.of("Monitoring and metrics over HTTP.", LISTEN, ALLOW_OPEN_LISTENER)
            .with("tls", Table.Shape.OPTIONAL, TlsConfig.TABLE);

    static HttpConfig of(Section http, @Nullable Section tls) {
        return new HttpConfig(http.get(LISTEN).orElse(null), TlsConfig.of(tls));
    }

    private static Kind<Optional<ListenAddress>> addressOrOff() {
        Kind<ListenAddress> address = NatsKinds.listen();
        return new Kind<>(
                "address:port, or an empty string",
                (toml, position) -> toml.equals("")
                        ? Optional.empty()
                        : Optional.of(address.reader().read(toml, position)),
                listen -> listen.map(address.writer()).orElse("\"\""));
    }
}
