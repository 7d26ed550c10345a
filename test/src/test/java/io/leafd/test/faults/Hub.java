package io.leafd.test.faults;

import io.leafd.test.peer.NatsServer;
import io.leafd.test.peer.Ports;
import io.leafd.test.peer.TestDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A real nats-server upstream into which a leafd forwards; its duplicate window is too short to help. Owned by one scenario. */
final class Hub implements AutoCloseable {
    static final String STREAM = "FORWARDED";
    static final String SUBJECT = "fwd.w";

    private final NatsServer server;
    private final int leafPort;
    private final Path password;

    private Hub(NatsServer server, int leafPort, Path password) {
        this.server = server;
        this.leafPort = leafPort;
        this.password = password;
    }

    static Hub start() {
        Path directory = TestDirectory.create("hub");
        int leafPort = Ports.free();
        NatsServer server = NatsServer.of(directory, Ports.free(), """
                server_name: HUB
                jetstream { store_dir: "%s/js", domain: hub }
                leafnodes { listen: "127.0.0.1:%d", authorization { user: edge, password: edge } }
                """.formatted(directory, leafPort));
        var hub = new Hub(server, leafPort, TestDirectory.secret(directory.resolve("password"), "edge\n"));
        try {
            server.start();
            try (JetStreamApi api = JetStreamApi.open(server.clientPort())) {
                api.createStream(STREAM, "fwd.>", ",\"duplicate_window\":100000000");
            }
        } catch (RuntimeException e) {
            hub.close();
            throw e;
        }
        return hub;
    }

    /** Lines for the configuration of a leafd that forwards to here. */
    String upstream() {
        return """
                [upstream.hq]
                urls = ["nats://127.0.0.1:%d"]
                user = "edge"
                password_file = "%s"
                [[upstream.hq.forward]]
                name = "faults"
                subjects = ["fwd.>"]
                into = "%s"
                """.formatted(leafPort, password, STREAM);
    }

    /** All that was forwarded, after waiting until nothing new comes. Sequences are the hub's and mean nothing here. */
    JetStreamApi.Reading read(long atLeast, Duration limit) {
        try (JetStreamApi api = JetStreamApi.open(server.clientPort())) {
            long endNs = System.nanoTime() + limit.toNanos();
            while (messages(api) < atLeast && System.nanoTime() < endNs) {
                LockSupport.parkNanos(50_000_000L);
            }
            JetStreamApi.Reading reading = api.readIds(STREAM);
            return new JetStreamApi.Reading(
                    reading.entries().stream()
                            .map(entry -> new Ledger.Entry(0, entry.id()))
                            .toList(),
                    reading.damaged());
        }
    }

    private static long messages(JetStreamApi api) {
        return api.streamInfo(STREAM).number("state.messages");
    }

    @Override
    public void close() {
        server.close();
    }
}
