package io.leafd.jetstream.consumer;

import static io.leafd.jetstream.consumer.config.ConsumerConfig.*;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.consumer.ack.AckState;
import io.leafd.jetstream.consumer.ack.SeqPair;
import io.leafd.jetstream.consumer.config.ConsumerConfig;
import io.leafd.jetstream.consumer.pull.PullQueue;
import io.leafd.jetstream.json.GoTime;
import io.leafd.protocol.json.JsonWriter;
import java.time.Duration;
import java.time.Instant;

/** The description of a consumer in answers, field by field in the order of nats-server. Used on the store loop. */
final class ConsumerInfo {
    private final Consumer consumer;

    ConsumerInfo(Consumer consumer) {
        this.consumer = consumer;
    }

    /** Writes it as single answers show it: the configuration says who answers. */
    void write(JsonWriter json) {
        writeNames(json);
        AccountScope scope = consumer.stream().scope();
        consumer.config().write(json, scope.serverVersion(), AccountScope.API_LEVEL);
        writeState(json);
    }

    /** Writes it as lists show it. */
    void writeListed(JsonWriter json) {
        writeNames(json);
        consumer.config().write(json);
        writeState(json);
    }

    private void writeNames(JsonWriter json) {
        json.field("stream_name", consumer.stream().name())
                .field("name", consumer.name())
                .field("created", GoTime.text(consumer.createdNs()));
    }

    private void writeState(JsonWriter json) {
        Engine engine = consumer.engine();
        engine.clock().tick();
        AckState acks = engine.acks();
        writePair(json, "delivered", acks.delivered(), engine.activity().deliveredAtNs());
        writePair(json, "ack_floor", acks.floor(), engine.activity().acknowledgedAtNs());
        boolean redelivers = consumer.config().get(MAX_DELIVER) != 1;
        json.field("num_ack_pending", acks.pendingCount())
                .field("num_redelivered", redelivers ? acks.redeliveredCount() : 0)
                .field("num_waiting", waiting(engine))
                .field("num_pending", engine.feed().pending());
        if (engine.mode() instanceof PushMode push && push.active()) {
            json.field("push_bound", true);
        }
        Instant now = consumer.stream().scope().clock().instant();
        writePause(json, now);
        json.field("ts", GoTime.text(now));
        writeGroups(json, engine);
    }

    private static long waiting(Engine engine) {
        if (!(engine.mode() instanceof PullMode pull)) {
            return 0;
        }
        pull.queue().sweep(false, engine.clock().nowNs());
        return pull.queue().size();
    }

    private static void writePair(JsonWriter json, String name, SeqPair pair, long atNs) {
        json.object(name).field("consumer_seq", pair.consumer()).field("stream_seq", pair.stream());
        if (atNs != 0) {
            json.field("last_active", GoTime.text(atNs));
        }
        json.end();
    }

    private void writePause(JsonWriter json, Instant now) {
        Instant until = consumer.config().get(PAUSE_UNTIL);
        if (until != null && now.isBefore(until)) {
            json.field("paused", true)
                    .field("pause_remaining", Duration.between(now, until).toNanos());
        }
    }

    private void writeGroups(JsonWriter json, Engine engine) {
        ConsumerConfig config = consumer.config();
        if (config.get(PRIORITY_GROUPS).isEmpty() || !(engine.mode() instanceof PullMode pull)) {
            return;
        }
        PullQueue queue = pull.queue();
        String pin = queue.pinId();
        json.array("priority_groups")
                .object()
                .field("group", config.get(PRIORITY_GROUPS).getFirst());
        if (pin == null) {
            json.field("pinned_ts", GoTime.NONE);
        } else {
            long agoNs = engine.clock().nowNs() - queue.pinnedAtNs();
            json.field("pinned_client_id", pin)
                    .field("pinned_ts", GoTime.text(engine.clock().wallNs() - agoNs));
        }
        json.end().end();
    }
}
