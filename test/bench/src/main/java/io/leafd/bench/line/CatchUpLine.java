package io.leafd.bench.line;

import io.leafd.bench.load.Wire;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.ServerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * 500,000 messages of 128 bytes stored at the edge while the hub is away, then the hub returns. leafd forwards them, a nats-server leaf
 * has its stream mirrored by the hub. {@link Metric#TIME} counts from the hub's first byte to the last message in its stream, the
 * waits before both reconnect included; {@link Metric#RATE} is that of the transfer alone, from the first message seen there.
 */
record CatchUpLine() implements Line {
    private static final long MESSAGES = 500_000;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Override
    public String name() {
        return "catch-up";
    }

    @Override
    public List<Contender> contenders() {
        return List.of(Contender.LEAFD, Contender.DEFAULT);
    }

    @Override
    public List<Goal> goals() {
        return List.of(new Goal(Metric.RATE, Contender.DEFAULT, 1.0), new Goal(Metric.TIME, Contender.DEFAULT, 1.0));
    }

    @Override
    public Map<Metric, Double> run(Contender contender, Bed bed) {
        try (Hub hub = Hub.start();
                ServerProcess edge = bed.server(contender, remote(contender, hub.leafPort()))) {
            edge.start();
            if (!contender.leafd()) {
                BenchStream.create(edge);
            }
            hub.create(origin(contender));
            crossOne(hub, edge);
            hub.server().terminate();
            BenchStream.fill(edge, MESSAGES);
            hub.server().start();
            return awaitAll(hub);
        }
    }

    private static String remote(Contender contender, int leafPort) {
        return contender.leafd()
                ? """
                [upstream.hub]
                urls = ["nats://127.0.0.1:%d"]
                [[upstream.hub.forward]]
                name = "all"
                subjects = ["%s"]
                into = "%s"
                """.formatted(leafPort, BenchStream.SUBJECT, BenchStream.NAME)
                : "leafnodes { remotes: [ { url: \"nats-leaf://127.0.0.1:%d\" } ] }\n".formatted(leafPort);
    }

    private static String origin(Contender contender) {
        return contender.leafd()
                ? "\"subjects\":[\"%s\"]".formatted(BenchStream.SUBJECT)
                : "\"mirror\":{\"name\":\"%s\",\"external\":{\"api\":\"$JS.edge.API\"}}".formatted(BenchStream.NAME);
    }

    /** The outage begins on a way that works: one message has come through. */
    private static void crossOne(Hub hub, ServerProcess edge) {
        BenchStream.fill(edge, 1);
        Deadline.await("a message reaches the hub", LIMIT, () -> hub.messages() > 0);
    }

    private static Map<Metric, Double> awaitAll(Hub hub) {
        long startNs = System.nanoTime();
        try (Wire wire = hub.open()) {
            long firstNs = 0;
            long firstMessages = 0;
            while (true) {
                long messages = BenchStream.messages(wire, BenchStream.NAME);
                long nowNs = System.nanoTime();
                if (messages > 1 && firstNs == 0) {
                    firstNs = nowNs;
                    firstMessages = messages;
                }
                if (messages > MESSAGES) {
                    double transferNs = Math.max(1, nowNs - firstNs);
                    return Map.of(
                            Metric.TIME, (nowNs - startNs) / 1e6,
                            Metric.RATE, (messages - firstMessages) * 1e9 / transferNs);
                }
                if (nowNs - startNs > LIMIT.toNanos()) {
                    throw new IllegalStateException(
                            "the hub holds only %d messages after %s".formatted(messages, LIMIT));
                }
                Pause.millis(20);
            }
        }
    }
}
