package io.leafd.test.hostility;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.NatsClients;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.FetchConsumer;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.OrderedConsumerContext;
import io.nats.client.StreamContext;
import io.nats.client.api.OrderedConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A client that asks and stores all the time while others misbehave, and wants every answer and every acknowledgement. */
final class GoodClient implements AutoCloseable {
    private static final String STREAM = "GOOD";

    private final Connection connection;
    private final Thread worker;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean enough;

    private GoodClient(Connection connection) {
        this.connection = connection;
        this.worker = new Thread(this::work, "good-client");
    }

    static GoodClient at(Box box) {
        var client = new GoodClient(NatsClients.connect(box.leafd, Box.USER, Box.PASSWORD));
        client.begin();
        return client;
    }

    private void begin() {
        Dispatcher echo =
                connection.createDispatcher(request -> connection.publish(request.getReplyTo(), request.getData()));
        echo.subscribe("good.echo");
        try {
            connection
                    .jetStreamManagement()
                    .addStream(StreamConfiguration.builder()
                            .name(STREAM)
                            .subjects("good.kept")
                            .build());
        } catch (IOException | JetStreamApiException e) {
            throw new IllegalStateException(e);
        }
        worker.start();
        Deadline.await(
                "the good client works", Deadline.ANSWER, () -> acknowledged.get() > 20 || failure.get() != null);
    }

    private void work() {
        try {
            for (int i = 1; !enough; i++) {
                byte[] payload = payload(i);
                Message answer = connection.request("good.echo", payload, Deadline.ANSWER);
                assertThat(answer).as("answer %s", i).isNotNull();
                assertThat(answer.getData()).isEqualTo(payload);
                assertThat(connection.jetStream().publish("good.kept", payload).getSeqno())
                        .isEqualTo(i);
                acknowledged.set(i);
            }
        } catch (IOException | JetStreamApiException | InterruptedException | RuntimeException | AssertionError e) {
            failure.set(e);
        }
    }

    /** Ends the work and checks that all of it was done: each request answered, each acknowledged message stored. */
    void wasServedThroughout() {
        int sofar = acknowledged.get();
        Deadline.await(
                "the good client goes on", Deadline.ANSWER, () -> acknowledged.get() > sofar || failure.get() != null);
        enough = true;
        try {
            worker.join(Deadline.ANSWER);
            assertThat(failure.get()).isNull();
            assertThat(connection
                            .jetStreamManagement()
                            .getStreamInfo(STREAM)
                            .getStreamState()
                            .getMsgCount())
                    .isEqualTo(acknowledged.get());
            assertThat(connection.getStatistics().getReconnects()).isZero();
        } catch (IOException | JetStreamApiException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Kills leafd and starts it again: each message that was acknowledged is there, as it was, and no other. */
    void allIsKept(Box box) {
        box.leafd.kill();
        box.leafd.start();
        try (Connection again = NatsClients.connect(box.leafd, Box.USER, Box.PASSWORD)) {
            StreamContext stream = again.getStreamContext(STREAM);
            assertThat(stream.getStreamInfo().getStreamState().getMsgCount()).isEqualTo(acknowledged.get());
            OrderedConsumerContext reader = stream.createOrderedConsumer(new OrderedConsumerConfiguration());
            try (FetchConsumer messages = reader.fetchMessages(acknowledged.get())) {
                for (int i = 1; i <= acknowledged.get(); i++) {
                    Message message = messages.nextMessage();
                    assertThat(message).as("message %s", i).isNotNull();
                    assertThat(message.getData()).isEqualTo(payload(i));
                }
            }
        } catch (Exception e) { // what AutoCloseable declares
            throw new IllegalStateException(e);
        }
    }

    private static byte[] payload(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        enough = true;
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
