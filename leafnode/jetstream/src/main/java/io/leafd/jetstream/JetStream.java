package io.leafd.jetstream;

import io.leafd.broker.Broker;
import io.leafd.broker.account.Account;
import io.leafd.jetstream.api.AccountLimits;
import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.Advisories;
import io.leafd.jetstream.api.ApiCounters;
import io.leafd.jetstream.api.ApiException;
import io.leafd.jetstream.api.Endpoints;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.StreamConfig;
import io.leafd.store.Store;
import io.leafd.store.StoreListener;
import io.leafd.store.log.StreamLog;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JetStream of one server: one {@link AccountJetStream} for each account that may have streams, all on one store.
 *
 * <p>Life: {@link #open} and {@link #declare} while the store's loop is not started yet (the caller's thread then owns it), after
 * that everything runs on the store loop. Accounts are fixed at the start.
 */
public final class JetStream implements StoreListener {
    private static final Logger log = LoggerFactory.getLogger(JetStream.class);
    private static final String CLIENT = "jetstream";

    private final Broker broker;
    private final Store store;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final AccountParts parts;
    private final IntakeGate gate;
    private final Map<String, AccountJetStream> accounts = new LinkedHashMap<>();

    public JetStream(Broker broker, Store store, InstantSource clock, RandomGenerator random, AccountParts parts) {
        this.broker = broker;
        this.store = store;
        this.clock = clock;
        this.random = random;
        this.parts = parts;
        this.gate = new IntakeGate(store.loop(), broker.loops().count());
    }

    /** Serves the streams on disk and answers the API in all accounts that may have streams. */
    public void open() {
        for (Account account : broker.accounts().all()) {
            if (account.jetStream()) {
                accounts.put(account.name(), new AccountJetStream(scope(account), gate, parts));
            }
        }
        for (StreamLog stream : store.streams().list()) {
            AccountJetStream account = accounts.get(stream.account());
            if (account == null) {
                log.warn(
                        "stream kept but not served, its account has no JetStream stream={} account={}",
                        stream.name(),
                        stream.account());
            } else {
                account.streams().load(stream);
            }
        }
        store.listen(this);
        accounts.values().forEach(AccountJetStream::open);
    }

    /** Tells requesters of an account without JetStream that it has none, instead of leaving them without an answer. */
    public void refuse(Account account) {
        for (AccountJetStream served : accounts.values()) {
            var routes = served.routes().refusing(JsError.NOT_ENABLED_FOR_ACCOUNT);
            new ApiIngress(scope(account), gate, routes, new ApiCounters()).open();
            return;
        }
    }

    /**
     * Sees to it that a stream exists and is set up like this: makes or updates it. On the store loop.
     *
     * @throws IllegalArgumentException if the account has no JetStream or the configuration is refused, with the reason
     */
    public void declare(String account, StreamConfig config) {
        AccountJetStream served = accounts.get(account);
        if (served == null) {
            throw new IllegalArgumentException(
                    "stream \"" + config.name() + "\": account \"" + account + "\" has no JetStream");
        }
        try {
            if (served.streams().find(config.name()) == null) {
                served.streams().create(config, false);
            } else {
                served.streams().update(config, false);
            }
        } catch (ApiException e) {
            throw new IllegalArgumentException("stream \"" + config.name() + "\": " + e.getMessage(), e);
        }
    }

    /** JetStream of an account, or null. Any thread; what it returns belongs to the store loop. */
    public @Nullable AccountJetStream account(String name) {
        return accounts.get(name);
    }

    /** All accounts with JetStream. Any thread; what it returns belongs to the store loop. */
    public Collection<AccountJetStream> accounts() {
        return List.copyOf(accounts.values());
    }

    /**
     * What there is at present. Any thread.
     *
     * @param details whether consumers are described one by one
     * @return completed by the store loop; while the disk hangs it is not, so wait with a limit
     */
    public CompletableFuture<JetStreamStats> stats(boolean details) {
        var result = new CompletableFuture<JetStreamStats>();
        store.loop().control(() -> result.complete(JetStreamStats.of(this, details)));
        return result;
    }

    /** Stops taking messages and requests. On the store loop, or when it has ended. */
    public void close() {
        accounts.values().forEach(AccountJetStream::close);
    }

    @Override
    public void onReopened(long generation) {
        List<StreamLog> logs = store.streams().list();
        accounts.forEach((name, account) -> account.streams()
                .reload(logs.stream().filter(one -> one.account().equals(name)).toList()));
    }

    private AccountScope scope(Account account) {
        var port = new BrokerPort(broker, account, CLIENT, store.loop());
        String domain = broker.identity().domain();
        return new AccountScope(
                account.name(),
                domain,
                broker.identity().serverName(),
                broker.identity().version(),
                store,
                clock,
                random,
                port,
                new Advisories(port, clock, random, domain),
                new Endpoints(),
                AccountLimits.NONE);
    }
}
