package io.leafd.app.config;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Position;
import io.leafd.app.config.schema.Problems;
import io.leafd.app.config.schema.Quantities;
import io.leafd.app.config.schema.Quantities.Budget;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.TomlText;
import io.leafd.link.budget.BudgetPlan;
import io.leafd.link.budget.Period;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules within an upstream and between upstreams. */
final class UpstreamRules {
    private final Section root;
    private final List<String> accounts;
    private final Problems problems;

    UpstreamRules(Section root, List<String> accounts, Problems problems) {
        this.root = root;
        this.accounts = accounts;
        this.problems = problems;
    }

    void check() {
        for (Section upstream : root.all("upstream")) {
            if (!NatsKinds.isToken(upstream.name())) {
                problems.add(
                        upstream.position(),
                        TomlText.quote(upstream.name())
                                + " is no name of an upstream: letters, digits, - and _ (at most 64)");
            }
            account(upstream);
            login(upstream);
            tls(upstream.find("tls"));
            forwards(upstream);
            domain(upstream);
            budget(upstream);
        }
    }

    private void budget(Section upstream) {
        Budget budget = upstream.find(UpstreamConfig.BUDGET);
        Duration pingInterval = upstream.find(UpstreamConfig.PING_INTERVAL);
        Long payloadMaxBytes = root.get("server").find(ServerConfig.MAX_PAYLOAD);
        if (budget == null) {
            return;
        }
        Position position = upstream.positionOf(UpstreamConfig.BUDGET);
        if (!root.all("accounts").isEmpty()
                && root.all("accounts").stream()
                        .allMatch(account -> Boolean.FALSE.equals(account.find(AccountConfig.JETSTREAM)))) {
            problems.add(
                    position,
                    "budget in " + upstream.title()
                            + " needs an account with jetstream = true: what was spent is kept in the"
                            + " store, which leafd has only then");
        }
        if (pingInterval == null || payloadMaxBytes == null) {
            return;
        }
        long least = BudgetPlan.leastBytes(budget.per(), pingInterval, payloadMaxBytes);
        if (budget.bytes() < least) {
            long keepAlive = BudgetPlan.keepAliveBytes(budget.per(), pingInterval);
            problems.add(
                    position,
                    "budget in " + upstream.title() + ": " + TomlText.quote(Quantities.showBudget(budget))
                            + " is too little; the least is " + TomlText.quote(inKilobytes(least, budget.per()))
                            + ", as the PINGs of a " + Kinds.word(budget.per()) + " may take "
                            + inKilobytes(keepAlive, budget.per()) + " (ping_interval = "
                            + TomlText.quote(Quantities.showDuration(pingInterval))
                            + ") and the largest message has to fit beside them (server.max_payload = "
                            + TomlText.quote(Quantities.showSize(payloadMaxBytes))
                            + "); give more, or make ping_interval longer or max_payload smaller");
        }
    }

    /** Rounded up, for people. */
    private static String inKilobytes(long bytes, Period per) {
        return Quantities.showBudget(new Budget((bytes + 999) / 1000 * 1000, per));
    }

    private void account(Section upstream) {
        String said = upstream.find(UpstreamConfig.ACCOUNT);
        if (said == null) {
            if (!upstream.isSet(UpstreamConfig.ACCOUNT) && accounts.size() > 1) {
                problems.add(
                        upstream.position(),
                        "account is missing in " + upstream.title() + ": there are several accounts; say which one");
            }
            return;
        }
        String wrong = Rules.unknownAccount(said, accounts);
        if (wrong != null) {
            problems.add(upstream.positionOf(UpstreamConfig.ACCOUNT), "account in " + upstream.title() + ": " + wrong);
        }
    }

    private void login(Section upstream) {
        boolean user = upstream.isSet(UpstreamConfig.USER);
        boolean password = upstream.isSet(UpstreamConfig.PASSWORD_FILE);
        if (user != password) {
            problems.add(
                    upstream.positionOf(user ? UpstreamConfig.USER : UpstreamConfig.PASSWORD_FILE),
                    "user and password_file in " + upstream.title() + " belong together; "
                            + (user ? "password_file" : "user") + " is missing");
        }
        List<Key<?>> ways = new ArrayList<>(List.of(
                UpstreamConfig.NKEY_SEED_FILE,
                UpstreamConfig.CREDENTIALS_FILE,
                UpstreamConfig.USER,
                UpstreamConfig.TOKEN_FILE));
        ways.removeIf(key -> !upstream.isSet(key));
        if (ways.size() > 1) {
            problems.add(
                    upstream.positionOf(ways.get(1)),
                    ways.get(0).name() + " and " + ways.get(1).name() + " in " + upstream.title()
                            + " are two ways to log in; keep one");
        }
    }

    private void tls(@Nullable Section tls) {
        if (tls == null) {
            return;
        }
        boolean cert = tls.isSet(RemoteTlsConfig.CERT_FILE);
        if (cert != tls.isSet(RemoteTlsConfig.KEY_FILE)) {
            problems.add(
                    tls.positionOf(cert ? RemoteTlsConfig.CERT_FILE : RemoteTlsConfig.KEY_FILE),
                    "cert_file and key_file in " + tls.title() + " belong together; "
                            + (cert ? "key_file" : "cert_file") + " is missing");
        }
    }

    private void forwards(Section upstream) {
        Map<String, Position> names = new HashMap<>();
        for (Section forward : upstream.all("forward")) {
            String name = forward.find(ForwardConfig.NAME);
            Position earlier = name == null ? null : names.putIfAbsent(name, forward.positionOf(ForwardConfig.NAME));
            if (earlier != null) {
                problems.add(
                        forward.positionOf(ForwardConfig.NAME),
                        "there is another forward " + TomlText.quote(String.valueOf(name)) + " at " + earlier);
            }
            source(forward);
        }
    }

    private void source(Section forward) {
        boolean subjects = forward.isSet(ForwardConfig.SUBJECTS);
        boolean stream = forward.isSet(ForwardConfig.STREAM);
        if (subjects && stream) {
            problems.add(
                    forward.positionOf(ForwardConfig.STREAM),
                    "a forward has either subjects or stream; keep one of them in " + forward.title());
        } else if (!subjects && !stream) {
            problems.add(
                    forward.position(),
                    "nothing to forward in " + forward.title() + "; add subjects = [\"plant.telemetry.>\"] or stream ="
                            + " \"EVENTS\"");
        }
        for (Key<?> key : List.of(ForwardConfig.MAX_BYTES, ForwardConfig.MAX_AGE, ForwardConfig.WHEN_FULL)) {
            if (stream && forward.isSet(key)) {
                problems.add(
                        forward.positionOf(key),
                        key.name() + " in " + forward.title() + ": the limits of a stream are its own; set them there");
            }
        }
        if (forward.isSet(ForwardConfig.DOMAIN) && !forward.isSet(ForwardConfig.INTO)) {
            problems.add(
                    forward.positionOf(ForwardConfig.DOMAIN),
                    "domain in " + forward.title() + " needs into: plain subjects have no domain");
        }
    }

    private void domain(Section upstream) {
        String own = root.get("jetstream").find(JetStreamConfig.DOMAIN);
        for (Section mirror : upstream.all("mirror")) {
            String domain = mirror.find(MirrorConfig.DOMAIN);
            if (domain != null && domain.equals(own)) {
                problems.add(
                        mirror.positionOf(MirrorConfig.DOMAIN),
                        "domain in " + mirror.title() + " is leafd's own (jetstream.domain); a mirror copies from the"
                                + " upstream's domain");
            }
        }
    }
}
