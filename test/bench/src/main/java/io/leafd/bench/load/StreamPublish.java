package io.leafd.bench.load;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Publishers into a stream, each with a bounded number of messages that are not acknowledged yet: 1 is the synchronous publish, more
 * is the asynchronous one. One run at a time.
 */
public final class StreamPublish implements AutoCloseable {
    private static final Duration TAIL_MAX = Duration.ofSeconds(60);

    private final Shape shape;
    private final List<Wire> wires = new ArrayList<>();

    /**
     * Who publishes how.
     *
     * @param subjects ones that streams listen to, all of one length; published to in turn
     * @param window messages of one publisher that may wait for their acknowledgement
     */
    public record Shape(List<String> subjects, int publishers, int window, int payloadBytes) {}

    /**
     * What a run was.
     *
     * @param acknowledged messages, all without error
     * @param latencies of the first publisher's messages, of one and the same measure only when the window is 1
     */
    public record Result(long acknowledged, long elapsedNs, Latencies latencies) {
        /** Acknowledged messages in a second. */
        public double perSecond() {
            return acknowledged * 1e9 / elapsedNs;
        }
    }

    /** Connects the publishers. */
    public StreamPublish(int port, Shape shape) {
        this.shape = shape;
        for (int i = 0; i < shape.publishers; i++) {
            Wire wire = Wire.open(port);
            wire.subscribe(inbox(i), "1");
            wires.add(wire);
        }
    }

    /** Publishes for so long and waits for the last acknowledgement. */
    public Result run(Duration duration) {
        return run(Long.MAX_VALUE, duration);
    }

    /** Publishes so many messages in all and waits for the last acknowledgement. */
    public Result runCount(long messages, Duration limit) {
        return run((messages + wires.size() - 1) / wires.size(), limit);
    }

    private Result run(long eachMax, Duration duration) {
        long startNs = System.nanoTime();
        long endNs = startNs + duration.toNanos();
        List<Callable<Latencies>> works = new ArrayList<>();
        for (int i = 0; i < wires.size(); i++) {
            int publisher = i;
            works.add(() -> publish(publisher, eachMax, endNs));
        }
        List<Latencies> all = Crew.run(works, duration.plus(TAIL_MAX));
        long acknowledged = all.stream().mapToLong(Latencies::count).sum();
        return new Result(acknowledged, System.nanoTime() - startNs, all.getFirst());
    }

    private Latencies publish(int publisher, long max, long endNs) {
        Wire wire = wires.get(publisher);
        byte[] ring = ring(inbox(publisher));
        int frames = Math.max(shape.window, shape.subjects.size());
        int frameBytes = ring.length / frames;
        var latencies = new Latencies();
        long sent = 0;
        boolean open = true;
        while (open || latencies.count() < sent) {
            open = open && System.nanoTime() < endNs && sent < max;
            long waiting = sent - latencies.count();
            if (open
                    && waiting <= shape.window / 2) { // half a window at a time: as few writes as a client that batches
                int at = (int) (sent % frames);
                int more = (int) Math.min(Math.min(shape.window - waiting, max - sent), frames - at);
                wire.send(ring, at * frameBytes, more * frameBytes);
                sent += more;
            }
            if (latencies.count() < sent) {
                takeAcknowledgements(wire, latencies, System.nanoTime());
            }
        }
        return latencies;
    }

    private static void takeAcknowledgements(Wire wire, Latencies latencies, long sentNs) {
        wire.awaitMessage();
        do {
            if (wire.messages().error() || wire.messages().status()) {
                throw new IllegalStateException("not stored: " + wire.messages().body());
            }
            latencies.add(System.nanoTime() - sentNs);
        } while (wire.messages().next());
    }

    /** Frames to the subjects in turn, as many as a window needs; whoever comes to its end begins anew. */
    private byte[] ring(String inbox) {
        var all = new ByteArrayOutputStream();
        for (int i = 0; i < Math.max(shape.window, shape.subjects.size()); i++) {
            String subject = shape.subjects.get(i % shape.subjects.size());
            all.writeBytes(Frames.pub(subject, inbox, shape.payloadBytes));
        }
        return all.toByteArray();
    }

    private static String inbox(int publisher) {
        return "_INBOX.bench.ack." + publisher;
    }

    @Override
    public void close() {
        wires.forEach(Wire::close);
    }
}
