package io.leafd.jetstream;

import io.leafd.jetstream.api.AccountLimits;
import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.Advisories;
import io.leafd.jetstream.api.ApiRoutes;
import io.leafd.jetstream.api.Endpoints;
import io.leafd.jetstream.fakes.FakeClock;
import io.leafd.jetstream.fakes.FakeConsumers;
import io.leafd.jetstream.fakes.FakePort;
import io.leafd.jetstream.mirror.AccountOrigins;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamConsumers;
import io.leafd.jetstream.stream.StreamOrigins;
import io.leafd.jetstream.stream.Streams;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.Store;
import io.leafd.store.StoreConfig;
import io.leafd.store.log.StreamLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * JetStream of one account on a real store whose loop the test drives, with a fake account and a fake clock. One thread.
 *
 * <p>{@link #request} and {@link #publish} send one message, run the loop until it is idle, and give the answer.
 */
final class TestServer implements AutoCloseable {
    static final String REPLY = "_INBOX.test";
    static final int DISK_MAX_BYTES = 64 << 20;

    final FakeClock clock = new FakeClock();
    final Map<String, FakeConsumers> consumers = new HashMap<>();
    final Path directory;
    final AccountLimits limits;
    Store store;
    FakePort port;
    AccountJetStream jetStream;

    private TestServer(Path directory, AccountLimits limits) {
        this.directory = directory;
        this.limits = limits;
        open();
    }

    static TestServer on(Path directory) {
        return new TestServer(directory, AccountLimits.NONE);
    }

    static TestServer on(Path directory, AccountLimits limits) {
        return new TestServer(directory, limits);
    }

    /** Stops as after a crash of the process that was told of every commit, and starts again. */
    void restart() {
        close();
        consumers.clear();
        open();
    }

    /** The answer to an API request; {@code subject} behind {@code $JS.API.}. */
    String request(String subject, String body) {
        return text(send(Message.of(Subject.of("$JS.API." + subject), bytes(body))));
    }

    /** All messages that answer, headers and payload as text, one line each with header lines joined by {@code |}. */
    List<String> frames(String subject, String body) {
        return send(Message.of(Subject.of("$JS.API." + subject), bytes(body))).stream()
                .map(TestServer::frame)
                .toList();
    }

    /** The answer to a publish with headers: name, value, name, value. */
    String publish(String subject, String payload, String... headers) {
        byte[] block = headers.length == 0 ? new byte[0] : Headers.with(new byte[0], headers);
        return text(send(Message.withHeaders(Subject.of(subject), null, block, bytes(payload))));
    }

    /** Sends with a reply subject, runs the loop, and gives what came to the reply subject. */
    List<Message> send(Message message) {
        port.take();
        if (!port.send(message.withReply(Subject.of(REPLY)))) {
            return List.of(Message.withHeaders(Subject.of(REPLY), null, Headers.status(503, ""), new byte[0]));
        }
        store.loop().runUntilIdle();
        return port.take().stream()
                .filter(one -> one.subject().toString().equals(REPLY))
                .toList();
    }

    /** A stream as parts of this server see it. */
    Stream stream(String name) {
        return Objects.requireNonNull(jetStream.streams().find(name));
    }

    /** The consumers of a stream. */
    FakeConsumers consumersOf(String stream) {
        return Objects.requireNonNull(consumers.get(stream), stream);
    }

    /** Whatever is due, runs. */
    void run() {
        store.loop().runUntilIdle();
    }

    @Override
    public void close() {
        jetStream.close();
        store.close();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(Message message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }

    private static String text(List<Message> messages) {
        if (messages.size() != 1) {
            return messages.isEmpty() ? "" : messages.size() + " answers";
        }
        Message message = messages.getFirst();
        return message.headerLength() == 0 ? text(message) : frame(message);
    }

    private static String frame(Message message) {
        String headers = new String(message.body(), 0, message.headerLength(), StandardCharsets.UTF_8);
        String lines = headers.strip().replace("\r\n", "|");
        return lines.isEmpty() ? text(message) : (lines + "|" + text(message)).strip();
    }

    private void open() {
        store = Store.open(
                new StoreConfig(directory, Duration.ofDays(1), DISK_MAX_BYTES, 0, 8L << 20), clock::nanoTime);
        port = new FakePort(store.loop());
        var random = new Random(7);
        var scope = new AccountScope(
                "A",
                "edge",
                "server",
                "2.15.2",
                store,
                clock,
                random,
                port,
                new Advisories(port, clock, random, "edge"),
                new Endpoints(),
                limits);
        jetStream = new AccountJetStream(scope, new IntakeGate(store.loop(), FakePort.LOOP + 1), new Parts());
        for (StreamLog log : store.streams().list()) {
            jetStream.streams().load(log);
        }
        jetStream.open();
        run();
    }

    private final class Parts implements AccountParts {
        @Override
        public StreamConsumers.Factory consumers(AccountScope scope, IntakeGate gate) {
            return stream -> consumers.computeIfAbsent(stream.name(), name -> new FakeConsumers());
        }

        @Override
        public StreamOrigins.Factory origins(AccountScope scope, IntakeGate gate) {
            return new AccountOrigins(scope, gate);
        }

        @Override
        public void addTo(ApiRoutes routes, Streams streams, StreamConsumers.Factory factory) {}
    }
}
