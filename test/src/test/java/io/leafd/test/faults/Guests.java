package io.leafd.test.faults;

import io.leafd.test.peer.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Many clients that behave: they log in, subscribe, each to a subject of its own on which nothing comes, and answer each PING. One
 * thread serves all of them. Any thread may ask how many are left.
 */
final class Guests implements AutoCloseable {
    private static final int RECEIVE_BYTES = 4096;
    private static final Duration ENTRY_MAX = Duration.ofMinutes(2);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final byte[] PONG = {'P', 'O', 'N', 'G', '\r', '\n'};

    private final Selector selector;
    private final Thread thread = new Thread(this::serve, "guests");
    private final AtomicInteger welcomed = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile boolean closing;
    private volatile @Nullable Throwable failure;

    private Guests(Selector selector) {
        this.selector = selector;
        thread.setDaemon(true);
    }

    /** Brings in so many guests and waits until the server has answered each. */
    static Guests enter(int port, int count) {
        try {
            var guests = new Guests(Selector.open());
            guests.thread.start();
            for (int i = 0; i < count; i++) {
                guests.join(port, i);
            }
            Deadline.await("%d guests are welcome".formatted(count), ENTRY_MAX, () -> guests.welcomed.get() == count);
            return guests;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many lost their connection. */
    int lost() {
        Throwable cause = failure;
        if (cause != null) {
            throw new AssertionError("the guests' thread failed", cause);
        }
        return lost.get();
    }

    private void join(int port, int number) throws IOException {
        SocketChannel socket = SocketChannel.open();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        String entry = "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB guest.%d 1\r\nPING\r\n".formatted(number);
        socket.write(ByteBuffer.wrap(entry.getBytes(StandardCharsets.US_ASCII)));
        socket.configureBlocking(false);
        socket.register(selector, SelectionKey.OP_READ, new Words());
    }

    private void serve() {
        ByteBuffer in = ByteBuffer.allocate(RECEIVE_BYTES);
        try {
            while (!closing) {
                selector.select(key -> read(key, in), TICK.toMillis());
            }
        } catch (IOException | RuntimeException | Error e) {
            failure = e;
        }
    }

    private void read(SelectionKey key, ByteBuffer in) {
        var socket = (SocketChannel) key.channel();
        try {
            if (socket.read(in.clear()) < 0) {
                throw new IOException("the server closed the connection");
            }
            in.flip();
            while (in.hasRemaining()) {
                switch (((Words) key.attachment()).next(in.get())) {
                    case "PING" -> socket.write(ByteBuffer.wrap(PONG));
                    case "PONG" -> welcomed.incrementAndGet();
                    default -> {
                        // INFO, or the middle of a line
                    }
                }
            }
        } catch (IOException gone) {
            key.cancel();
            lost.incrementAndGet();
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(ENTRY_MAX);
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first four letters of each line of one connection. */
    private static final class Words {
        private static final int LETTERS = 4;
        private final StringBuilder word = new StringBuilder(LETTERS);

        /** Takes the next byte; answers the word of its line at the line's end, else nothing. */
        String next(byte letter) {
            if (letter != '\n') {
                if (word.length() < LETTERS) {
                    word.append((char) letter);
                }
                return "";
            }
            String whole = word.toString();
            word.setLength(0);
            return whole;
        }
    }
}
