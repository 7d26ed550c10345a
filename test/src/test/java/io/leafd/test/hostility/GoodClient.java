package io.leafd.test.hostility;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.NatsClients;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
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
        var client = new GoodClient(NatsClients.connect(NatsClients.options(box.leafd)
                .userInfo(Box.USER.toCharArray(), Box.PASSWORD.toCharArray())
                .build()));
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
                byte[] payload = Integer.toString(i).getBytes(StandardCharsets.US_ASCII);
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
