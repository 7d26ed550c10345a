package io.leafd.test.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The network between two servers: a TCP relay that a scenario can break. Any thread.
 *
 * <pre>
 *   dialler ──► port() ══ Direction up ═════► target port
 *           ◄──           Direction down ◄══
 * </pre>
 *
 * <p>What can go wrong with a link is here by name: {@link #refuse} (nothing listens), {@link #cut} (all connections are reset),
 * {@link Direction#hold} (a black hole: connections stay open and nothing passes, no byte is lost), {@link Direction#delay} and
 * {@link Direction#rate}. Two virtual threads serve each connection.
 */
public final class Relay implements AutoCloseable {

    /** Large, so that the relay takes little of the processors of whoever is measured behind it. */
    private static final int CHUNK_BYTES = 256 * 1024;
    /** A slow network passes small pieces, not large ones with long pauses. */
    private static final int SLOW_CHUNK_BYTES = 16 * 1024;

    private static final int CHUNKS_ON_THE_WAY = 16;

    private final int targetPort;
    private final int port;
    private final Direction up = new Direction();
    private final Direction down = new Direction();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile @Nullable ServerSocket listener;

    private Relay(int targetPort, int port) {
        this.targetPort = targetPort;
        this.port = port;
    }

    /** A relay to a port on loopback that passes everything. */
    public static Relay to(int targetPort) {
        Relay relay = new Relay(targetPort, Ports.free());
        relay.accept();
        return relay;
    }

    /** The port to dial. */
    public int port() {
        return port;
    }

    /** From the dialler to the target. */
    public Direction up() {
        return up;
    }

    /** From the target to the dialler. */
    public Direction down() {
        return down;
    }

    /** Connections taken so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Resets all connections; new ones are taken. */
    public void cut() {
        for (Socket socket : open) {
            reset(socket);
        }
    }

    /** Resets all connections and listens no more: whoever dials is refused. */
    public void refuse() {
        ServerSocket closing = listener;
        listener = null;
        if (closing != null) {
            try {
                closing.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        cut();
    }

    /** Listens, after {@link #refuse}. */
    public void accept() {
        if (listener != null) {
            return;
        }
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            listener = socket;
            Thread.ofVirtual().name("relay-" + port).start(() -> listen(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Holds both directions, see {@link Direction#hold}. */
    public void hold() {
        up.hold();
        down.hold();
    }

    /** Lets both directions pass again. */
    public void pass() {
        up.pass();
        down.pass();
    }

    /** Ends everything. */
    @Override
    public void close() {
        refuse();
        pass();
    }

    private void listen(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket near = socket.accept();
                open.add(near); // before it is counted: whoever sees the count may cut it
                accepted.incrementAndGet();
                connect(near);
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket near) {
        try {
            near.setTcpNoDelay(true);
            Socket far = new Socket(InetAddress.getLoopbackAddress(), targetPort);
            far.setTcpNoDelay(true);
            open.add(far);
            Thread.ofVirtual().name("relay-up-" + port).start(() -> pump(near, far, up));
            Thread.ofVirtual().name("relay-down-" + port).start(() -> pump(far, near, down));
        } catch (IOException targetAway) {
            open.remove(near);
            reset(near);
        }
    }

    /** Reads one way of one connection; a second thread writes, so that a delay holds up no byte behind it. */
    private void pump(Socket from, Socket to, Direction direction) {
        BlockingQueue<Chunk> onTheWay = new ArrayBlockingQueue<>(CHUNKS_ON_THE_WAY);
        Thread writer = Thread.ofVirtual().name("relay-write-" + port).start(() -> write(onTheWay, to, direction));
        try (from) {
            InputStream in = from.getInputStream();
            byte[] bytes = new byte[CHUNK_BYTES];
            int count = 0;
            while (count >= 0) {
                direction.awaitPassing();
                count = in.read(bytes, 0, direction.bytesPerSecond == 0 ? CHUNK_BYTES : SLOW_CHUNK_BYTES);
                ByteBuffer read = ByteBuffer.wrap(Arrays.copyOf(bytes, Math.max(0, count)));
                onTheWay.put(new Chunk(read, count < 0, System.nanoTime() + direction.delayNs));
            }
        } catch (IOException | InterruptedException ended) {
            writer.interrupt();
        } finally {
            open.remove(from);
        }
    }

    private void write(BlockingQueue<Chunk> onTheWay, Socket to, Direction direction) {
        try (to) {
            OutputStream out = to.getOutputStream();
            Chunk chunk = onTheWay.take();
            while (!chunk.last()) {
                direction.admit(chunk);
                out.write(chunk.bytes().array(), 0, chunk.bytes().limit());
                chunk = onTheWay.take();
            }
        } catch (IOException | InterruptedException ended) {
            // the other end is gone: so is this one, by try-with-resources
        } finally {
            open.remove(to);
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0); // close() then sends RST
            socket.close();
        } catch (IOException alreadyClosed) {
            // that is what was wanted
        }
    }

    /** One way of all connections. */
    public static final class Direction {

        private static final long POLL_NS = 1_000_000;

        private final AtomicLong passedBytes = new AtomicLong();
        private volatile boolean held;
        private volatile long delayNs;
        private volatile long bytesPerSecond;

        private Direction() {}

        /** Black hole: from now on nothing passes, also on connections that are made later, and nothing is closed. */
        public void hold() {
            held = true;
        }

        /** Ends {@link #hold}; what waited passes. */
        public void pass() {
            held = false;
        }

        /** Each chunk of bytes is late by this much. */
        public void delay(Duration delay) {
            delayNs = delay.toNanos();
        }

        /** At most this many bytes pass in a second; 0 for no limit. */
        public void rate(long limitBytesPerSecond) {
            bytesPerSecond = limitBytesPerSecond;
        }

        /** Bytes passed since the start, over all connections. */
        public long passedBytes() {
            return passedBytes.get();
        }

        private void awaitPassing() {
            while (held) {
                LockSupport.parkNanos(POLL_NS);
            }
        }

        private void admit(Chunk chunk) throws InterruptedException {
            long rateNs = bytesPerSecond == 0 ? 0 : chunk.bytes().limit() * 1_000_000_000L / bytesPerSecond;
            long untilNs = Math.max(chunk.dueNs(), System.nanoTime()) + rateNs;
            while (System.nanoTime() < untilNs) {
                Thread.sleep(Duration.ofNanos(untilNs - System.nanoTime()));
            }
            awaitPassing();
            passedBytes.addAndGet(chunk.bytes().limit());
        }
    }

    /**
     * Bytes between reading and writing.
     *
     * @param last whether the connection ended here
     * @param dueNs when they may be written at the earliest
     */
    private record Chunk(ByteBuffer bytes, boolean last, long dueNs) {}
}
