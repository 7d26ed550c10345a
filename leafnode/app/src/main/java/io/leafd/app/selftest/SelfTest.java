package io.leafd.app.selftest;

import io.leafd.app.child.Trees;
import io.leafd.app.config.ConfigFile;
import io.leafd.app.run.Served;
import io.leafd.app.run.Wiring;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A day of leafd in some seconds: an edge and its hub, in this process, on loopback and a temporary directory. Owned by the main
 * thread.
 *
 * <p>Each step is what a client sees. The step that fails says what was expected; the parts behind it are closed all the same, and
 * the directory is removed when the process ends. Nobody else on the machine can use the two: their one user has a random password.
 */
public final class SelfTest {
    static final String USER = "selftest";
    private static final int MESSAGES = 100;
    private static final String HUB = """
            [server]
            name = "selftest-hub"
            listen = "127.0.0.1:0"
            data_dir = "hub"
            [store]
            min_free = "16MiB"
            [jetstream]
            domain = "hub"
            [http]
            listen = "127.0.0.1:0"
            [leafnodes]
            listen = "127.0.0.1:0"
            [[accounts.T.users]]
            name = "selftest"
            password_file = "password"
            [[streams]]
            name = "UP"
            subjects = ["selftest.up.>"]
            """;
    private static final String EDGE = """
            [server]
            name = "selftest-edge"
            listen = "127.0.0.1:0"
            data_dir = "edge"
            [store]
            min_free = "16MiB"
            [jetstream]
            domain = "edge"
            [http]
            listen = "127.0.0.1:0"
            [[accounts.T.users]]
            name = "selftest"
            password_file = "password"
            [upstream.hub]
            urls = ["nats://127.0.0.1:HUB_PORT"]
            user = "selftest"
            password_file = "password"
            [[upstream.hub.forward]]
            name = "up"
            subjects = ["selftest.up.>"]
            into = "UP"
            """;

    private final Consumer<String> progress;
    private final Path directory;
    private final String password;

    private SelfTest(Consumer<String> progress, Path directory, String password) {
        this.progress = progress;
        this.directory = directory;
        this.password = password;
    }

    /**
     * Runs all steps.
     *
     * @param progress is told each step that is done
     * @throws IOException with the first thing that is not as it must be
     */
    public static void run(Consumer<String> progress) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("leafd-self-test-");
        // at the end of the process, so that one which is told to end leaves nothing behind either
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> delete(directory)));
        new SelfTest(progress, directory, newPassword(directory)).hubAndEdge();
    }

    /** Writes a random password into the file {@code password} of the directory, and returns it. */
    static String newPassword(Path directory) throws IOException {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        Path file = directory.resolve("password");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, password);
        return password;
    }

    private void hubAndEdge() throws IOException, InterruptedException {
        try (Served hub = start("hub.toml", HUB)) {
            progress.accept("a hub starts with an empty store");
            InetSocketAddress leafs = hub.listening().leafs();
            String config = EDGE.replace("HUB_PORT", leafs == null ? "" : Integer.toString(leafs.getPort()));
            try (Served edge = start("edge.toml", config)) {
                progress.accept("an edge starts with an empty store");
                clients(edge.listening(), hub.listening());
                edge.stopping();
            }
            try (Served again = start("edge.toml", config)) {
                kept(again.listening());
                again.stopping();
            }
            hub.stopping();
        }
    }

    private Served start(String name, String config) throws IOException {
        Path file = Files.writeString(directory.resolve(name), config);
        var reader = new ConfigFile(Map.of(), "selftest");
        return Served.start(reader, file, reader.read(file), Map.of());
    }

    private void clients(Wiring.Listening edge, Wiring.Listening hub) throws IOException, InterruptedException {
        try (Session client = Session.open(edge.clients(), USER, password);
                Session above = Session.open(hub.clients(), USER, password)) {
            client.subscribe("selftest.local");
            client.publish("selftest.local", "hello");
            expect("hello", client.next("the message just published"));
            progress.accept("a client publishes and receives");

            streams(client);
            progress.accept("a stream keeps messages on disk and a consumer reads them");

            await("the edge to reach its hub", () -> monitoring(hub, "/leafz").contains("selftest-edge"));
            above.subscribe("selftest.live.>");
            client.subscribe("selftest.down.>");
            relay(client, "selftest.live.a", above);
            relay(above, "selftest.down.a", client);
            progress.accept("messages cross the leaf link in both directions");

            for (int i = 0; i < MESSAGES; i++) {
                client.api("selftest.up.a", "reading " + i);
            }
            await("the hub to have what was forwarded", () -> held(above, "UP") == MESSAGES);
            progress.accept("stored messages are forwarded to a stream of the hub");

            if (!monitoring(edge, "/varz").contains("selftest-edge")
                    || monitoring(edge, "/metrics").isEmpty()) {
                throw new IOException("the monitoring of the edge does not know its name");
            }
            progress.accept("monitoring answers over HTTP");
        }
    }

    private static void streams(Session client) throws IOException {
        client.api("$JS.API.STREAM.CREATE.KEPT", "{\"name\":\"KEPT\",\"subjects\":[\"selftest.kept.>\"]}");
        for (int i = 0; i < MESSAGES; i++) {
            client.api("selftest.kept.a", "kept " + i);
        }
        client.api(
                "$JS.API.CONSUMER.CREATE.KEPT.READER",
                "{\"stream_name\":\"KEPT\",\"config\":{\"durable_name\":\"READER\",\"ack_policy\":\"explicit\"}}");
        expect("kept 0", client.request("$JS.API.CONSUMER.MSG.NEXT.KEPT.READER", "{\"batch\":1}"));
    }

    private void kept(Wiring.Listening edge) throws IOException {
        try (Session client = Session.open(edge.clients(), USER, password)) {
            if (held(client, "KEPT") != MESSAGES) {
                throw new IOException("the stream does not hold its " + MESSAGES + " messages after a restart");
            }
        }
        progress.accept("a restart finds all of it again");
    }

    /** Sends until the message arrives: interest crosses the link a moment after the subscription. */
    private static void relay(Session from, String subject, Session to) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + Session.PATIENCE.toNanos();
        while (System.nanoTime() < deadlineNs) {
            from.publish(subject, "hello");
            from.settle();
            if (to.arrives(Duration.ofMillis(100))) {
                expect("hello", to.next(subject));
                return;
            }
        }
        throw new IOException("no message on " + subject + " came over the leaf link");
    }

    private static long held(Session client, String stream) {
        try {
            Object state = client.api("$JS.API.STREAM.INFO." + stream, "").get("state");
            return state instanceof Map<?, ?> map && map.get("messages") instanceof Long messages ? messages : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    private static String monitoring(Wiring.Listening leafd, String path) {
        InetSocketAddress http = leafd.http();
        if (http == null) {
            return "";
        }
        try (Socket socket = new Socket(http.getAddress(), http.getPort())) {
            socket.setSoTimeout(Math.toIntExact(Session.PATIENCE.toMillis()));
            socket.getOutputStream().write(("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    static void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + Session.PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadlineNs) {
                throw new IOException("waited in vain for " + what);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Something that becomes true, or fails for good. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    private static void expect(String expected, String actual) throws IOException {
        if (!expected.equals(actual)) {
            throw new IOException("expected \"" + expected + "\" and got \"" + actual + "\"");
        }
    }

    private static void delete(Path directory) {
        try {
            Trees.delete(directory);
        } catch (IOException e) {
            System.err.println("leafd: " + directory + " is left behind: " + e.getMessage());
        }
    }
}
