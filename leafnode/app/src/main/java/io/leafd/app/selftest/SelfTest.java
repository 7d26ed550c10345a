package io.leafd.app.selftest;

import io.leafd.app.child.Trees;
import io.leafd.app.client.Login;
import io.leafd.app.client.NatsClient;
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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A day of leafd in some seconds: an edge and its hub, in this process, on loopback and a temporary directory. Owned by the main
 * thread.
 *
 * <p>Each step is what a client sees. The step that fails says what was expected; the parts behind it are closed all the same, and
 * the directory is removed when the process ends. Nobody else on the machine can use the two: their one user has a random password.
 */
public final class SelfTest {
    static final String USER = "selftest";
    static final String NAME = "leafd self-test";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
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
        try (NatsClient client = connect(edge);
                NatsClient above = connect(hub)) {
            expect("hello", relayed(client, "selftest.local", client));
            progress.accept("a client publishes and receives");

            streams(client);
            progress.accept("a stream keeps messages on disk and a consumer reads them");

            await("the edge to reach its hub", () -> monitoring(hub, "/leafz").contains("selftest-edge"));
            expect("hello", relayed(client, "selftest.live.a", above));
            expect("hello", relayed(above, "selftest.down.a", client));
            progress.accept("messages cross the leaf link in both directions");

            for (int i = 0; i < MESSAGES; i++) {
                client.ask("selftest.up.a", "reading " + i, PATIENCE);
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

    private NatsClient connect(Wiring.Listening leafd) throws IOException {
        return NatsClient.connect(leafd.clients(), NAME, Login.of(USER, password));
    }

    /** Makes the stream KEPT, with so many messages and the consumer READER. */
    static void keep(NatsClient client, int messages) throws IOException {
        client.ask("$JS.API.STREAM.CREATE.KEPT", "{\"name\":\"KEPT\",\"subjects\":[\"selftest.kept.>\"]}", PATIENCE);
        for (int i = 0; i < messages; i++) {
            client.ask("selftest.kept.a", "kept " + i, PATIENCE);
        }
        client.ask(
                "$JS.API.CONSUMER.CREATE.KEPT.READER",
                "{\"stream_name\":\"KEPT\",\"config\":{\"durable_name\":\"READER\",\"ack_policy\":\"explicit\"}}",
                PATIENCE);
    }

    private static void streams(NatsClient client) throws IOException, InterruptedException {
        keep(client, MESSAGES);
        var pulled = new LinkedBlockingQueue<String>();
        client.subscribe("selftest.pulled", delivery -> pulled.add(delivery.text()));
        client.publish("$JS.API.CONSUMER.MSG.NEXT.KEPT.READER", "selftest.pulled", "{\"batch\":1}");
        expect("kept 0", pulled.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void kept(Wiring.Listening edge) throws IOException {
        try (NatsClient client = connect(edge)) {
            if (held(client, "KEPT") != MESSAGES) {
                throw new IOException("the stream does not hold its " + MESSAGES + " messages after a restart");
            }
        }
        progress.accept("a restart finds all of it again");
    }

    /** Sends until a message arrives, which is returned: interest crosses the link a moment after the subscription. */
    private static String relayed(NatsClient from, String subject, NatsClient to)
            throws IOException, InterruptedException {
        var arrived = new LinkedBlockingQueue<String>();
        to.subscribe(subject, delivery -> arrived.add(delivery.text()));
        to.settle(PATIENCE);
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadlineNs) {
            from.publish(subject, "", "hello");
            String text = arrived.poll(100, TimeUnit.MILLISECONDS);
            if (text != null) {
                return text;
            }
        }
        throw new IOException("no message on " + subject + " came within " + PATIENCE.toSeconds() + " s");
    }

    private static long held(NatsClient client, String stream) {
        try {
            Object state =
                    client.ask("$JS.API.STREAM.INFO." + stream, "", PATIENCE).get("state");
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
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            socket.getOutputStream().write(("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    static void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
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

    private static void expect(String expected, @Nullable String actual) throws IOException {
        if (!expected.equals(actual)) {
            throw new IOException(
                    "expected \"" + expected + "\" and got " + (actual == null ? "nothing" : "\"" + actual + "\""));
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
