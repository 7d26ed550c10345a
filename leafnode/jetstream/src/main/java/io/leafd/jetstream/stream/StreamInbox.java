package io.leafd.jetstream.stream;

import io.leafd.broker.MessageHandler;
import io.leafd.broker.interest.Delivery;
import io.leafd.jetstream.api.Fault;
import io.leafd.jetstream.api.JsError;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import io.leafd.store.Store;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where published messages enter a stream: copies each and hands it to the store loop. Messages come on event loops, everything
 * else on the store loop.
 *
 * <p>The inbox of the store loop is bounded. A message that finds it full is refused with 429 at once, and its publisher paused. While
 * the store cannot write, the store loop is busy with opening it anew; messages are refused here then, so that nobody waits for that. So
 * they are while a sync takes long on a disk that is about to be full; but one whose publisher waits for no answer is let in then.
 */
final class StreamInbox implements MessageHandler {
    private static final byte[] TOO_MANY = Headers.status(429, "Too Many Requests");
    private static final byte[] NO_HEADERS = {};
    private static final int OVERHEAD_BYTES = 128;

    private final IntakeGate gate;
    private final Map<String, Runnable> subscriptions = new HashMap<>();
    private volatile StreamIngest ingest;

    StreamInbox(IntakeGate gate, StreamIngest ingest) {
        this.gate = gate;
        this.ingest = ingest;
    }

    IntakeGate gate() {
        return gate;
    }

    /** Who decides about messages at present. Any thread. */
    StreamIngest ingest() {
        return ingest;
    }

    /** Begins to take messages on these subjects, and no others, decided by {@code newIngest}. */
    void open(List<String> subjects, StreamIngest newIngest) {
        ingest = newIngest;
        for (String subject : subjects) {
            subscriptions.computeIfAbsent(
                    subject, filter -> newIngest.stream().scope().port().subscribe(filter, this));
        }
        subscriptions.entrySet().removeIf(entry -> {
            boolean gone = !subjects.contains(entry.getKey());
            if (gone) {
                entry.getValue().run();
            }
            return gone;
        });
    }

    /** Takes no more messages. */
    void close() {
        subscriptions.values().forEach(Runnable::run);
        subscriptions.clear();
    }

    @Override
    public boolean onMessage(Delivery delivery) {
        Store store = ingest.stream().scope().store();
        if (!store.available()) {
            refuse(delivery, NO_HEADERS, JsError.STREAM_STORE_FAILED.with("store not available"));
        } else if (store.refusing() && answers(delivery)) {
            answer(delivery, NO_HEADERS, ingest.noRoom());
        } else if (!queue(delivery)) {
            refuse(delivery, TOO_MANY, JsError.STREAM_TOO_MANY_REQUESTS.with());
        }
        return true;
    }

    private boolean queue(Delivery delivery) {
        MessageView message = delivery.message();
        IntakeRing ring = gate.ring(delivery.loop());
        IntakeRing.Held body = ring.put(message.buf, message.bodyOffset, message.bodyLength);
        var publish = new Publish(this, message, delivery.loop(), ring, body);
        int bytes = message.bodyLength + message.subjectLength + OVERHEAD_BYTES;
        boolean queued = gate.offer(publish, bytes, delivery.origin());
        if (!queued) {
            ring.takeBack(body);
        }
        return queued;
    }

    private void refuse(Delivery delivery, byte[] headers, Fault fault) {
        if (answers(delivery)) {
            answer(delivery, headers, ingest.refused(fault));
        }
    }

    private boolean answers(Delivery delivery) {
        return delivery.message().hasReply() && ingest.answers();
    }

    private void answer(Delivery delivery, byte[] headers, byte[] payload) {
        Subject reply = Objects.requireNonNull(delivery.message().reply());
        ingest.stream().scope().port().answer(Message.withHeaders(reply, null, headers, payload), delivery.loop());
    }
}
