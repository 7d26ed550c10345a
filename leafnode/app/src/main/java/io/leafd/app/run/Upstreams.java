package io.leafd.app.run;

import io.leafd.app.config.RemoteTlsConfig;
import io.leafd.app.config.UpstreamConfig;
import io.leafd.app.config.schema.Quantities;
import io.leafd.broker.account.Account;
import io.leafd.link.LinkLogin;
import io.leafd.link.LinkRules;
import io.leafd.link.LinkTls;
import io.leafd.link.UpstreamPlan;
import io.leafd.link.budget.BudgetPlan;
import io.leafd.security.tls.TlsFiles;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the plans of the upstream links from the configuration. Pure. */
final class Upstreams {
    private Upstreams() {}

    /** The plan of one upstream, joined to {@code account}. */
    static UpstreamPlan plan(UpstreamConfig upstream, Account account) {
        UpstreamConfig.Dial dial = upstream.dial();
        UpstreamConfig.Subjects subjects = upstream.subjects();
        return new UpstreamPlan(
                upstream.name(),
                dial.urls(),
                dial.discover(),
                login(dial.login()),
                tls(dial.tls()),
                account,
                new LinkRules(subjects.exported(), subjects.imported(), List.of()),
                new UpstreamPlan.Timing(dial.pingInterval(), dial.retryMax(), shape(upstream)),
                UpstreamPlan.Wishes.NONE);
    }

    /** How much one upstream may be sent. */
    static UpstreamPlan.Shape shape(UpstreamConfig upstream) {
        Long rate = upstream.shaping().bytesPerSecond();
        return new UpstreamPlan.Shape(rate == null ? 0 : rate, budget(upstream));
    }

    private static @Nullable BudgetPlan budget(UpstreamConfig upstream) {
        Quantities.Budget budget = upstream.shaping().budget();
        return budget == null
                ? null
                : new BudgetPlan(budget.bytes(), budget.per(), upstream.dial().pingInterval());
    }

    private static LinkLogin login(UpstreamConfig.Login login) {
        return switch (login) {
            case UpstreamConfig.Login.None() -> new LinkLogin.None();
            case UpstreamConfig.Login.NkeySeed(Path file) -> new LinkLogin.SeedFile(file);
            case UpstreamConfig.Login.Credentials(Path file) -> new LinkLogin.CredentialsFile(file);
            case UpstreamConfig.Login.Password(String user, Path file) -> new LinkLogin.PasswordFile(user, file);
            case UpstreamConfig.Login.Token(Path file) -> new LinkLogin.TokenFile(file);
        };
    }

    private static LinkTls tls(@Nullable RemoteTlsConfig tls) {
        return tls == null
                ? LinkTls.ofSystem()
                : new LinkTls(
                        new TlsFiles(tls.certFile(), tls.keyFile(), tls.caFile()),
                        tls.serverName(),
                        tls.handshakeFirst());
    }
}
