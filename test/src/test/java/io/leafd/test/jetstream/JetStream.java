package io.leafd.test.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.peer.NatsClients;
import io.leafd.test.peer.ServerProcess;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client that speaks the JetStream API in JSON, so that a scenario sees what is on the wire. Owned by one scenario.
 *
 * <p>Verbs are the part of the subject after {@code $JS.API.}, for example {@code STREAM.CREATE.ORDERS}.
 */
final class JetStream implements AutoCloseable {

    private final Connection connection;

    private JetStream(Connection connection) {
        this.connection = connection;
    }

    static JetStream of(ServerProcess server) {
        return new JetStream(NatsClients.connect(options(server).build()));
    }

    static JetStream of(ServerProcess server, String user, String password) {
        return new JetStream(NatsClients.connect(options(server)
                .userInfo(user.toCharArray(), password.toCharArray())
                .build()));
    }

    private static Options.Builder options(ServerProcess server) {
        return NatsClients.options(server).reportNoResponders();
    }

    Connection connection() {
        return connection;
    }

    /** The answer to a request, whether success or error. */
    JsonTree call(String verb, String body) {
        return JsonTree.of(request("$JS.API." + verb, body).getData());
    }

    /** The answer to a request that must succeed. */
    JsonTree ok(String verb, String body) {
        JsonTree answer = call(verb, body);
        assertThat(answer.has("error")).as("%s %s: %s", verb, body, answer).isFalse();
        return answer;
    }

    /** Sends a request that must be refused with this code and text. */
    void refused(String verb, String body, int errorCode, String description) {
        JsonTree answer = call(verb, body);
        assertThat(answer.has("error")).as("%s %s: %s", verb, body, answer).isTrue();
        assertThat(answer.number("error.err_code") + " " + answer.text("error.description"))
                .as("%s %s", verb, body)
                .isEqualTo(errorCode + " " + description);
    }

    /** Makes a stream from its configuration without the name, for example {@code "subjects":["a.>"]}. */
    JsonTree stream(String name, String config) {
        return ok("STREAM.CREATE." + name, config(name, config));
    }

    static String config(String name, String config) {
        return "{\"name\":\"%s\"%s}".formatted(name, config.isEmpty() ? "" : "," + config);
    }

    /** Makes a consumer from its configuration without the name. */
    JsonTree consumer(String stream, String name, String config) {
        return ok("CONSUMER.CREATE." + stream + "." + name, consumerRequest(stream, name, config));
    }

    static String consumerRequest(String stream, String name, String config) {
        return "{\"stream_name\":\"%s\",\"config\":{\"name\":\"%s\"%s}}"
                .formatted(stream, name, config.isEmpty() ? "" : "," + config);
    }

    JsonTree info(String stream) {
        return ok("STREAM.INFO." + stream, "");
    }

    JsonTree consumerInfo(String stream, String consumer) {
        return ok("CONSUMER.INFO." + stream + "." + consumer, "");
    }

    /** The acknowledgement of a publish, positive or negative; headers are {@code name, value, …}. */
    JsonTree publish(String subject, String payload, String... headers) {
        return JsonTree.of(request(subject, payload, headers).getData());
    }

    /** Publishes and expects the sequence. */
    void stored(long seq, String subject, String payload, String... headers) {
        JsonTree ack = publish(subject, payload, headers);
        assertThat(ack.has("error")).as("%s", ack).isFalse();
        assertThat(ack.number("seq")).isEqualTo(seq);
    }

    /** Publishes and expects an error with this code and text. */
    void publishRefused(int errorCode, String description, String subject, String payload, String... headers) {
        JsonTree ack = publish(subject, payload, headers);
        assertThat(ack.has("error")).as("%s", ack).isTrue();
        assertThat(ack.number("error.err_code") + " " + ack.text("error.description"))
                .isEqualTo(errorCode + " " + description);
        assertThat(ack.number("seq")).isZero();
    }

    /** The one message that answers a request; also a status such as 503. */
    Message request(String subject, String payload, String... headers) {
        Subscription inbox = inbox();
        send(subject, inbox.getSubject(), payload, headers);
        Message answer = next(inbox);
        inbox.unsubscribe();
        return answer;
    }

    /** Publishes with a reply subject and waits for nothing. */
    void send(String subject, @Nullable String reply, String payload, String... headers) {
        Headers named = new Headers();
        for (int i = 0; i < headers.length; i += 2) {
            named.add(headers[i], headers[i + 1]);
        }
        connection.publish(NatsMessage.builder()
                .subject(subject)
                .replyTo(reply)
                .headers(named)
                .data(payload.getBytes(StandardCharsets.UTF_8))
                .build());
    }

    /** A subscription on a new inbox. */
    Subscription inbox() {
        return subscribe(connection.createInbox());
    }

    /** A subscription that the server knows of. */
    Subscription subscribe(String subject) {
        Subscription subscription = connection.subscribe(subject);
        fence();
        return subscription;
    }

    /** The next message, which must come. */
    static Message next(Subscription subscription) {
        Message message = next(subscription, Deadline.ANSWER);
        if (message == null) {
            throw new AssertionError("no message on " + subscription.getSubject());
        }
        return message;
    }

    /** The next message, or null when none comes in time. */
    static @Nullable Message next(Subscription subscription, Duration limit) {
        try {
            return subscription.nextMessage(limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until the server has seen all that was sent. */
    void fence() {
        try {
            connection.flush(Deadline.ANSWER);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code "409 Consumer Deleted"} of a status message; empty for another. */
    static String status(Message message) {
        return message.isStatusMessage()
                ? message.getStatus().getCode() + " " + message.getStatus().getMessage()
                : "";
    }

    static String text(Message message) {
        return new String(message.getData(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
