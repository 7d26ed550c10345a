package io.leafd.bench.growth;

import io.leafd.bench.load.Wire;
import java.io.ByteArrayOutputStream;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Many subscribers read by one thread, and one publisher whose messages go to one of their subscriptions after the other. Owned by
 * one thread, but for the reader that it starts.
 */
final class Crowd implements AutoCloseable {
    private static final String HELLO = "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n";
    private static final String PAYLOAD = "x".repeat(128);
    private static final int SUBJECTS_MAX = 4096;
    private static final Duration TAIL_MAX = Duration.ofSeconds(60);

    private final Selector selector;
    private final Wire publisher;
    private final long subscriptions;
    private final AtomicLong receivedBytes = new AtomicLong();
    private volatile boolean closed;

    /** Connects so many clients with so many subscriptions each, all of different subjects. */
    Crowd(int port, int clients, int subscriptionsEach) {
        subscriptions = (long) clients * subscriptionsEach;
        try {
            selector = Selector.open();
            for (int client = 0; client < clients; client++) {
                SocketChannel channel =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                subscribe(channel, (long) client * subscriptionsEach, subscriptionsEach);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        publisher = Wire.open(port);
        Thread.ofPlatform().daemon().name("crowd").start(this::read);
    }

    /** Publishes for so long; returns how many messages, all of them delivered. */
    long run(Duration duration) {
        int subjects = (int) Math.min(subscriptions, SUBJECTS_MAX);
        var frames = new ByteArrayOutputStream();
        long roundBytes = 0;
        for (int i = 0; i < subjects; i++) {
            long number = i * subscriptions / subjects;
            frames.writeBytes(bytes("PUB %s %d\r\n%s\r\n".formatted(subject(number), PAYLOAD.length(), PAYLOAD)));
            roundBytes += "MSG %s %d %d\r\n\r\n"
                            .formatted(subject(number), number, PAYLOAD.length())
                            .length()
                    + PAYLOAD.length();
        }
        ByteBuffer block = ByteBuffer.allocateDirect(frames.size()).put(frames.toByteArray());
        long wanted = receivedBytes.get();
        long sent = 0;
        long endNs = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < endNs) {
            publisher.send(block);
            sent += subjects;
            wanted += roundBytes;
        }
        publisher.sync();
        awaitBytes(wanted);
        return sent;
    }

    private void awaitBytes(long wanted) {
        long limitNs = System.nanoTime() + TAIL_MAX.toNanos();
        while (receivedBytes.get() < wanted) {
            if (System.nanoTime() > limitNs) {
                throw new IllegalStateException("%d of %d bytes received".formatted(receivedBytes.get(), wanted));
            }
            LockSupport.parkNanos(500_000);
        }
    }

    private static void subscribe(SocketChannel channel, long first, int count) throws IOException {
        var text = new StringBuilder(HELLO);
        for (long number = first; number < first + count; number++) {
            text.append("SUB ")
                    .append(subject(number))
                    .append("  ")
                    .append(number)
                    .append("\r\n");
            if (text.length() > 32 * 1024) {
                channel.socket().getOutputStream().write(bytes(text.toString()));
                text.setLength(0);
            }
        }
        channel.socket().getOutputStream().write(bytes(text + "PING\r\n"));
        var line = new StringBuilder();
        while (line.indexOf("PONG\r\n") < 0) {
            int b = channel.socket().getInputStream().read();
            if (b < 0) {
                throw new IOException("the server closed the connection: " + line);
            }
            line.append((char) b);
        }
    }

    private static String subject(long number) {
        return "crowd.%d.%d".formatted(number % 1000, number / 1000);
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
        try {
            while (!closed) {
                selector.select(key -> receive((SocketChannel) key.channel(), buffer));
            }
        } catch (IOException | UncheckedIOException ended) {
            closed = true; // whoever waits for bytes says that they did not come
        }
    }

    private void receive(SocketChannel channel, ByteBuffer buffer) {
        try {
            int got = channel.read(buffer.clear());
            if (got < 0) {
                throw new IOException("the server closed a connection");
            }
            receivedBytes.addAndGet(got);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        closed = true;
        publisher.close();
        try {
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
