package io.leafd.broker.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
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
     * @throws IOException if the address can't be had; the message says which and why
     */
    public static ClientListener open(ServerContext server, String host, int port, ClientPort.@Nullable Tls tls)
            throws IOException {
        var bound = new CompletableFuture<ClientPort>();
        ChannelFuture binding = new ServerBootstrap()
                .group(server.loops().group())
                .channel(server.loops().serverClass())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        Turn turn = server.loops().turnOf(accepted.eventLoop());
                        accepted.pipeline().addLast(new ClientConnection(server, bound.join(), turn, accepted));
                    }
                })
                .bind(new InetSocketAddress(host, port))
                .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            Throwable cause = binding.cause();
            throw new IOException("can't listen on " + host + ":" + port + ": " + cause.getMessage(), cause);
        }
        Channel channel = binding.channel();
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
