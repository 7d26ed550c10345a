package io.leafd.broker.net;

import io.leafd.broker.account.Accounts;
import io.leafd.security.login.UserDirectory;
import io.leafd.security.nkey.RandomNames;
import java.security.SecureRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What all connections of a server share. Any thread; the configurable parts are replaced whole by a reload.
 */
public final class ServerContext {
    private final ServerIdentity identity;
    private final EventLoops loops;
    private final Accounts accounts = new Accounts();
    private final SubscriptionMemory subscriptionMemory;
    private final LoginDesk loginDesk = new LoginDesk(System::nanoTime);
    private final RefusalLog refusals = new RefusalLog();
    private final RandomNames names = new RandomNames(new SecureRandom());
    private final AtomicLong lastId = new AtomicLong();
    private final ConcurrentHashMap<Long, ClientConnection> clients = new ConcurrentHashMap<>();
    private final LongAdder slowConsumers = new LongAdder();
    private final AtomicLong totalConnections = new AtomicLong();
    private final long startedAtMs;
    private volatile UserDirectory users;
    private volatile ClientLimits limits;
    private volatile boolean lameDuck;

    /** The context of a server that has not opened its listeners yet. */
    public ServerContext(
            ServerIdentity identity, EventLoops loops, UserDirectory users, ClientLimits limits, long startedAtMs) {
        this(identity, loops, users, limits, startedAtMs, SubscriptionMemory.maxBytesOfHeap());
    }

    /** The same with a bound of its own for what subscriptions may hold. */
    public ServerContext(
            ServerIdentity identity,
            EventLoops loops,
            UserDirectory users,
            ClientLimits limits,
            long startedAtMs,
            long subscriptionsMaxBytes) {
        this.subscriptionMemory = new SubscriptionMemory(accounts, loops, subscriptionsMaxBytes);
        this.identity = identity;
        this.loops = loops;
        this.users = users;
        this.limits = limits;
        this.startedAtMs = startedAtMs;
    }

    public ServerIdentity identity() {
        return identity;
    }

    public EventLoops loops() {
        return loops;
    }

    public Accounts accounts() {
        return accounts;
    }

    /** Bounds what subscriptions hold. */
    public SubscriptionMemory subscriptionMemory() {
        return subscriptionMemory;
    }

    /** Decides logins. */
    public LoginDesk loginDesk() {
        return loginDesk;
    }

    /** Writes down who was turned away. */
    public RefusalLog refusals() {
        return refusals;
    }

    /** Generator of nonces and ids. */
    public RandomNames names() {
        return names;
    }

    /** A connection's number, unique in this process, from 1. */
    public long nextId() {
        return lastId.incrementAndGet();
    }

    /** All clients by id. */
    public ConcurrentHashMap<Long, ClientConnection> clients() {
        return clients;
    }

    /** Connections cut off because they read too slowly. */
    public LongAdder slowConsumers() {
        return slowConsumers;
    }

    /** Clients accepted since the start. */
    public AtomicLong totalConnections() {
        return totalConnections;
    }

    /** Wall clock when the server started, ms since 1970. */
    public long startedAtMs() {
        return startedAtMs;
    }

    public UserDirectory users() {
        return users;
    }

    /** Replaces the users; connections that are logged in stay. */
    public void users(UserDirectory newUsers) {
        users = newUsers;
    }

    public ClientLimits limits() {
        return limits;
    }

    /** Replaces the limits for connections to come. */
    public void limits(ClientLimits newLimits) {
        limits = newLimits;
    }

    /** Whether the server is about to stop. */
    public boolean lameDuck() {
        return lameDuck;
    }

    /** The server is about to stop. */
    public void becomeLameDuck() {
        lameDuck = true;
    }

    /** Ends the login threads. */
    public void close() {
        loginDesk.close();
    }
}
