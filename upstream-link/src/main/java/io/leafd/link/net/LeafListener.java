package io.leafd.link.net;

import io.leafd.broker.net.ClientPort;
import io.leafd.broker.net.ServerContext;
import io.leafd.link.InboundLeafs;
import io.leafd.link.LeafPort;
import io.leafd.link.LeafServer;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A listening socket for leaf nodes. Any thread. */
public final class LeafListener implements AutoCloseable {
    private static final int BACKLOG = 256;

    private final Channel channel;
    private final InboundLeafs leafs;

    private LeafListener(Channel channel, InboundLeafs leafs) {
        this.channel = channel;
        this.leafs = leafs;
    }

    /**
     * Binds and begins to accept.
     *
     * @param port 0 for any free one
     * @param connectionsMax leaf connections at one time
     * @throws IOException if the address can't be had; the message says which and why
     */
    public static LeafListener open(
            LeafServer server, String host, int port, ClientPort.@Nullable Tls tls, int connectionsMax)
            throws IOException {
        var leafs = new InboundLeafs();
        var bound = new CompletableFuture<LeafPort>();
        ServerContext context = server.context();
        Channel channel = context.loops()
                .listen(
                        host,
                        port,
                        BACKLOG,
                        accepted -> new LeafConnection(
                                        context.loops().turnOf(accepted.eventLoop()),
                                        accepted,
                                        context.loops().count(),
                                        LeafConnection.Carrier.TCP,
                                        null,
                                        wire -> leafs.accept(server, wire, bound.join()))
                                .install());
        int actual = ((InetSocketAddress) channel.localAddress()).getPort();
        bound.complete(new LeafPort(new ClientPort(host, actual, tls), connectionsMax));
        return new LeafListener(channel, leafs);
    }

    /** The bound address. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** The leaf nodes that are connected. */
    public InboundLeafs leafs() {
        return leafs;
    }

    /** Stops accepting and closes the connections. */
    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        leafs.close();
    }
}
