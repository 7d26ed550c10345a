package io.leafd.broker.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The event loops, each with its {@link Turn}. Any thread.
 *
 * <p>Epoll where the native library loads, NIO elsewhere: same behaviour, a little more latency.
 */
public final class EventLoops implements AutoCloseable {
    private static final Duration STALLED_MAX = Duration.ofSeconds(5);

    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup group;
    private final Turn[] turns;
    private final AtomicInteger next = new AtomicInteger();
    private final SendMemory memory;
    private final ReceiveMemory received;

    /**
     * Starts {@code count} loops. What waits for all readers together may take half of the direct memory, and what all writers
     * have not finished a fourth of the heap.
     */
    public EventLoops(int count) {
        this(
                count,
                new SendMemory(PlatformDependent.maxDirectMemory() / 2),
                new ReceiveMemory(Runtime.getRuntime().maxMemory() / 4, STALLED_MAX));
    }

    EventLoops(int count, SendMemory memory, ReceiveMemory received) {
        this.memory = memory;
        this.received = received;
        IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        // counts where the runtime's flags say so: everybody waits for loops, and they seldom work for long
        var threads = new DefaultThreadFactory("loop", Thread.MAX_PRIORITY);
        group = new MultiThreadIoEventLoopGroup(count, threads, factory);
        turns = new Turn[count];
        for (int i = 0; i < count; i++) {
            turns[i] = new Turn(this, i, group.next());
        }
    }

    /**
     * Loads what loops run on, before it is needed: native code, and what Netty reads from the annotations of the first handler it
     * meets. Any thread.
     */
    public static void load() {
        Epoll.isAvailable();
        new LocalChannel().pipeline().addLast(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel never) {}
        });
    }

    /** Number of loops. */
    public int count() {
        return turns.length;
    }

    /** The turn of loop {@code index}. */
    public Turn turn(int index) {
        return turns[index];
    }

    /** The turn of the next loop, one after the other. */
    public Turn nextTurn() {
        return turns[Math.floorMod(next.getAndIncrement(), turns.length)];
    }

    SendMemory memory() {
        return memory;
    }

    ReceiveMemory received() {
        return received;
    }

    /** All loops let go of what they know of subscriptions that have ended. */
    void forgetStale() {
        for (Turn turn : turns) {
            turn.loop().execute(turn::forgetStale);
        }
    }

    /** The turn of this loop. */
    public Turn turnOf(EventLoop loop) {
        for (Turn turn : turns) {
            if (turn.loop() == loop) {
                return turn;
            }
        }
        throw new IllegalStateException("not one of our event loops: " + loop);
    }

    /** The loops as Netty wants them for a bootstrap. */
    public EventLoopGroup group() {
        return group;
    }

    /** Class of outgoing sockets that fits the loops. */
    public Class<? extends SocketChannel> socketClass() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /**
     * Binds and begins to accept.
     *
     * @param port 0 for any free one
     * @param backlog connections that wait to be accepted
     * @param prepare is given each accepted connection, on its loop
     * @return the listening socket
     * @throws IOException if the address can't be had; the message says which and why
     */
    public Channel listen(String host, int port, int backlog, Consumer<Channel> prepare) throws IOException {
        ChannelFuture binding = new ServerBootstrap()
                .group(group)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, backlog)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        prepare.accept(accepted);
                    }
                })
                .bind(new InetSocketAddress(host, port))
                .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            Throwable cause = binding.cause();
            throw new IOException("can't listen on " + host + ":" + port + ": " + cause.getMessage(), cause);
        }
        return binding.channel();
    }

    /** Stops the loops; waits up to five seconds for them. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
