package io.leafd.broker;

import io.leafd.broker.account.Account;
import io.leafd.broker.account.Accounts;
import io.leafd.broker.imports.AccountImports;
import io.leafd.broker.net.ClientConnection;
import io.leafd.broker.net.ClientListener;
import io.leafd.broker.net.ClientPort;
import io.leafd.broker.net.EventLoops;
import io.leafd.broker.net.ServerContext;
import io.leafd.broker.net.ServerIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local broker: accounts, event loops and the listeners for NATS clients. Opened and closed by one thread, the rest
 * from any.
 *
 * <p>Whoever wires it adds the accounts first, then streams and links, and opens listeners last, so that the first client
 * finds everything in place.
 */
public final class Broker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

    private final ServerContext server;
    private final List<ClientListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong internalBacklogBytes = new AtomicLong();
    private final AccountImports imports;

    /** A broker without listeners. */
    public Broker(ServerContext server) {
        this.server = server;
        this.imports = new AccountImports(server.loops(), server.names());
    }

    public ServerContext server() {
        return server;
    }

    public ServerIdentity identity() {
        return server.identity();
    }

    public Accounts accounts() {
        return server.accounts();
    }

    /** What accounts take from each other: nothing until it is told. */
    public AccountImports imports() {
        return imports;
    }

    public EventLoops loops() {
        return server.loops();
    }

    /** A new internal client of an account, on the event loop whose turn it is. */
    public InternalClient internalClient(Account account, String name) {
        return new InternalClient(account, name, server.loops().nextTurn(), internalBacklogBytes);
    }

    /** A new internal client of an account, on event loop {@code loop}. */
    public InternalClient internalClient(Account account, String name, int loop) {
        return new InternalClient(account, name, server.loops().turn(loop), internalBacklogBytes);
    }

    /**
     * Begins to accept NATS clients and returns where.
     *
     * @throws IOException if the address can't be had
     */
    public InetSocketAddress listen(String host, int port, ClientPort.@Nullable Tls tls) throws IOException {
        ClientListener listener = ClientListener.open(server, host, port, tls);
        listeners.add(listener);
        LOG.info(
                "listening for NATS clients address={}:{} tls={}",
                host,
                listener.address().getPort(),
                tls != null);
        return listener.address();
    }

    /** Stops accepting and tells clients that the server is about to stop. */
    public void becomeLameDuck() {
        server.becomeLameDuck();
        listeners.forEach(ClientListener::close);
        server.clients().values().forEach(ClientConnection::announceLameDuck);
    }

    /** Closes the clients one by one over {@code duration}, then returns. Blocks: not for an event loop. */
    public void closeClients(Duration duration) throws InterruptedException {
        List<ClientConnection> left = new ArrayList<>(server.clients().values());
        long stepMs = left.isEmpty() ? 0 : Math.min(1_000, duration.toMillis() / left.size());
        for (ClientConnection client : left) {
            client.disconnect();
            TimeUnit.MILLISECONDS.sleep(stepMs);
        }
    }

    /** Closes listeners, clients and loops. */
    @Override
    public void close() {
        listeners.forEach(ClientListener::close);
        server.clients().values().forEach(ClientConnection::disconnect);
        imports.close();
        server.close();
        server.loops().close();
    }
}
