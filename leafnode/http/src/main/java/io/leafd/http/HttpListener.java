package io.leafd.http;

import io.leafd.broker.net.ClientPort;
import io.leafd.broker.net.ServerContext;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket of monitoring. Any thread.
 *
 * <p>Bounds: {@value #CONNECTIONS_MAX} connections, {@value #REQUEST_MAX_BYTES} bytes of body, and the
 * times of {@link RequestClock}.
 */
public final class HttpListener implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 64;
    private static final int REQUEST_MAX_BYTES = 8 * 1024;

    private final Channel channel;

    private HttpListener(Channel channel) {
        this.channel = channel;
    }

    /**
     * Binds and begins to serve.
     *
     * @param tls null for plain HTTP; begins with the first byte here, whatever it says
     * @throws IOException if the address can't be had; the message says which and why
     */
    public static HttpListener open(
            ServerContext server, Sources sources, String host, int port, ClientPort.@Nullable Tls tls)
            throws IOException {
        var pages = new Pages(server, sources);
        var connections = new AtomicInteger();
        return new HttpListener(server.loops().listen(host, port, CONNECTIONS_MAX, accepted -> {
            accepted.closeFuture().addListener(closed -> connections.decrementAndGet());
            if (connections.incrementAndGet() > CONNECTIONS_MAX) {
                accepted.close();
                return;
            }
            var clock = new RequestClock();
            accepted.pipeline().addLast(clock);
            if (tls != null) {
                var handler = new SslHandler(tls.newEngine());
                handler.setHandshakeTimeoutMillis(tls.handshakeMaxMs());
                accepted.pipeline().addLast(handler);
            }
            accepted.pipeline()
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpObjectAggregator(REQUEST_MAX_BYTES))
                    .addLast(new HttpExchange(pages, clock));
        }));
    }

    /** The bound address. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }
}
