package io.leafd.link.net;

import io.leafd.broker.net.EventLoops;
import io.leafd.broker.net.Turn;
import io.leafd.link.Dialler;
import io.leafd.link.LeafSession;
import io.leafd.link.LeafWire;
import io.leafd.link.LinkFailure;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Opens TCP connections to upstreams. Any thread.
 *
 * <p>If a name has several addresses, one is picked at random at each attempt, so that none is tried twice for nothing and
 * a crowd of boxes spreads. The kernel gives a connection up whose bytes are not acknowledged for
 * {@value #UNACKNOWLEDGED_MAX_MS} ms, and asks a silent peer's kernel after {@value #KEEPALIVE_IDLE_S} s.
 */
public final class SocketDialler implements Dialler {
    private static final int UNACKNOWLEDGED_MAX_MS = 20_000;
    private static final int KEEPALIVE_IDLE_S = 30;
    private static final int KEEPALIVE_INTERVAL_S = 5;
    private static final int KEEPALIVE_COUNT = 3;
    private static final long UNSENT_MAX_BYTES = 64L * 1024;

    private final EventLoops loops;

    /** A dialler whose connections live on these loops. */
    public SocketDialler(EventLoops loops) {
        this.loops = loops;
    }

    @Override
    public void dial(Target target, Function<LeafWire, LeafSession> session, Failed failed) {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(target.url().host());
        } catch (UnknownHostException e) {
            failed.failed(LinkFailure.network("the name " + target.url().host() + " can't be resolved"));
            return;
        }
        InetAddress address = addresses[ThreadLocalRandom.current().nextInt(addresses.length)];
        Turn turn = loops.nextTurn();
        var opened = new AtomicBoolean();
        ChannelFuture connecting = bootstrap(target, turn, wire -> {
                    opened.set(true);
                    return session.apply(wire);
                })
                .connect(new InetSocketAddress(address, target.url().port()));
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                failed.failed(explain(done.cause(), target));
            } else if (target.url().scheme().webSocket()) {
                connecting.channel().closeFuture().addListener(closed -> {
                    if (!opened.get()) {
                        failed.failed(LinkFailure.network("the WebSocket handshake with " + target.url() + " failed"));
                    }
                });
            }
        });
    }

    private Bootstrap bootstrap(Target target, Turn turn, Function<LeafWire, LeafSession> session) {
        var bootstrap = new Bootstrap()
                .group(turn.loop())
                .channel(loops.socketClass())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        TimeUnit.NANOSECONDS.toMillis(target.times().dialNs()))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        LeafConnection.Carrier carrier = WebSocketCarrier.install(channel, target);
                        new LeafConnection(turn, channel, loops.count(), carrier, target.meter(), session).install();
                    }
                });
        if (EpollSocketChannel.class.isAssignableFrom(loops.socketClass())) {
            bootstrap
                    .option(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MAX_MS)
                    .option(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_IDLE_S)
                    .option(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S)
                    .option(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_COUNT)
                    .option(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_MAX_BYTES);
        }
        return bootstrap;
    }

    private static LinkFailure explain(Throwable cause, Target target) {
        if (cause instanceof ConnectTimeoutException) {
            return LinkFailure.timeout("no answer from " + target.url() + " within "
                    + TimeUnit.NANOSECONDS.toMillis(target.times().dialNs()) + " ms");
        }
        return LinkFailure.network(target.url() + ": " + words(cause));
    }

    /** {@code finishConnect(..) failed with error(-111): Connection refused: /192.0.2.1:7422} is {@code Connection refused}. */
    static String words(Throwable cause) {
        String text = cause.getMessage();
        return text == null
                ? cause.getClass().getSimpleName()
                : text.replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "")
                        .replaceFirst(": \\S*/\\S+:\\d+$", "");
    }
}
