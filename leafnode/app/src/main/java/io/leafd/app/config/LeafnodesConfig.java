package io.leafd.app.config;

import static io.leafd.app.config.schema.Key.required;
import static io.leafd.app.config.schema.Key.withDefault;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;
import org.jspecify.annotations.Nullable;

/**
 * {@code [leafnodes]}: other leaf nodes may connect to this one. Immutable.
 *
 * @param tls null is plain text
 */
public record LeafnodesConfig(
        ListenAddress listen, int connectionsMax, @Nullable TlsConfig tls) {
    static final Key<ListenAddress> LISTEN = required("listen", NatsKinds.listen(), "\"0.0.0.0:7422\"")
            .doc("Where leaf nodes connect. They log in as the users of the accounts.");
    static final Key<Integer> MAX_CONNECTIONS = withDefault("max_connections", Kinds.count(1, 65_536), 256L)
            .doc("Most leaf connections at one time; more are refused.");

    static final Table TABLE = Table.of(
                    "Lets other leaf nodes (another leafd, or a nats-server) connect to this one.",
                    LISTEN,
                    MAX_CONNECTIONS)
            .with("tls", Table.Shape.OPTIONAL, TlsConfig.TABLE);

    static LeafnodesConfig of(Section leafnodes, @Nullable Section tls) {
        return new LeafnodesConfig(leafnodes.get(LISTEN), leafnodes.get(MAX_CONNECTIONS), TlsConfig.of(tls));
    }
}
