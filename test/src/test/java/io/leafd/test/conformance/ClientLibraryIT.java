package io.leafd.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.NatsClients;
import io.leafd.test.peer.PythonClient;
import io.leafd.test.peer.ServerProcess;
import io.leafd.test.setup.AccountSetup;
import io.leafd.test.setup.Identity;
import io.leafd.test.setup.ServerSetup;
import io.leafd.test.setup.UserSetup;
import io.leafd.test.setup.UserSetup.Credential;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener.Events;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The official client libraries, unchanged: a program that works with nats-server works here. */
@Conformance
class ClientLibraryIT {

    private static final ServerSetup OPEN = ServerSetup.open("library");
    private static final Identity DEVICE = Identity.user();
    private static final ServerSetup CLOSED = ServerSetup.open("library-auth")
            .with(AccountSetup.account("A")
                    .with(UserSetup.user("user", "secret-1"))
                    .with(UserSetup.of(new Credential.Nkey(DEVICE.publicKey()))));

    private final Brokers brokers;

    ClientLibraryIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void javaPublishesAndSubscribesWithHeaders() throws Exception {
        try (Connection publisher = NatsClients.connect(brokers.with(OPEN));
                Connection subscriber = NatsClients.connect(brokers.with(OPEN))) {
            Subscription subscription = subscriber.subscribe("java.>");
            subscriber.flush(Deadline.ANSWER);
            for (int i = 0; i < 1_000; i++) {
                publisher.publish(NatsMessage.builder()
                        .subject("java.n." + i)
                        .headers(new Headers().add("Number", Integer.toString(i)))
                        .data("payload " + i)
                        .build());
            }
            for (int i = 0; i < 1_000; i++) {
                Message message = subscription.nextMessage(Deadline.ANSWER);
                assertThat(message.getSubject()).isEqualTo("java.n." + i);
                assertThat(message.getHeaders().getFirst("Number")).isEqualTo(Integer.toString(i));
                assertThat(message.getData()).asString(StandardCharsets.UTF_8).isEqualTo("payload " + i);
            }
        }
    }

    @Test
    void javaRequestsAreAnsweredOrRefusedAtOnce() throws Exception {
        try (Connection requester = NatsClients.connect(brokers.with(OPEN));
                Connection service = NatsClients.connect(brokers.with(OPEN))) {
            Dispatcher dispatcher =
                    service.createDispatcher(message -> service.publish(message.getReplyTo(), message.getData()));
            dispatcher.subscribe("echo", "workers").subscribe("echo", "workers");
            service.flush(Deadline.ANSWER);
            List<CompletableFuture<Message>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(requester.request("echo", Integer.toString(i).getBytes(StandardCharsets.US_ASCII)));
            }
            for (int i = 0; i < 200; i++) {
                assertThat(answers.get(i).get(15, TimeUnit.SECONDS).getData())
                        .asString(StandardCharsets.US_ASCII)
                        .isEqualTo(Integer.toString(i));
            }
            assertThatThrownBy(() -> requester.request("nobody", new byte[0]).get(15, TimeUnit.SECONDS))
                    .satisfiesAnyOf(
                            e -> assertThat(e).isInstanceOf(CancellationException.class),
                            e -> assertThat(e).isInstanceOf(ExecutionException.class));
        }
    }

    @Test
    void javaDrainsWithoutLosingWhatWasReceived() throws Exception {
        int messages = 500;
        CountDownLatch received = new CountDownLatch(messages);
        Connection subscriber = NatsClients.connect(brokers.with(OPEN));
        try (Connection publisher = NatsClients.connect(brokers.with(OPEN))) {
            subscriber.createDispatcher(message -> received.countDown()).subscribe("drain");
            subscriber.flush(Deadline.ANSWER);
            for (int i = 0; i < messages; i++) {
                publisher.publish("drain", new byte[10]);
            }
            publisher.flush(Deadline.ANSWER);
            assertThat(subscriber.drain(Deadline.ANSWER).get(15, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(received.getCount()).isZero();
        } finally {
            subscriber.close();
        }
    }

    @Test
    void javaReconnectsAndSubscribesAgain() throws Exception {
        ServerProcess server = brokers.own(OPEN);
        ConcurrentLinkedQueue<Events> events = new ConcurrentLinkedQueue<>();
        Options options = NatsClients.options(server)
                .maxReconnects(-1)
                .connectionListener((connection, event) -> events.add(event))
                .build();
        try (Connection client = NatsClients.connect(options)) {
            Subscription subscription = client.subscribe("after.restart");
            client.flush(Deadline.ANSWER);
            server.kill();
            Deadline.await("the client to notice", Deadline.ANSWER, () -> events.contains(Events.DISCONNECTED));
            server.start();
            Deadline.await("the client to be back", Deadline.ANSWER, () -> events.contains(Events.RESUBSCRIBED));
            client.publish("after.restart", "still here".getBytes(StandardCharsets.US_ASCII));
            assertThat(subscription.nextMessage(Deadline.ANSWER).getData())
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("still here");
        }
    }

    @Test
    void javaLogsInByPasswordAndByKey() throws Exception {
        ServerProcess server = brokers.with(CLOSED);
        try (Connection byPassword = NatsClients.connect(server, "user", "secret-1");
                Connection byKey = NatsClients.connect(NatsClients.options(server)
                        .authHandler(Nats.staticCredentials(null, DEVICE.seed().toCharArray()))
                        .build())) {
            assertThat(byPassword.RTT()).isPositive();
            assertThat(byKey.RTT()).isPositive();
        }
        assertThatThrownBy(() -> NatsClients.connect(server, "user", "wrong"))
                .hasCauseInstanceOf(AuthenticationException.class);
    }

    @Test
    void pythonTour() {
        PythonClient.run("core_tour.py", brokers.with(OPEN).url());
    }
}
