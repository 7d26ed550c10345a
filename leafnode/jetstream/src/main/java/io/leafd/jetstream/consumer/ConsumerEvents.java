package io.leafd.jetstream.consumer;

import io.leafd.jetstream.api.Advisories;
import io.leafd.jetstream.consumer.ack.AckSubject;
import io.leafd.jetstream.json.GoTime;
import io.leafd.protocol.json.JsonWriter;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Announces what happens to one consumer and its messages. Owned by the store loop. */
final class ConsumerEvents {
    private final Advisories advisories;
    private final String account;
    private final String stream;
    private final String consumer;

    ConsumerEvents(Advisories advisories, String account, String stream, String consumer) {
        this.advisories = advisories;
        this.account = account;
        this.stream = stream;
        this.consumer = consumer;
    }

    void created() {
        publish("CREATED", "consumer_action", json -> json.field("action", "create"));
    }

    void deleted() {
        publish("DELETED", "consumer_action", json -> json.field("action", "delete"));
    }

    void paused(@Nullable Instant until, Instant now) {
        boolean paused = until != null && now.isBefore(until);
        publish(
                "PAUSE",
                "consumer_pause",
                json -> json.field("paused", paused)
                        .field("pause_until", until == null ? GoTime.NONE : GoTime.text(until)));
    }

    void exhausted(long streamSeq, int deliveries) {
        publish(
                "MAX_DELIVERIES",
                "max_deliver",
                json -> json.field("stream_seq", streamSeq).field("deliveries", deliveries));
    }

    void naked(AckSubject ack) {
        publish(
                "MSG_NAKED",
                "nak",
                json -> json.field("consumer_seq", ack.consumerSeq())
                        .field("stream_seq", ack.streamSeq())
                        .field("deliveries", ack.deliveries()));
    }

    void terminated(AckSubject ack, String reason) {
        publish("MSG_TERMINATED", "terminated", json -> {
            json.field("consumer_seq", ack.consumerSeq())
                    .field("stream_seq", ack.streamSeq())
                    .field("deliveries", ack.deliveries());
            if (!reason.isEmpty()) {
                json.field("reason", reason);
            }
        });
    }

    void pinned(String group, String pin) {
        publishOfAccount(
                "PINNED",
                "consumer_group_pinned",
                json -> json.field("group", group).field("pinned_id", pin));
    }

    void unpinned(String group, String reason) {
        publishOfAccount(
                "UNPINNED",
                "consumer_group_unpinned",
                json -> json.field("group", group).field("reason", reason));
    }

    /** A measured acknowledgement: how long the message took. */
    void sampled(AckSubject ack, long tookNs) {
        advisories.publish(
                "METRIC.CONSUMER.ACK." + stream + "." + consumer,
                "metric.v1.consumer_ack",
                json -> names(json)
                        .field("consumer_seq", ack.consumerSeq())
                        .field("stream_seq", ack.streamSeq())
                        .field("ack_time", tookNs)
                        .field("deliveries", ack.deliveries()));
    }

    private void publish(String event, String type, Consumer<JsonWriter> fields) {
        advisories.publish(
                "ADVISORY.CONSUMER." + event + "." + stream + "." + consumer,
                "advisory.v1." + type,
                json -> fields.accept(names(json)));
    }

    private void publishOfAccount(String event, String type, Consumer<JsonWriter> fields) {
        advisories.publish(
                "ADVISORY.CONSUMER." + event + "." + stream + "." + consumer,
                "advisory.v1." + type,
                json -> fields.accept(names(json.field("account", account))));
    }

    private JsonWriter names(JsonWriter json) {
        return json.field("stream", stream).field("consumer", consumer);
    }
}
