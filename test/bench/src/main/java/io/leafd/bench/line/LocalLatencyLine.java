package io.leafd.bench.line;

import io.leafd.bench.load.Frames;
import io.leafd.bench.load.Latencies;
import io.leafd.bench.load.RequestReply;
import io.leafd.bench.load.Wire;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.Relay;
import io.leafd.test.peer.ServerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * What local clients notice of the link: questions and answers between two of them. leafd with its link up, beside itself refused and in
 * a black hole; every ratio should be 1.
 *
 * @param forwarding whether a third client publishes 500 messages a second that are forwarded. With the link up the hub then works
 *     on the same machine, which makes the slowest answers slower, and the others faster, because no processor sleeps
 */
record LocalLatencyLine(boolean forwarding) implements Line {
    private static final String FORWARDED = "bench.forwarded";
    private static final int PAYLOAD_BYTES = 128;
    private static final long INTERVAL_NS = 2_000_000;
    private static final Duration LINK_UP_MAX = Duration.ofSeconds(30);

    @Override
    public String name() {
        return forwarding ? "local-latency-forwarding" : "local-latency";
    }

    @Override
    public List<Contender> contenders() {
        return List.of(Contender.LEAFD, Contender.REFUSED, Contender.BLACK_HOLE);
    }

    @Override
    public List<Goal> goals() {
        return List.of();
    }

    @Override
    public Map<Metric, Double> run(Contender contender, Bed bed) {
        try (Hub hub = Hub.start();
                Relay way = Relay.to(hub.leafPort());
                ServerProcess edge = bed.server(contender, upstream(way))) {
            hub.create("\"subjects\":[\"%s\"]".formatted(FORWARDED));
            edge.start();
            try (Wire publisher = Wire.open(edge.clientPort());
                    var exchange = new RequestReply(edge.clientPort())) {
                publisher.send(Frames.pub(FORWARDED, "", PAYLOAD_BYTES));
                Deadline.await("a message crosses the link", LINK_UP_MAX, () -> hub.messages() > 0);
                switch (contender) {
                    case REFUSED -> way.refuse();
                    case BLACK_HOLE -> way.hold();
                    default -> {}
                }
                return measure(exchange, publisher, bed);
            }
        }
    }

    private Map<Metric, Double> measure(RequestReply exchange, Wire publisher, Bed bed) {
        Thread background = Thread.ofPlatform().daemon().unstarted(() -> publish(publisher));
        if (forwarding) {
            background.start();
        }
        try {
            exchange.run(bed.warmUp());
            Latencies latencies = exchange.run(bed.measured());
            return Map.of(
                    Metric.MEDIAN, latencies.quantileNs(0.5) / 1e3,
                    Metric.P99, latencies.quantileNs(0.99) / 1e3);
        } finally {
            background.interrupt();
        }
    }

    private static void publish(Wire publisher) {
        byte[] frame = Frames.pub(FORWARDED, "", PAYLOAD_BYTES);
        long nextNs = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            publisher.send(frame);
            nextNs += INTERVAL_NS;
            LockSupport.parkNanos(nextNs - System.nanoTime());
        }
    }

    private static String upstream(Relay way) {
        return """
                [upstream.hub]
                urls = ["nats://127.0.0.1:%d"]
                [[upstream.hub.forward]]
                name = "all"
                subjects = ["%s"]
                into = "%s"
                """.formatted(way.port(), FORWARDED, BenchStream.NAME);
    }
}
