package io.leafd.app.config;

import static io.leafd.app.config.schema.Key.optional;
import static io.leafd.app.config.schema.Key.required;
import static io.leafd.app.config.schema.Key.withDefault;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Quantities.Budget;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;
import io.leafd.link.LinkUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code [upstream.NAME]}: one leaf connection to an upstream cluster, bound to one local account. Immutable.
 *
 * @param account local account
 */
public record UpstreamConfig(
        String name,
        String account,
        Dial dial,
        Subjects subjects,
        Shaping shaping,
        List<ForwardConfig> forwards,
        List<MirrorConfig> mirrors) {

    /**
     * How the upstream is reached.
     *
     * @param urls     tried in turn
     * @param discover whether addresses that the upstream tells are dialled as well
     * @param retryMax longest wait between two attempts
     * @param pingInterval between PINGs over the link
     */
    public record Dial(
            List<LinkUrl> urls,
            boolean discover,
            Duration retryMax,
            Duration pingInterval,
            Login login,
            @Nullable RemoteTlsConfig tls) {}

    /** What leafd shows the upstream. The files are read at each connection attempt. */
    public sealed interface Login {
        record None() implements Login {}

        record NkeySeed(Path file) implements Login {}

        record Credentials(Path file) implements Login {}

        record Password(String user, Path file) implements Login {}

        record Token(Path file) implements Login {}
    }

    /**
     * Which core subjects cross the link.
     *
     * @param exported to the upstream; null for all that the upstream lets its user publish
     * @param imported from the upstream; null for all that it lets its user subscribe to
     */
    public record Subjects(
            @Nullable List<String> exported, @Nullable List<String> imported) {}

    /**
     * How much may be sent; null has no bound.
     *
     * @param bytesPerSecond of everything that is sent
     */
    public record Shaping(
            @Nullable Long bytesPerSecond, @Nullable Budget budget) {}

    /** The same with another shaping. */
    public UpstreamConfig withShaping(Shaping changed) {
        return new UpstreamConfig(name, account, dial, subjects, changed, forwards, mirrors);
    }

    static final Key<List<LinkUrl>> URLS = required(
                    "urls",
                    Kinds.listOf("array of URLs (`nats`, `tls`, `ws`, `wss`)", UpstreamUrl.kind(), 1, 64),
                    "[\"tls://hub-a.example.net:7422\", \"tls://hub-b.example.net:7422\"]")
            .reload()
            .doc("Leaf-node listeners of the upstream, tried in turn. Only these are dialled. Default ports: 7422, with"
                    + " `ws` 80, with `wss` 443.");
    static final Key<String> ACCOUNT = optional("account", NatsKinds.account(), "the only account", "\"PLANT\"")
            .reload()
            .doc("Local account that is joined with the upstream's.");
    static final Key<Path> NKEY_SEED_FILE = optional(
                    "nkey_seed_file",
                    SecretFile.secret(),
                    "another way to log in, or none",
                    "\"/etc/leafd/keys/hq.nk\"")
            .reload()
            .doc("File with the NKEY seed of leafd's user at the upstream.");
    static final Key<Path> CREDENTIALS_FILE = optional(
                    "credentials_file",
                    SecretFile.secret(),
                    "another way to log in, or none",
                    "\"/etc/leafd/keys/hq.creds\"")
            .reload()
            .doc("`.creds` file with user JWT and seed.");
    static final Key<String> USER = optional("user", NatsKinds.user(), "another way to log in, or none", "\"press-7\"")
            .reload()
            .doc("User name at the upstream; with `password_file`.");
    static final Key<Path> PASSWORD_FILE = optional(
                    "password_file", SecretFile.secret(), "another way to log in, or none", "\"/etc/leafd/keys/hq.pw\"")
            .reload()
            .doc("File with the password of `user`.");
    static final Key<Path> TOKEN_FILE = optional(
                    "token_file", SecretFile.secret(), "another way to log in, or none", "\"/etc/leafd/keys/hq.token\"")
            .reload()
            .doc("File with a token.");
    static final Key<List<String>> EXPORT = optional(
                    "export", NatsKinds.filters(0), "all that the upstream's user may publish", "[\"plant.>\"]")
            .reload()
            .doc(
                    "Subjects that go up. An empty array lets none. Answers to what came down need no entry. For streams of the upstream"
                            + " that mirror or source streams of this box, add `$JS.M.>` and `$JS.S.>`, or their deliver"
                            + " subjects.");
    static final Key<List<String>> IMPORT = optional(
                    "import",
                    NatsKinds.filters(0),
                    "all that the upstream's user may subscribe to",
                    "[\"cmd.>\", \"recipes.>\"]")
            .reload()
            .doc(
                    "Subjects that come down. An empty array lets none. Answers to what went up need no entry, nor do forwards and"
                            + " mirrors of this box. For streams of the upstream that mirror or source streams of this box, add"
                            + " `$JS.<jetstream.domain>.API.CONSUMER.CREATE.>`; `$JS.<jetstream.domain>.API.>` lets the upstream manage"
                            + " them.");
    static final Key<Long> RATE = optional("rate", Kinds.rate("1kbit/s"), "as fast as it goes", "\"2Mbit/s\"")
            .reload()
            .doc("Most that is sent, averaged over a second.");
    static final Key<Budget> BUDGET = optional("budget", Kinds.budget(), "no budget", "\"200MB/day\"")
            .reload()
            .doc(
                    "Most that is sent in a period of the UTC calendar; weeks begin on Monday. Counted are all bytes of the link's"
                            + " connections, TLS and reconnects included, without the headers of TCP. Forwards wait for the next"
                            + " period when it is used up, live messages are dropped, and the link stays up for what comes down: a"
                            + " little is kept back for PINGs and acknowledgements. The last tenth is for live messages and forwards"
                            + " of `priority` 8 and 9. Restarts and reloads do not begin it anew.");
    static final Key<Boolean> DISCOVER = withDefault("discover", Kinds.fact(), false)
            .reload()
            .doc("Also dials the addresses that the upstream announces. They are often not reachable from outside.");

    static final Key<Duration> RETRY_MAX = withDefault("retry_max", Kinds.duration("1s", "1h"), "10s")
            .reload()
            .doc(
                    "Longest wait between two attempts to connect. The waits grow from a second up to it, and vary, so that many"
                            + " boxes do not come back in the same moment. Short where each second counts, long where each attempt costs.");
    static final Key<Duration> PING_INTERVAL = withDefault("ping_interval", Kinds.duration("1s", "1h"), "10s")
            .reload()
            .doc(
                    "Time between PINGs: a dead connection is noticed this and some seconds later. Longer saves bytes on a metered"
                            + " link; it has to be shorter than what a NAT on the way remembers.");

    static final Table TABLE = Table.of(
                    "One leaf connection to an upstream NATS cluster. Without any upstream leafd serves its local clients"
                            + " alone.",
                    URLS,
                    ACCOUNT,
                    NKEY_SEED_FILE,
                    CREDENTIALS_FILE,
                    USER,
                    PASSWORD_FILE,
                    TOKEN_FILE,
                    EXPORT,
                    IMPORT,
                    RATE,
                    BUDGET,
                    DISCOVER,
                    RETRY_MAX,
                    PING_INTERVAL)
            .with("tls", Table.Shape.OPTIONAL, RemoteTlsConfig.TABLE)
            .with("forward", Table.Shape.LIST, ForwardConfig.TABLE)
            .with("mirror", Table.Shape.LIST, MirrorConfig.TABLE)
            .refusing(Map.of(
                    "url", "the addresses are an array: urls = [\"tls://hub.example.net:7422\"]",
                    "password", secret("password", "password_file"),
                    "token", secret("token", "token_file"),
                    "seed", secret("seed", "nkey_seed_file"),
                    "nkey_seed", secret("seed", "nkey_seed_file"),
                    "nkey", "leafd signs with a seed; put it into a file of mode 0600 and name that as nkey_seed_file",
                    "credentials", "name the .creds file as credentials_file",
                    "exports", "the subjects that go up are called export",
                    "imports", "the subjects that come down are called import"));

    private static String secret(String what, String key) {
        return "a " + what + " does not belong in this file; put it into a file of mode 0600 and name that as " + key;
    }

    static UpstreamConfig of(Section upstream, String onlyAccount) {
        String account = upstream.find(ACCOUNT);
        return new UpstreamConfig(
                upstream.name(),
                account == null ? onlyAccount : account,
                new Dial(
                        upstream.get(URLS),
                        upstream.get(DISCOVER),
                        upstream.get(RETRY_MAX),
                        upstream.get(PING_INTERVAL),
                        login(upstream),
                        RemoteTlsConfig.of(upstream.find("tls"))),
                new Subjects(upstream.find(EXPORT), upstream.find(IMPORT)),
                new Shaping(upstream.find(RATE), upstream.find(BUDGET)),
                upstream.all("forward").stream().map(ForwardConfig::of).toList(),
                upstream.all("mirror").stream().map(MirrorConfig::of).toList());
    }

    private static Login login(Section upstream) {
        if (upstream.isSet(NKEY_SEED_FILE)) {
            return new Login.NkeySeed(upstream.get(NKEY_SEED_FILE));
        }
        if (upstream.isSet(CREDENTIALS_FILE)) {
            return new Login.Credentials(upstream.get(CREDENTIALS_FILE));
        }
        if (upstream.isSet(USER)) {
            return new Login.Password(upstream.get(USER), upstream.get(PASSWORD_FILE));
        }
        return upstream.isSet(TOKEN_FILE) ? new Login.Token(upstream.get(TOKEN_FILE)) : new Login.None();
    }
}
