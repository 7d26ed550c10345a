package io.leafd.test.link;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.peer.NatsClients;
import io.leafd.test.peer.NatsServer;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A stream of the hub, as a client there sees it. Owned by one scenario. */
final class HubStream implements AutoCloseable {
    private final Connection connection;
    private final String name;

    private HubStream(Connection connection, String name) {
        this.connection = connection;
        this.name = name;
    }

    /**
     * Makes a stream.
     *
     * @param config its configuration without the name, for example {@code "subjects":["a.>"]}
     */
    static HubStream create(NatsServer hub, String name, String config) {
        HubStream stream = open(hub, name);
        stream.api("STREAM.CREATE", "{\"name\":\"%s\",%s}".formatted(name, config));
        return stream;
    }

    /** The stream of this name, which need not be there yet. */
    static HubStream open(NatsServer hub, String name) {
        return new HubStream(NatsClients.connect(hub, "a", "a"), name);
    }

    /** Replaces the configuration. */
    void update(String config) {
        api("STREAM.UPDATE", "{\"name\":\"%s\",%s}".formatted(name, config));
    }

    JsonTree info() {
        return api("STREAM.INFO", "");
    }

    long messages() {
        return info().number("state.messages");
    }

    /** Publishes as another client of the hub, and waits until it is stored. */
    void publish(String subject, String payload) {
        request(subject, payload);
    }

    /** Waits until the stream holds so many messages; fails with what it holds if it never does. */
    void awaitMessages(long count, Duration limit) {
        long endNs = System.nanoTime() + limit.toNanos();
        Deadline.await("stream " + name + " of the hub holds " + count + " messages", limit.plusSeconds(1), () -> {
            long messages = messages();
            if (System.nanoTime() > endNs) {
                throw new AssertionError(
                        "stream %s of the hub holds %d messages, not %d".formatted(name, messages, count));
            }
            return messages >= count;
        });
    }

    /** All messages in the order of the stream. */
    List<Message> read() {
        var all = new ArrayList<Message>();
        long count = messages();
        try {
            JetStreamSubscription subscription = connection
                    .jetStream()
                    .subscribe(
                            null,
                            PushSubscribeOptions.builder().stream(name)
                                    .ordered(true)
                                    .build());
            while (all.size() < count) {
                Message message = subscription.nextMessage(Deadline.ANSWER);
                if (message == null) {
                    throw new AssertionError("%d of %d messages of stream %s".formatted(all.size(), count, name));
                }
                all.add(message);
            }
            subscription.unsubscribe();
            return all;
        } catch (IOException | JetStreamApiException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The payloads as text, in the order of the stream. */
    List<String> payloads() {
        return read().stream()
                .map(message -> new String(message.getData(), StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonTree api(String verb, String body) {
        JsonTree answer = request("$JS.API." + verb + "." + name, body);
        if (answer.has("error")) {
            throw new AssertionError(verb + " " + name + ": " + answer);
        }
        return answer;
    }

    private JsonTree request(String subject, String payload) {
        try {
            Message request = NatsMessage.builder()
                    .subject(subject)
                    .data(payload.getBytes(StandardCharsets.UTF_8))
                    .build();
            Message answer = connection.request(request, Deadline.ANSWER);
            if (answer == null) {
                throw new AssertionError("no answer to " + subject);
            }
            return JsonTree.of(answer.getData());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
