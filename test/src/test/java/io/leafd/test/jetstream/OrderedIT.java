package io.leafd.test.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.conformance.Brokers;
import io.leafd.test.conformance.Conformance;
import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.NatsClients;
import io.leafd.test.setup.ServerSetup;
import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.IterableConsumer;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.OrderedConsumerContext;
import io.nats.client.PublishOptions;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.OrderedConsumerConfiguration;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StreamConfiguration;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Ordered consumers of the official Java client: all messages in order, also when one goes missing or the consumer is taken away. */
@Conformance
class OrderedIT {

    private static final int MESSAGES = 10_000;

    /** Pulls that end soon, so that the client soon notices that its consumer is gone. */
    private static final ConsumeOptions QUICK =
            ConsumeOptions.builder().batchSize(200).expiresIn(1_000).build();

    private static final ServerSetup SETUP = ServerSetup.open("ordered").jetstream("shop");

    private final Brokers brokers;

    OrderedIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void pushedInOrder() throws Exception {
        try (Connection client = NatsClients.connect(brokers.with(SETUP))) {
            fill(client, "PUSHED");
            JetStreamSubscription subscription = client.jetStream()
                    .subscribe(
                            "pushed",
                            PushSubscribeOptions.builder().ordered(true).stream("PUSHED")
                                    .build());
            for (int i = 1; i <= MESSAGES; i++) {
                Message message = subscription.nextMessage(Deadline.ANSWER);
                assertThat(message.metaData().streamSequence()).isEqualTo(i);
            }
        }
    }

    @Test
    void pulledInOrderEvenWhenTheConsumerIsTakenAway() throws Exception {
        try (Connection client = NatsClients.connect(brokers.with(SETUP))) {
            fill(client, "PULLED");
            OrderedConsumerContext context = client.getStreamContext("PULLED")
                    .createOrderedConsumer(new OrderedConsumerConfiguration().filterSubject("pulled"));
            try (IterableConsumer messages = context.iterate(QUICK)) {
                for (int i = 1; i <= MESSAGES; i++) {
                    Message message = next(messages);
                    assertThat(message.metaData().streamSequence()).isEqualTo(i);
                    if (i == MESSAGES / 2) {
                        for (String consumer : client.jetStreamManagement().getConsumerNames("PULLED")) {
                            client.jetStreamManagement().deleteConsumer("PULLED", consumer);
                        }
                    }
                }
            }
        }
    }

    /** The next message; the library hands out null while it makes its consumer anew. */
    private static Message next(IterableConsumer messages) throws Exception {
        long endNs = System.nanoTime() + 2 * Deadline.ANSWER.toNanos();
        while (System.nanoTime() < endNs) {
            Message message = messages.nextMessage(1_000);
            if (message != null) {
                return message;
            }
        }
        throw new AssertionError("no message any more");
    }

    private static void fill(Connection client, String stream) throws Exception {
        String subject = stream.toLowerCase(Locale.ROOT);
        client.jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name(stream)
                        .subjects(subject)
                        .build());
        List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
        for (int i = 1; i <= MESSAGES; i++) {
            acks.add(client.jetStream()
                    .publishAsync(
                            subject,
                            ("message " + i).getBytes(StandardCharsets.US_ASCII),
                            PublishOptions.builder().expectedStream(stream).build()));
            if (acks.size() == 500) {
                await(acks);
            }
        }
        await(acks);
    }

    private static void await(List<CompletableFuture<PublishAck>> acks) throws Exception {
        for (CompletableFuture<PublishAck> ack : acks) {
            assertThat(ack.get(15, TimeUnit.SECONDS).isDuplicate()).isFalse();
        }
        acks.clear();
    }
}
