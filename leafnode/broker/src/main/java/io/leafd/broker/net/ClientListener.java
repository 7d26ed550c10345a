package io.leafd.broker.net;

import io.netty.channel.Channel;
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
        Channel channel = server.loops().listen(host, port, BACKLOG, accepted -> {
            Turn turn = server.loops().turnOf(accepted.eventLoop());
            accepted.pipeline().addLast(new ClientConnection(server, bound.join(), turn, accepted));
        });
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
