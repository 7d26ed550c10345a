package io.leafd.app.run;

import io.leafd.app.config.AccountConfig;
import io.leafd.app.config.HttpConfig;
import io.leafd.app.config.LeafdConfig;
import io.leafd.app.config.LeafnodesConfig;
import io.leafd.app.config.ListenAddress;
import io.leafd.app.config.ServerConfig;
import io.leafd.app.config.TlsConfig;
import io.leafd.app.config.UpstreamConfig;
import io.leafd.app.operate.Running;
import io.leafd.broker.Broker;
import io.leafd.broker.account.Account;
import io.leafd.broker.net.ClientLimits;
import io.leafd.broker.net.EventLoops;
import io.leafd.broker.net.ServerContext;
import io.leafd.broker.net.ServerIdentity;
import io.leafd.http.HttpListener;
import io.leafd.jetstream.JetStream;
import io.leafd.link.LeafServer;
import io.leafd.link.Links;
import io.leafd.link.UpstreamLink;
import io.leafd.link.budget.Ledger;
import io.leafd.link.forward.Forwards;
import io.leafd.link.net.LeafListener;
import io.leafd.link.net.SocketDialler;
import io.leafd.security.nkey.RandomNames;
import io.leafd.store.Store;
import io.leafd.store.StoreConfig;
import io.leafd.systemd.Watchdog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Builds a leafd from its configuration, top to bottom: every part is made here, given what it needs, and closed in the
 * reverse order. Owned by the main thread.
 */
public final class Wiring implements AutoCloseable {
    private static final int EVENT_LOOPS_MAX = 2;
    private static final long NO_DISK_BUDGET = 1L << 50;

    private volatile LeafdConfig config;
    private final Deque<Runnable> closers = new ArrayDeque<>();
    private final Broker broker;
    private final @Nullable Store store;
    private final @Nullable JetStream jetStream;
    private final Links links;
    private final LeafServer leafServer;
    private final List<ListenerTls> certificates = new CopyOnWriteArrayList<>();
    private final List<Forwards> forwards = new ArrayList<>();
    private @Nullable Monitored monitored;

    /**
     * Makes the parts and opens the store; nothing listens and nothing is dialled yet.
     *
     * @throws io.leafd.store.loop.StoreException if the store can't be opened; the message says why
     * @throws io.leafd.security.SecurityConfigException if a key or certificate can't be used
     * @throws IllegalArgumentException if a declared stream is refused
     */
    public Wiring(LeafdConfig config, String leafdVersion) {
        this.config = config;
        try {
            broker = broker(config, leafdVersion);
            closers.push(broker::close);
            leafServer = new LeafServer(broker.server());
            store = store();
            links = links(store == null ? Ledger.NONE : Ledger.in(store));
            jetStream = store == null ? null : jetStream(store);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Opens the listeners, then dials: the last steps of a start.
     *
     * @return where NATS clients connect
     * @throws IOException if an address can't be had
     */
    public Listening start() throws IOException {
        LeafListener leafs = leafListener();
        var shown = new Monitored(jetStream, store, config.server().dataDir(), links, forwards, leafs);
        monitored = shown;
        InetSocketAddress http = http(shown);
        ListenAddress listen = config.server().listen();
        ListenerTls tls = tls(config.server().tls(), Users.byCertificate(config));
        InetSocketAddress clients =
                ListenerStart.open("server", listen, () -> broker.listen(listen.host(), listen.port(), tls));
        links.all().forEach(UpstreamLink::start);
        return new Listening(clients, http, leafs == null ? null : leafs.address());
    }

    /**
     * Where leafd listens.
     *
     * @param clients for NATS clients
     * @param http for monitoring, null if it is off
     * @param leafs for leaf nodes, null if they are not served
     */
    public record Listening(
            InetSocketAddress clients,
            @Nullable InetSocketAddress http,
            @Nullable InetSocketAddress leafs) {}

    private @Nullable ListenerTls tls(@Nullable TlsConfig tls, boolean certificateIsUser) {
        ListenerTls made = ListenerTls.of(tls, certificateIsUser);
        if (made != null) {
            certificates.add(made);
        }
        return made;
    }

    /** What the owner of this leafd can ask. Call after {@link #start}. */
    Running running(Listening listening) {
        if (monitored == null) {
            throw new IllegalStateException("not started");
        }
        return new Running(
                () -> config,
                Operations.listeners(listening),
                broker.server(),
                monitored,
                new Running.Uplinks(links, forwards),
                jetStream,
                store);
    }

    /** The loops that must stay alive. */
    List<Watchdog.Loop> loops() {
        var loops = new ArrayList<Watchdog.Loop>();
        for (int i = 0; i < broker.loops().count(); i++) {
            loops.add(new Watchdog.Loop("loop-" + i, broker.loops().turn(i).loop()));
        }
        Store opened = store;
        if (opened != null) {
            loops.add(new Watchdog.Loop("store", beat -> opened.loop().control(beat::run)));
        }
        return loops;
    }

    /**
     * Follows a configuration that differs in reloadable keys only. Any thread, one at a time.
     *
     * @throws AdminException if a declared stream is refused; nothing has changed then
     */
    void apply(LeafdConfig changed) {
        LeafdConfig before = config;
        if (store != null && jetStream != null) {
            DeclaredStreams.redeclare(changed, jetStream, store);
        }
        certificates.forEach(ListenerTls::refresh);
        broker.server().users(Users.of(changed));
        broker.server().limits(limits(changed.server()));
        Users.disconnectChanged(before, changed, broker.server());
        broker.imports().follow(Imports.of(changed, broker.accounts()));
        applyUpstreams(before, changed);
        config = changed;
    }

    private void applyUpstreams(LeafdConfig before, LeafdConfig after) {
        for (UpstreamConfig upstream : before.upstreams()) {
            if (after.upstreams().stream().noneMatch(kept -> kept.name().equals(upstream.name()))) {
                links.remove(upstream.name());
            }
        }
        for (UpstreamConfig upstream : after.upstreams()) {
            if (!before.upstreams().contains(upstream)) {
                follow(before, upstream);
            }
        }
    }

    /** An upstream is new or has changed. One whose shape alone has changed keeps its connection. */
    private void follow(LeafdConfig before, UpstreamConfig upstream) {
        UpstreamLink standing = links.find(upstream.name());
        boolean sameButShape = before.upstreams().stream()
                .anyMatch(was -> was.withShaping(upstream.shaping()).equals(upstream));
        if (standing != null && sameButShape) {
            standing.shape(Upstreams.shape(upstream));
            return;
        }
        links.add(Upstreams.plan(upstream, broker.accounts().get(upstream.account())))
                .start();
    }

    /** Tells clients that the end is near, and lets them go one by one. Blocks. */
    public void lameDuck() throws InterruptedException {
        broker.becomeLameDuck();
        boolean anybody = !broker.server().clients().isEmpty();
        if (anybody) {
            TimeUnit.MILLISECONDS.sleep(
                    config.server().times().lameDuckGracePeriod().toMillis());
            broker.closeClients(config.server().times().lameDuckDuration());
        }
    }

    public Broker broker() {
        return broker;
    }

    private @Nullable Store store() {
        if (config.accounts().stream().noneMatch(AccountConfig::jetstream)) {
            return null;
        }
        Store opened = Store.open(storeConfig(config), System::nanoTime);
        closers.push(opened::close);
        return opened;
    }

    private Links links(Ledger ledger) {
        ScheduledExecutorService control = Executors.newSingleThreadScheduledExecutor(
                work -> Thread.ofPlatform().name("control").daemon().unstarted(work));
        closers.push(control::shutdownNow);
        var all = new Links(leafServer, new SocketDialler(broker.loops()), control, ledger);
        closers.push(all::close);
        for (UpstreamConfig upstream : config.upstreams()) {
            all.add(Upstreams.plan(upstream, broker.accounts().get(upstream.account())));
        }
        return all;
    }

    @Override
    public void close() {
        while (!closers.isEmpty()) {
            closers.pop().run();
        }
    }

    private JetStream jetStream(Store opened) {
        var parts = new JetStreamParts();
        var made = new JetStream(broker, opened, Clock.systemUTC(), RandomGenerator.getDefault(), parts);
        made.open();
        for (AccountConfig account : config.accounts()) {
            if (!account.jetstream()) {
                made.refuse(broker.accounts().get(account.name()));
            }
        }
        DeclaredStreams.declare(config, made);
        forwards.addAll(UpstreamForwards.open(config, links, made, broker, opened));
        opened.start();
        return made;
    }

    private @Nullable LeafListener leafListener() throws IOException {
        LeafnodesConfig leafnodes = config.leafnodes();
        if (leafnodes == null) {
            return null;
        }
        ListenAddress listen = leafnodes.listen();
        ListenerTls tls = tls(leafnodes.tls(), Users.byCertificate(config));
        LeafListener listener = ListenerStart.open(
                "leafnodes",
                listen,
                () -> LeafListener.open(leafServer, listen.host(), listen.port(), tls, leafnodes.connectionsMax()));
        closers.push(listener::close);
        return listener;
    }

    private @Nullable InetSocketAddress http(Monitored monitored) throws IOException {
        HttpConfig http = config.http();
        ListenAddress listen = http.listen();
        if (listen == null) {
            return null;
        }
        ListenerTls tls = tls(http.tls(), false);
        HttpListener listener = ListenerStart.open(
                "http", listen, () -> HttpListener.open(broker.server(), monitored, listen.host(), listen.port(), tls));
        closers.push(listener::close);
        return listener.address();
    }

    private static StoreConfig storeConfig(LeafdConfig config) {
        Duration interval = config.store().syncInterval();
        Long diskMax = config.store().diskMaxBytes();
        return new StoreConfig(
                config.server().dataDir(),
                interval.isZero() ? null : interval,
                diskMax == null ? NO_DISK_BUDGET : diskMax,
                config.store().freeMinBytes(),
                config.store().memoryBytes(),
                EncryptionKeys.read(config.store().encryptionKeyFile()));
    }

    private static Broker broker(LeafdConfig config, String leafdVersion) {
        ServerConfig server = config.server();
        boolean streams = config.accounts().stream().anyMatch(AccountConfig::jetstream);
        var identity = new ServerIdentity(
                new RandomNames(new SecureRandom()).serverId(),
                server.name(),
                ServerIdentity.NATS_VERSION,
                leafdVersion,
                streams ? config.jetstream().domain() : null);
        var loops =
                new EventLoops(Math.min(EVENT_LOOPS_MAX, Runtime.getRuntime().availableProcessors()));
        var context = new ServerContext(identity, loops, Users.of(config), limits(server), System.currentTimeMillis());
        for (AccountConfig account : config.accounts()) {
            context.accounts().add(new Account(account.name(), account.jetstream()));
        }
        var made = new Broker(context);
        made.imports().follow(Imports.of(config, context.accounts()));
        return made;
    }

    private static ClientLimits limits(ServerConfig server) {
        return new ClientLimits(
                Math.toIntExact(server.limits().payloadMaxBytes()),
                server.limits().controlLineMaxBytes(),
                server.limits().pendingMaxBytes(),
                server.limits().connectionsMax(),
                server.limits().subscriptionsMax(),
                server.times().pingInterval(),
                server.times().pingMax(),
                server.times().authTimeout(),
                server.times().writeDeadline());
    }
}
