package io.leafd.app.config;

import static io.leafd.app.config.schema.Key.optional;
import static io.leafd.app.config.schema.Key.withDefault;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code [server]}: the broker and its NATS listener. Immutable.
 *
 * @param noAuthUser user as which clients without credentials are served; null refuses them where users are configured
 * @param tls        null is plain text
 */
public record ServerConfig(
        String name,
        ListenAddress listen,
        Path dataDir,
        ClientLimits limits,
        ClientTimes times,
        @Nullable String noAuthUser,
        @Nullable TlsConfig tls) {

    /** What one client, or all of them, may use up. */
    public record ClientLimits(
            long payloadMaxBytes,
            int connectionsMax,
            int controlLineMaxBytes,
            long pendingMaxBytes,
            int subscriptionsMax) {}

    /** How long clients are waited for. */
    public record ClientTimes(
            Duration pingInterval,
            int pingMax,
            Duration authTimeout,
            Duration writeDeadline,
            Duration lameDuckGracePeriod,
            Duration lameDuckDuration) {}

    static final Key<String> NAME = optional("name", NatsKinds.token(), "the host name", "\"press-7\"")
            .doc(
                    "Name of this box. Part of message ids upstream and the default of `jetstream.domain`, so it must differ"
                            + " between the boxes of one upstream and should never change.");
    static final Key<ListenAddress> LISTEN = withDefault("listen", NatsKinds.listen(), "127.0.0.1:4222")
            .doc("Where NATS clients connect. Port 0 takes a free one and logs it.");
    static final Key<Path> DATA_DIR = withDefault("data_dir", SecretFile.path(), "leafd-data")
            .doc("Directory of the store; nothing else may use it. The default is below the working directory.");
    static final Key<Boolean> ALLOW_OPEN_LISTENER = withDefault("allow_open_listener", Kinds.fact(), false)
            .doc("Allows `listen` to be reachable from other machines although nobody has to log in.");
    static final Key<String> NO_AUTH_USER = optional(
                    "no_auth_user", NatsKinds.user(), "clients without credentials are refused", "\"sensor\"")
            .reload()
            .doc("User whose account and permissions a client gets that shows no credentials.");
    static final Key<Long> MAX_PAYLOAD = withDefault("max_payload", Kinds.size("1KiB", "64MiB"), "1MiB")
            .reload()
            .doc("Largest message, headers included. A client that sends a larger one is disconnected.");
    static final Key<Integer> MAX_CONNECTIONS = withDefault("max_connections", Kinds.count(1, 65_536), 4096L)
            .reload()
            .doc("Most client connections at one time; more are refused.");
    static final Key<Long> MAX_CONTROL_LINE = withDefault("max_control_line", Kinds.size("512B", "64KiB"), "4KiB")
            .doc("Longest protocol line: verb, subject, reply subject and sizes.");
    static final Key<Long> MAX_PENDING = withDefault("max_pending", Kinds.size("64KiB", "1GiB"), "8MiB")
            .reload()
            .doc("Bytes that may wait for one client. A client that reads too slowly is disconnected at this bound"
                    + " (\"slow consumer\"). At least `max_payload`.");
    static final Key<Integer> MAX_SUBSCRIPTIONS = withDefault("max_subscriptions", Kinds.count(1, 10_000_000), 100_000L)
            .reload()
            .doc("Most subscriptions of one connection.");
    static final Key<Duration> PING_INTERVAL = withDefault("ping_interval", Kinds.duration("1s", "1h"), "2m")
            .reload()
            .doc("How often a silent client is asked whether it is there.");
    static final Key<Integer> PING_MAX = withDefault("ping_max", Kinds.count(1, 100), 2L)
            .reload()
            .doc("A client is disconnected when so many pings are unanswered and the next is due.");
    static final Key<Duration> AUTH_TIMEOUT = withDefault("auth_timeout", Kinds.duration("100ms", "5m"), "2s")
            .reload()
            .doc(
                    "Time a new connection has to log in, after its TLS handshake. Where nobody has to log in it has 30 s for its"
                            + " first line, or this time if that is longer.");
    static final Key<Duration> WRITE_DEADLINE = withDefault("write_deadline", Kinds.duration("100ms", "5m"), "10s")
            .reload()
            .doc("A client that takes no byte for so long, although some wait, is disconnected.");
    static final Key<Duration> LAME_DUCK_GRACE_PERIOD = withDefault(
                    "lame_duck_grace_period", Kinds.duration("0s", "5m"), "1s")
            .reload()
            .doc("At a stop: time between telling clients that this server goes and closing the first of them.");
    static final Key<Duration> LAME_DUCK_DURATION = withDefault("lame_duck_duration", Kinds.duration("0s", "30m"), "5s")
            .reload()
            .doc("At a stop: time over which the clients are closed. With no client left the stop is at once. Together"
                    + " with the grace period it must stay below systemd's `TimeoutStopSec` (60 s as shipped).");

    static final Table TABLE = Table.of(
                    "The broker and its listener for NATS clients.",
                    NAME,
                    LISTEN,
                    DATA_DIR,
                    ALLOW_OPEN_LISTENER,
                    NO_AUTH_USER,
                    MAX_PAYLOAD,
                    MAX_CONNECTIONS,
                    MAX_CONTROL_LINE,
                    MAX_PENDING,
                    MAX_SUBSCRIPTIONS,
                    PING_INTERVAL,
                    PING_MAX,
                    AUTH_TIMEOUT,
                    WRITE_DEADLINE,
                    LAME_DUCK_GRACE_PERIOD,
                    LAME_DUCK_DURATION)
            .with("tls", Table.Shape.OPTIONAL, TlsConfig.TABLE)
            .refusing(Map.of(
                    "port", "\"port\" is part of listen: listen = \"127.0.0.1:4222\"",
                    "host", "\"host\" is part of listen: listen = \"127.0.0.1:4222\"",
                    "store_dir", "the directory of the store is called data_dir"));

    static ServerConfig of(Section server, @Nullable Section tls, String hostName) {
        String name = server.find(NAME);
        return new ServerConfig(
                name == null ? hostName : name,
                server.get(LISTEN),
                server.get(DATA_DIR),
                new ClientLimits(
                        server.get(MAX_PAYLOAD),
                        server.get(MAX_CONNECTIONS),
                        Math.toIntExact(server.get(MAX_CONTROL_LINE)),
                        server.get(MAX_PENDING),
                        server.get(MAX_SUBSCRIPTIONS)),
                new ClientTimes(
                        server.get(PING_INTERVAL),
                        server.get(PING_MAX),
                        server.get(AUTH_TIMEOUT),
                        server.get(WRITE_DEADLINE),
                        server.get(LAME_DUCK_GRACE_PERIOD),
                        server.get(LAME_DUCK_DURATION)),
                server.find(NO_AUTH_USER),
                TlsConfig.of(tls));
    }
}
