package io.leafd.link.net;

import io.leafd.broker.net.ClientPort;
import io.leafd.broker.net.ServerContext;
import io.leafd.link.InboundLeafs;
import io.leafd.link.LeafPort;
import io.leafd.link.LeafServer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
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
     */
    public static LeafListener open(
            LeafServer server, String host, int port, ClientPort.@Nullable Tls tls, int connectionsMax) {
        var leafs = new InboundLeafs();
        var bound = new CompletableFuture<LeafPort>();
        ServerContext context = server.context();
        Channel channel = new ServerBootstrap()
                .group(context.loops().group())
                .channel(context.loops().serverClass())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        var turn = context.loops().turnOf(accepted.eventLoop());
                        new LeafConnection(
                                        turn,
                                        accepted,
                                        context.loops().count(),
                                        LeafConnection.Carrier.TCP,
                                        wire -> leafs.accept(server, wire, bound.join()))
                                .install();
                    }
                })
                .bind(new InetSocketAddress(host, port))
                .syncUninterruptibly()
                .channel();
        int actual = ((InetSocketAddress) channel.localAddress()).getPort();
        bound.complete(new LeafPort(host, actual, tls, connectionsMax));
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
