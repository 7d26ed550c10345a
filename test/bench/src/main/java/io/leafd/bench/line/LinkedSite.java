package io.leafd.bench.line;

import io.leafd.bench.load.Wire;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.NatsServer;
import io.leafd.test.peer.Ports;
import io.leafd.test.peer.Relay;
import io.leafd.test.peer.ServerProcess;
import io.leafd.test.peer.TestDirectory;
import java.nio.file.Path;
import java.time.Duration;

/** An edge whose messages go to a real nats-server, over a network that can be broken. Owned by one run of a line. */
final class LinkedSite implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final NatsServer hub;
    private final Relay network;
    private final ServerProcess edge;
    private long stored;

    private LinkedSite(NatsServer hub, Relay network, ServerProcess edge) {
        this.hub = hub;
        this.network = network;
        this.edge = edge;
    }

    /**
     * How a stream caught up.
     *
     * @param time from the hub's taking the connection to the last message in its stream
     * @param perSecond messages a second from the first one seen there
     * @param cpu processor time of the edge meanwhile
     */
    record CaughtUp(Duration time, double perSecond, Duration cpu) {}

    /**
     * Hub and edge, started, with one message across.
     *
     * @param forward whether a leafd sends by a forward; else the hub mirrors the edge's stream
     */
    static LinkedSite start(Contender contender, Bed bed, boolean forward) {
        boolean sends = forward && contender.leafd();
        int leafPort = Ports.free();
        Path directory = TestDirectory.create("bench-hub");
        NatsServer hub = NatsServer.of(directory, Ports.free(), """
                server_name: HUB
                jetstream { store_dir: "%s/js", domain: hub }
                leafnodes { listen: "127.0.0.1:%d" }
                """.formatted(directory, leafPort));
        Relay network = Relay.to(leafPort);
        var site = new LinkedSite(hub, network, bed.server(contender, remote(contender, sends, network.port())));
        try {
            hub.start();
            site.edge.start();
            site.createStreams(sends);
            BenchStream.fill(site.edge, 1);
            site.stored = 1;
            try (Wire wire = Wire.open(hub.clientPort())) {
                await(wire, 1);
            }
            return site;
        } catch (RuntimeException e) {
            site.close();
            throw e;
        }
    }

    /** Breaks the network, stores so many messages at the edge, and lets the link come up. */
    CaughtUp outage(long messages) {
        network.refuse();
        BenchStream.fill(edge, messages);
        int before = network.accepted();
        network.accept();
        Deadline.await("the link is up", LIMIT, () -> network.accepted() > before);
        long upNs = System.nanoTime();
        long cpuNs = ProcessUse.cpuNs(edge.pid());
        try (Wire wire = Wire.open(hub.clientPort())) {
            long first = await(wire, stored + 1);
            long firstNs = System.nanoTime();
            stored += messages;
            await(wire, stored);
            long endNs = System.nanoTime();
            return new CaughtUp(
                    Duration.ofNanos(endNs - upNs),
                    (stored - first) * 1e9 / Math.max(1, endNs - firstNs),
                    Duration.ofNanos(ProcessUse.cpuNs(edge.pid()) - cpuNs));
        }
    }

    @Override
    public void close() {
        try (hub;
                network) {
            edge.close();
        }
    }

    private static String remote(Contender contender, boolean sends, int port) {
        if (!contender.leafd()) {
            return "leafnodes { remotes: [ { url: \"nats-leaf://127.0.0.1:%d\", ignore_discovered_servers: true } ] }\n"
                    .formatted(port);
        }
        String upstream = """
                [upstream.hub]
                urls = ["nats://127.0.0.1:%d"]
                retry_max = "1s"
                """.formatted(port);
        return !sends ? upstream : upstream + """
                [[upstream.hub.forward]]
                name = "all"
                subjects = ["%s"]
                into = "%s"
                """.formatted(BenchStream.SUBJECT, BenchStream.NAME);
    }

    private void createStreams(boolean sends) {
        String origin = sends
                ? "\"subjects\":[\"%s\"]".formatted(BenchStream.SUBJECT)
                : "\"mirror\":{\"name\":\"%s\",\"external\":{\"api\":\"$JS.edge.API\"}}".formatted(BenchStream.NAME);
        if (!sends) {
            BenchStream.create(edge);
        }
        try (Wire wire = Wire.open(hub.clientPort())) {
            wire.request(
                    "$JS.API.STREAM.CREATE." + BenchStream.NAME,
                    "{\"name\":\"%s\",%s}".formatted(BenchStream.NAME, origin));
        }
    }

    /** Waits until the hub's stream holds so many messages; returns how many they are by then. */
    private static long await(Wire hub, long count) {
        long startNs = System.nanoTime();
        while (true) {
            long messages = BenchStream.messages(hub, BenchStream.NAME);
            if (messages >= count) {
                return messages;
            }
            if (System.nanoTime() - startNs > LIMIT.toNanos()) {
                throw new IllegalStateException(
                        "the hub holds %d of %d messages after %s".formatted(messages, count, LIMIT));
            }
            Pause.millis(5);
        }
    }
}
