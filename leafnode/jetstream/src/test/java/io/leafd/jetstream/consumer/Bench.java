package io.leafd.jetstream.consumer;

import io.leafd.jetstream.api.AccountLimits;
import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.Advisories;
import io.leafd.jetstream.api.ApiCounters;
import io.leafd.jetstream.api.ApiHandler;
import io.leafd.jetstream.api.ApiRequest;
import io.leafd.jetstream.api.ApiRoute;
import io.leafd.jetstream.api.ApiRoutes;
import io.leafd.jetstream.api.Endpoints;
import io.leafd.jetstream.json.JsonField;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamConfig;
import io.leafd.jetstream.stream.StreamOrigins;
import io.leafd.jetstream.stream.Streams;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.store.Store;
import io.leafd.store.StoreConfig;
import io.leafd.store.log.StreamLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Consumers on a real store whose loop the test drives, with a fake account and fake clocks. One thread.
 *
 * <p>What a test does runs the loop until it is idle, so that all that follows at this moment has happened.
 */
final class Bench implements AutoCloseable {
    private final Path directory;
    private Instant wall = Instant.parse("2026-01-02T03:04:05Z");
    private long nanoTime = 1_000_000_000L;
    private int replies;
    Store store;
    FakeAccount account;
    Streams streams;
    private AccountConsumers consumers;
    private AccountScope scope;
    private ApiRoutes routes;

    Bench(Path directory) {
        this.directory = directory;
        open();
    }

    /** Makes a stream: {@code {"name":"S","subjects":["s.>"]}}. */
    Stream stream(String config) {
        Stream stream = streams.create(StreamConfig.of(JsonField.fields(bytes(config), "StreamConfig")), false);
        run();
        return stream;
    }

    /** Stores messages with these payloads. */
    void publish(Stream stream, String subject, String... payloads) {
        for (String payload : payloads) {
            store.loop().control(() -> stream.append(Subject.of(subject), ByteBuffer.wrap(bytes(payload)), 0, null));
        }
        run();
    }

    /** The answer to an API request, with single quotes for double ones in the body. */
    Map<String, @Nullable Object> request(String subject, String body) {
        Subject reply = nextReply();
        List<String> tokens = List.of(subject.split("\\.", -1));
        ApiRoute route = Objects.requireNonNull(routes.find(tokens));
        var message = new Message(Subject.of("$JS.API." + subject), reply, bytes(body.replace('\'', '"')), 0);
        store.loop()
                .control(() ->
                        new ApiRequest(tokens, message, route, scope.port(), new ApiCounters()).run(route.handler()));
        run();
        var kept = new ArrayList<FakeAccount.Sent>();
        Map<String, @Nullable Object> answer = Map.of();
        for (FakeAccount.Sent one : account.take()) {
            if (one.to().equals(reply.toString())) {
                answer = Json.parseObject(one.message().payload());
            } else {
                kept.add(one);
            }
        }
        kept.forEach(account::putBack);
        return answer;
    }

    /** Makes a consumer of the stream S and gives the answer; the configuration with single quotes. */
    Map<String, @Nullable Object> create(String name, String config) {
        return request("CONSUMER.CREATE.S." + name, "{'stream_name':'S','config':" + config + "}");
    }

    /** {@code CONSUMER.INFO} of a consumer of S. */
    Map<String, @Nullable Object> info(String name) {
        return request("CONSUMER.INFO.S." + name, "");
    }

    /** Sends a pull request for a consumer of S, whose sender listens at {@code reply}. */
    void pull(String name, String reply, String body) {
        account.listen(reply);
        pullUnheard(name, reply, body);
    }

    /** Sends a pull request whose sender does not listen. */
    void pullUnheard(String name, String reply, String body) {
        pullOf("S", name, reply, body);
    }

    /** Sends a pull request for a consumer of any stream. */
    void pullOf(String stream, String name, String reply, String body) {
        String key = "CONSUMER.MSG.NEXT." + stream + "." + name;
        ApiHandler handler = Objects.requireNonNull(scope.endpoints().find(key), key);
        var message = new Message(Subject.of("$JS.API." + key), Subject.of(reply), bytes(body.replace('\'', '"')), 0);
        var request = new ApiRequest(
                List.of(key.split("\\.")), message, new ApiRoute(key, handler), scope.port(), new ApiCounters());
        store.loop().control(() -> handler.handle(request));
        run();
    }

    /** Whether pull requests for this consumer of S reach anybody. */
    boolean isAsked(String name) {
        return scope.endpoints().find("CONSUMER.MSG.NEXT.S." + name) != null;
    }

    /** Answers a delivery. */
    void answer(FakeAccount.Sent delivery, String verb) {
        account.send(Message.of(Objects.requireNonNull(delivery.message().reply()), bytes(verb)));
        run();
    }

    /** Answers a delivery and asks for confirmation at {@code reply}. */
    void answer(FakeAccount.Sent delivery, String verb, String reply) {
        Subject subject = Objects.requireNonNull(delivery.message().reply());
        account.send(new Message(subject, Subject.of(reply), bytes(verb), 0));
        run();
    }

    /** Sends a message of any kind. */
    boolean send(String subject, String payload) {
        boolean taken = account.send(Message.of(Subject.of(subject), bytes(payload)));
        run();
        return taken;
    }

    /** What was sent to this subject since the last call of any such method; the rest is dropped. */
    List<FakeAccount.Sent> sentTo(String subject) {
        return account.take().stream().filter(one -> one.to().equals(subject)).toList();
    }

    /** Lets time pass. */
    void advance(Duration time) {
        pass(time);
        run();
    }

    /** Runs all that is due. */
    void run() {
        store.loop().runUntilIdle();
    }

    /** Stops and starts again with what is on disk. */
    void restart() {
        close();
        open();
    }

    /** Starts again after {@link #close}. */
    void reopen() {
        open();
    }

    /** Lets time pass while nothing runs. */
    void pass(Duration time) {
        wall = wall.plus(time);
        nanoTime += time.toNanos();
    }

    /** Starts again with what had been staged when the process was killed. */
    void crash() {
        store.close();
        open();
    }

    /** Ends the consumers as a stopping server does, and closes the store. */
    void shutDown() {
        consumers.close();
        run();
        store.close();
    }

    @Override
    public void close() {
        consumers.close();
        store.close();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Subject nextReply() {
        return Subject.of("_INBOX.api." + ++replies);
    }

    private void open() {
        InstantSource clock = () -> wall;
        store = Store.open(new StoreConfig(directory, null, 256L << 20, 0, 8L << 20), () -> nanoTime);
        account = new FakeAccount(store.loop());
        var random = new Random(7);
        scope = new AccountScope(
                "A",
                "edge",
                "server",
                "2.15.2",
                store,
                clock,
                random,
                account,
                new Advisories(account, clock, random, "edge"),
                new Endpoints(),
                AccountLimits.NONE);
        var gate = new IntakeGate(store.loop(), 1);
        consumers = new AccountConsumers(scope, gate);
        streams = new Streams(scope, gate, consumers, stream -> new NoOrigins());
        routes = new ApiRoutes();
        consumers.open(routes, streams);
        for (StreamLog log : store.streams().list()) {
            streams.load(log);
        }
        run();
    }

    private static final class NoOrigins implements StreamOrigins {
        @Override
        public void writeInfo(JsonWriter json) {}

        @Override
        public void onUpdated(StreamConfig before) {}

        @Override
        public void onReopened() {}

        @Override
        public void onDeleted() {}
    }
}
