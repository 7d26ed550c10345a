package io.leafd.bench.load;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Publishers that send as fast as the server takes it, and subscribers that each get all of it. One run at a time.
 *
 * <p>A publisher writes one prebuilt block of frames again and again; a subscriber counts bytes, which are messages because all
 * are of one length. A run ends when the last subscriber has got the last message and the server has answered each publisher's
 * PING, so nothing that a server only buffered counts as done.
 */
public final class Flood implements AutoCloseable {
    private static final String SUBJECT = "bench.flood";
    private static final String SID = "1";
    private static final int BLOCK_BYTES = 64 * 1024;
    private static final int READ_BYTES = 256 * 1024;
    private static final Duration TAIL_MAX = Duration.ofSeconds(60);

    private final Shape shape;
    private final List<Wire> publishers = new ArrayList<>();
    private final List<Wire> subscribers = new ArrayList<>();

    /**
     * Who sends what to whom.
     *
     * @param subscribers each gets every message
     * @param payloadBytes of one message
     */
    public record Shape(int publishers, int subscribers, int payloadBytes) {
        /** As names of lines say it: {@code 1-4-128}. */
        public String text() {
            return "%d-%d-%d".formatted(publishers, subscribers, payloadBytes);
        }
    }

    /**
     * What a run was.
     *
     * @param messages published
     * @param elapsedNs from the first byte sent to the last one received
     */
    public record Result(long messages, long elapsedNs) {
        /** Messages published, and delivered to everybody, in a second. */
        public double perSecond() {
            return messages * 1e9 / elapsedNs;
        }
    }

    /** Connects the clients. */
    public Flood(int port, Shape shape) {
        this.shape = shape;
        for (int i = 0; i < shape.subscribers; i++) {
            Wire wire = Wire.open(port);
            wire.subscribe(SUBJECT, SID);
            subscribers.add(wire);
        }
        for (int i = 0; i < shape.publishers; i++) {
            publishers.add(Wire.open(port));
        }
    }

    /** Publishes for so long and waits until all is delivered. */
    public Result run(Duration duration) {
        byte[] frame = Frames.pub(SUBJECT, "", shape.payloadBytes);
        long startNs = System.nanoTime();
        long endNs = startNs + duration.toNanos();
        var total = new Total(publishers.size());
        List<Callable<Long>> works = new ArrayList<>();
        for (Wire publisher : publishers) {
            works.add(() -> publish(publisher, frame, endNs, total));
        }
        for (Wire subscriber : subscribers) {
            works.add(() -> subscribe(subscriber, total));
        }
        long lastNs = startNs;
        for (long doneNs : Crew.run(works, duration.plus(TAIL_MAX))) {
            lastNs = Math.max(lastNs, doneNs);
        }
        return new Result(total.messages(), lastNs - startNs);
    }

    private static long publish(Wire wire, byte[] frame, long endNs, Total total) {
        ByteBuffer block = Frames.repeated(frame, BLOCK_BYTES);
        long perBlock = block.capacity() / frame.length;
        long sent = 0;
        while (System.nanoTime() < endNs) {
            wire.send(block);
            sent += perBlock;
        }
        total.add(sent + 1); // before the last message: whoever reads it finds the total, and does not wait for more
        wire.send(frame);
        wire.sync();
        return System.nanoTime();
    }

    private long subscribe(Wire wire, Total total) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
        int msgBytes = Frames.msgBytes(SUBJECT, SID, shape.payloadBytes);
        long received = 0;
        // A PING of the server counts as 6 bytes of a message: too little to matter.
        while (!total.reached(received, msgBytes)) {
            received += wire.receive(buffer);
        }
        return System.nanoTime();
    }

    @Override
    public void close() {
        publishers.forEach(Wire::close);
        subscribers.forEach(Wire::close);
    }

    /** Messages that all publishers together have sent, known when the last of them ends. Any thread. */
    private static final class Total {
        private int open;
        private long sent;
        private volatile long messages = Long.MAX_VALUE;

        Total(int publishers) {
            open = publishers;
        }

        synchronized void add(long count) {
            sent += count;
            if (--open == 0) {
                messages = sent;
            }
        }

        boolean reached(long bytes, int msgBytes) {
            long wanted = messages;
            return wanted != Long.MAX_VALUE && bytes >= wanted * msgBytes;
        }

        long messages() {
            return messages;
        }
    }
}
