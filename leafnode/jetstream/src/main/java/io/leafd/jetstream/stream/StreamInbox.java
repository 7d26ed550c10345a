package io.leafd.jetstream.stream;

import io.leafd.broker.MessageHandler;
import io.leafd.broker.interest.Delivery;
import io.leafd.jetstream.api.Fault;
import io.leafd.jetstream.api.JsError;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.Store;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
        Message message = delivery.message().toMessage();
        Subject route = delivery.message().route;
        Message routed = route == null ? message : message.withSubject(route);
        Store store = ingest.stream().scope().store();
        if (!store.available()) {
            refuse(routed, delivery.loop(), NO_HEADERS, JsError.STREAM_STORE_FAILED.with("store not available"));
            return true;
        }
        var publish = new Publish(this, routed, delivery.loop());
        if (store.refusing() && publish.refusable()) {
            publish.refuse();
            return true;
        }
        int bytes = routed.body().length + routed.subject().length() + OVERHEAD_BYTES;
        if (!gate.offer(publish, bytes, delivery.origin())) {
            refuse(routed, delivery.loop(), TOO_MANY, JsError.STREAM_TOO_MANY_REQUESTS.with());
        }
        return true;
    }

    private void refuse(Message message, int loop, byte[] headers, Fault fault) {
        Subject reply = message.reply();
        StreamIngest now = ingest;
        if (reply != null && now.answers()) {
            now.stream().scope().port().answer(Message.withHeaders(reply, null, headers, now.refused(fault)), loop);
        }
    }
}
