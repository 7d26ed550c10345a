package io.leafd.test.setup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a scenario needs of a server, in words of neither server. Equal setups can share a process.
 *
 * @param name names the directory of the process
 * @param options keys and values of the server as a whole, see {@link #option}
 * @param domain JetStream domain; null for a server without JetStream
 * @param accounts none for a server that takes everybody
 * @param noAuthUser user that clients without credentials become; null for none
 * @param tls null for plain connections
 */
public record ServerSetup(
        String name,
        Map<String, String> options,
        @Nullable String domain,
        List<AccountSetup> accounts,
        @Nullable String noAuthUser,
        @Nullable TlsSetup tls) {

    /** Takes everybody and stores nothing. */
    public static ServerSetup open(String name) {
        return new ServerSetup(name, Map.of(), null, List.of(), null, null);
    }

    /**
     * The same with one option of the server. The names are nats-server's, values are numbers, sizes in bytes or Go durations:
     * {@code max_payload}, {@code max_control_line}, {@code max_connections}, {@code max_subscriptions}, {@code max_pending},
     * {@code write_deadline}, {@code ping_interval}, {@code ping_max}, {@code auth_timeout}, {@code lame_duck_duration},
     * {@code lame_duck_grace_period}.
     */
    public ServerSetup option(String key, Object value) {
        Map<String, String> more = new LinkedHashMap<>(options);
        more.put(key, Objects.toString(value));
        return new ServerSetup(name, more, domain, accounts, noAuthUser, tls);
    }

    /** The same with JetStream under this domain. */
    public ServerSetup jetstream(String newDomain) {
        return new ServerSetup(name, options, newDomain, accounts, noAuthUser, tls);
    }

    /** The same with one more account. */
    public ServerSetup with(AccountSetup account) {
        List<AccountSetup> more = new ArrayList<>(accounts);
        more.add(account);
        return new ServerSetup(name, options, domain, List.copyOf(more), noAuthUser, tls);
    }

    /** The same, taking clients without credentials as this user. */
    public ServerSetup noAuthUser(String user) {
        return new ServerSetup(name, options, domain, accounts, user, tls);
    }

    /** The same over TLS. */
    public ServerSetup tls(TlsSetup newTls) {
        return new ServerSetup(name, options, domain, accounts, noAuthUser, newTls);
    }
}
