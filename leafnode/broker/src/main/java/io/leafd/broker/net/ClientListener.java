package io.leafd.broker.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A listening socket for NATS clients. Any thread. */
public final class ClientListener implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final Channel channel;

    private ClientListener(Channel channel) {
        this.channel = channel;
    }

    /**
     * Binds and begins to accept.
     *
     * @param host what INFO says and where to bind
     * @param port 0 for any free one
     * @throws java.net.BindException (wrapped as Netty does) if the address can't be had
     */
    public static ClientListener open(ServerContext server, String host, int port, ClientPort.@Nullable Tls tls) {
        var bound = new java.util.concurrent.CompletableFuture<ClientPort>();
        Channel channel = new ServerBootstrap()
                .group(server.loops().group())
                .channel(server.loops().serverClass())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        Turn turn = server.loops().turnOf((io.netty.channel.EventLoop) accepted.eventLoop());
                        accepted.pipeline().addLast(new ClientConnection(server, bound.join(), turn, accepted));
                    }
                })
                .bind(new InetSocketAddress(host, port))
                .syncUninterruptibly()
                .channel();
        int actual = ((InetSocketAddress) channel.localAddress()).getPort();
        bound.complete(new ClientPort(host, actual, tls));
        return new ClientListener(channel);
    }

    /** The bound address. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Stops accepting; accepted connections stay. */
    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }
}
