package io.leafd.bench.line;

import io.leafd.bench.load.Wire;
import io.leafd.test.peer.NatsServer;
import io.leafd.test.peer.Ports;
import io.leafd.test.peer.ServerProcess;
import io.leafd.test.peer.TestDirectory;
import java.nio.file.Path;

/**
 * The upstream of a line: a nats-server with the stream {@link BenchStream#NAME}, which leafs dial.
 *
 * @param server the process
 * @param leafPort where it takes leafs
 */
record Hub(ServerProcess server, int leafPort) implements AutoCloseable {

    /** Starts one without a stream. */
    static Hub start() {
        Path directory = TestDirectory.create("bench-hub");
        int leafPort = Ports.free();
        NatsServer server = NatsServer.of(directory, Ports.free(), """
                server_name: HUB
                jetstream { store_dir: "%s/js", domain: hub }
                leafnodes { listen: "127.0.0.1:%d" }
                """.formatted(directory, leafPort));
        server.start();
        return new Hub(server, leafPort);
    }

    /**
     * Makes the stream.
     *
     * @param origin JSON members that say where its messages come from: {@code "subjects":[…]} or {@code "mirror":{…}}
     */
    void create(String origin) {
        try (Wire wire = open()) {
            wire.request(
                    "$JS.API.STREAM.CREATE." + BenchStream.NAME,
                    "{\"name\":\"%s\",%s}".formatted(BenchStream.NAME, origin));
        }
    }

    /** A connection to it. */
    Wire open() {
        return Wire.open(server.clientPort());
    }

    /** How many messages the stream holds; 0 while it does not answer. */
    long messages() {
        try (Wire wire = open()) {
            return BenchStream.messages(wire, BenchStream.NAME);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
