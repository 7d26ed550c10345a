package io.leafd.test.link;

import io.leafd.security.nkey.NkeySeed;
import io.leafd.security.nkey.NkeyType;
import io.leafd.test.faults.AdminQuestion;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.LeafdProcess;
import io.leafd.test.peer.NatsServer;
import io.leafd.test.peer.Ports;
import io.leafd.test.peer.RawClient;
import io.leafd.test.peer.Relay;
import io.leafd.test.peer.ServerProcess;
import io.leafd.test.peer.TestDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * A real nats-server as the hub, a network that can be broken, and leafd as the edge, which logs in there with an NKEY. Owned by one
 * scenario.
 */
final class Site implements AutoCloseable {
    static final String UNLIMITED = "";

    final NatsServer hub;
    final Relay network;
    final ServerProcess edge;

    private Site(NatsServer hub, Relay network, ServerProcess edge) {
        this.hub = hub;
        this.network = network;
        this.edge = edge;
    }

    /**
     * Hub and edge, started.
     *
     * @param permissions of leafd's user at the hub, as a member {@code , permissions: {…}} of its configuration; or empty
     * @param upstream more lines of leafd's {@code [upstream.hq]}
     */
    static Site start(String permissions, String upstream) {
        NkeySeed seed = NkeySeed.generate(NkeyType.USER, new SecureRandom());
        int leafPort = Ports.free();
        NatsServer hub = hub(seed, permissions, leafPort);
        Relay network = Relay.to(leafPort);
        Path directory = TestDirectory.create("edge");
        Path secret = write(directory.resolve("hq.nk"), seed);
        int clientPort = Ports.free();
        LeafdProcess edge = LeafdProcess.of(directory, clientPort, """
                [server]
                name = "edge"
                listen = "127.0.0.1:%d"
                data_dir = "%s/data"

                [http]
                listen = "127.0.0.1:%d"

                [upstream.hq]
                urls = ["nats://127.0.0.1:%d"]
                nkey_seed_file = "%s"
                %s
                """.formatted(
                        clientPort, directory, Ports.free(), network.port(), secret, upstream));
        return started(hub, network, edge);
    }

    private static NatsServer hub(NkeySeed seed, String permissions, int leafPort) {
        Path directory = TestDirectory.create("hub");
        return NatsServer.of(directory, Ports.free(), """
                server_name: HUB
                jetstream { store_dir: "%s/js", domain: hub }
                leafnodes { listen: "127.0.0.1:%d" }
                accounts {
                  A { jetstream: enabled, users: [ { user: a, password: a }, { nkey: %s%s } ] }
                }
                """.formatted(
                        directory, leafPort, seed.nkey().text(), permissions));
    }

    private static Site started(NatsServer hub, Relay network, ServerProcess edge) {
        var site = new Site(hub, network, edge);
        try {
            hub.start();
            edge.start();
        } catch (RuntimeException e) {
            site.close();
            throw e;
        }
        return site;
    }

    /** A client at the hub. */
    RawClient atHub() {
        return RawClient.open(hub.clientPort())
                .connect(
                        "CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":true,\"user\":\"a\",\"pass\":\"a\"}\r\n");
    }

    /** A client at the edge. */
    RawClient atEdge() {
        return RawClient.open(edge.clientPort()).connect(RawClient.CONNECT_HEADERS);
    }

    /** Waits until the hub has acknowledged all that the only forward has to send, and the edge has heard of it. */
    void awaitConfirmed(Duration limit) {
        Deadline.await(
                "everything is acknowledged",
                limit,
                () -> AdminQuestion.status(edge.directory().resolve("data"))
                                .number("answer.links.0.forwards.0.waiting_messages")
                        == 0);
    }

    /** Changes the edge's configuration while it runs, and waits until the edge has followed. */
    void reload(String before, String after) {
        Path file = edge.directory().resolve("leafd.toml");
        try {
            Files.writeString(file, Files.readString(file).replace(before, after));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long reloads = reloads();
        edge.signal("HUP");
        Deadline.await("the reload", Duration.ofSeconds(90), () -> reloads() > reloads);
    }

    private long reloads() {
        return edge.logText()
                .lines()
                .filter(line -> line.contains("configuration reloaded"))
                .count();
    }

    /** The official client at the hub. */
    JetStreamClient hubJetStream() {
        return new JetStreamClient(hub.clientPort(), "a");
    }

    /** The official client at the edge. */
    JetStreamClient edgeJetStream() {
        return new JetStreamClient(edge.clientPort(), "");
    }

    /** Waits until a message that {@code from} publishes on the subject reaches {@code to}, which then has read them all. */
    static void awaitCrossing(String subject, RawClient from, RawClient to) {
        to.send("SUB " + subject + " 9999\r\n");
        Deadline.await(subject + " crosses the link", Duration.ofSeconds(60), () -> {
            from.exchange("PUB " + subject + " 1\r\n?\r\n");
            return to.exchange("").contains("MSG " + subject);
        });
        to.exchange("UNSUB 9999\r\n");
    }

    @Override
    public void close() {
        try (hub;
                network;
                edge) {
            assert !hub.logText().contains("panic");
        }
    }

    private static Path write(Path file, NkeySeed seed) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.write(file, seed.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
