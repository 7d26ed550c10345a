package io.leafd.app.config;

import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;
import io.leafd.app.config.schema.Table.Shape;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The whole of {@code leafd.toml}. Immutable.
 *
 * @param accounts  at least one; {@link AccountConfig#GLOBAL} when the file has none
 * @param leafnodes null does not listen for leaf nodes
 */
public record LeafdConfig(
        ServerConfig server,
        StoreConfig store,
        JetStreamConfig jetstream,
        List<AccountConfig> accounts,
        List<UpstreamConfig> upstreams,
        List<DeclaredStream> streams,
        @Nullable LeafnodesConfig leafnodes,
        HttpConfig http,
        LogConfig log) {

    private static final String NOT_YET = " is not available in this version of leafd; remove the table";

    static final Table TABLE = Table.of("")
            .with("server", Shape.ALWAYS, ServerConfig.TABLE)
            .with("store", Shape.ALWAYS, StoreConfig.TABLE)
            .with("jetstream", Shape.ALWAYS, JetStreamConfig.TABLE)
            .with("tls", Shape.OPTIONAL, TlsConfig.TABLE)
            .withNamed("accounts", AccountConfig.TABLE, "PLANT")
            .withNamed("upstream", UpstreamConfig.TABLE, "hq")
            .with("streams", Shape.LIST, DeclaredStream.TABLE)
            .with("leafnodes", Shape.OPTIONAL, LeafnodesConfig.TABLE)
            .with("http", Shape.ALWAYS, HttpConfig.TABLE)
            .with("log", Shape.ALWAYS, LogConfig.TABLE)
            .refusing(Map.of(
                    "mqtt", "[mqtt]" + NOT_YET,
                    "websocket", "[websocket]" + NOT_YET,
                    "upstreams", "the table is called [upstream.NAME]",
                    "stream", "the table is called [[streams]]",
                    "account", "the table is called [accounts.NAME]"));

    /** Whether anybody has to log in. */
    public boolean hasUsers() {
        return accounts.stream().anyMatch(account -> !account.users().isEmpty());
    }

    static LeafdConfig of(Section root, String hostName) {
        Section tls = root.find("tls");
        ServerConfig server = ServerConfig.of(root.get("server"), own(root.get("server"), tls), hostName);
        List<AccountConfig> accounts =
                root.all("accounts").stream().map(AccountConfig::of).toList();
        List<AccountConfig> atLeastOne = accounts.isEmpty() ? List.of(AccountConfig.global()) : accounts;
        String only = atLeastOne.getFirst().name();
        Section leafnodes = root.find("leafnodes");
        return new LeafdConfig(
                server,
                StoreConfig.of(root.get("store")),
                JetStreamConfig.of(root.get("jetstream"), server.name()),
                atLeastOne,
                root.all("upstream").stream()
                        .map(upstream -> UpstreamConfig.of(upstream, only))
                        .toList(),
                root.all("streams").stream()
                        .map(stream -> DeclaredStream.of(stream, only))
                        .toList(),
                leafnodes == null ? null : LeafnodesConfig.of(leafnodes, own(leafnodes, tls)),
                HttpConfig.of(root.get("http"), own(root.get("http"), tls)),
                LogConfig.of(root.get("log")));
    }

    /** A listener's TLS: its own table, or the common one. */
    static @Nullable Section own(Section listener, @Nullable Section common) {
        Section own = listener.find("tls");
        return own == null ? common : own;
    }
}
