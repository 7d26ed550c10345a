package io.leafd.app.run;

import io.leafd.app.config.AccountConfig;
import io.leafd.app.config.LeafdConfig;
import io.leafd.app.config.ListenAddress;
import io.leafd.app.config.ServerConfig;
import io.leafd.app.config.UpstreamConfig;
import io.leafd.broker.Broker;
import io.leafd.broker.account.Account;
import io.leafd.broker.net.ClientLimits;
import io.leafd.broker.net.EventLoops;
import io.leafd.broker.net.ServerContext;
import io.leafd.broker.net.ServerIdentity;
import io.leafd.link.LeafServer;
import io.leafd.link.Links;
import io.leafd.link.UpstreamLink;
import io.leafd.link.net.SocketDialler;
import io.leafd.security.nkey.RandomNames;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Builds a leafd from its configuration, top to bottom: every part is made here, given what it needs, and closed in the
 * reverse order. Owned by the main thread.
 */
public final class Wiring implements AutoCloseable {
    private static final int EVENT_LOOPS_MAX = 2;

    private final LeafdConfig config;
    private final Deque<Runnable> closers = new ArrayDeque<>();
    private final Broker broker;
    private final Links links;

    /** Makes the parts; nothing listens and nothing is dialled yet. */
    public Wiring(LeafdConfig config, String leafdVersion) {
        this.config = config;
        broker = broker(config, leafdVersion);
        closers.push(broker::close);
        ScheduledExecutorService control = Executors.newSingleThreadScheduledExecutor(
                work -> Thread.ofPlatform().name("control").daemon().unstarted(work));
        closers.push(control::shutdownNow);
        links = new Links(new LeafServer(broker.server()), new SocketDialler(broker.loops()), control);
        closers.push(links::close);
        for (UpstreamConfig upstream : config.upstreams()) {
            links.add(Upstreams.plan(upstream, broker.accounts().get(upstream.account())));
        }
    }

    /**
     * Opens the listeners, then dials: the last steps of a start.
     *
     * @return where NATS clients connect
     * @throws IOException if an address can't be had
     */
    public InetSocketAddress start() throws IOException {
        ListenAddress listen = config.server().listen();
        InetSocketAddress address = broker.listen(
                listen.host(), listen.port(), ListenerTls.of(config.server().tls(), Users.byCertificate(config)));
        links.all().forEach(UpstreamLink::start);
        return address;
    }

    public Broker broker() {
        return broker;
    }

    @Override
    public void close() {
        while (!closers.isEmpty()) {
            closers.pop().run();
        }
    }

    private static Broker broker(LeafdConfig config, String leafdVersion) {
        ServerConfig server = config.server();
        var identity = new ServerIdentity(
                new RandomNames(new SecureRandom()).serverId(),
                server.name(),
                ServerIdentity.NATS_VERSION,
                leafdVersion,
                config.jetstream().domain());
        var loops = new EventLoops(Math.min(EVENT_LOOPS_MAX, Runtime.getRuntime().availableProcessors()));
        var context =
                new ServerContext(identity, loops, Users.of(config), limits(server), System.currentTimeMillis());
        for (AccountConfig account : config.accounts()) {
            context.accounts().add(new Account(account.name(), account.jetstream()));
        }
        return new Broker(context);
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
