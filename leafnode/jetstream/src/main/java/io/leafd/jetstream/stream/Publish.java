package io.leafd.jetstream.stream;

import io.leafd.jetstream.api.JsError;
import io.leafd.protocol.Message;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import io.leafd.store.loop.Completion;
import io.leafd.store.loop.Refusable;
import io.leafd.store.loop.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way into a stream, from the inbox to the answer. Made on an event loop, then owned by the store loop, or by
 * whoever refuses it before that one comes to it. Its body is gone once it is staged.
 */
final class Publish implements Refusable, Completion {
    private final StreamInbox inbox;
    private final int loop;
    private final IntakeRing ring;
    private final IntakeRing.Held body;
    private final int headerLength;
    private final Subject subject;
    private final @Nullable Subject reply;
    private byte @Nullable [] answer;

    /**
     * A message without its body.
     *
     * @param loop event loop on which it came in
     * @param body its body, in that loop's {@code ring}
     */
    Publish(StreamInbox inbox, MessageView message, int loop, IntakeRing ring, IntakeRing.Held body) {
        this.inbox = inbox;
        this.loop = loop;
        this.ring = ring;
        this.body = body;
        this.headerLength = message.headerLength;
        this.subject = message.route == null ? message.subject() : message.route;
        this.reply = message.reply();
    }

    @Override
    public void run() {
        StreamIngest ingest = inbox.ingest();
        byte[] result;
        try {
            result = ingest.take(subject, ring.read(body), headerLength);
        } finally {
            ring.free(body);
        }
        if (result == ingest.noRoom()) {
            refuse();
            inbox.gate().relieve();
            return;
        }
        if (reply != null && ingest.answers()) {
            answer = result;
        }
        ingest.stream().scope().store().loop().afterCommit(this);
    }

    @Override
    public void committed() {
        send(answer);
        inbox.gate().relieve();
    }

    /** The store failed: at once, or for the whole group. Without a reason that the publisher could act on it stays silent. */
    @Override
    public void failed(StoreException cause) {
        inbox.gate().relieve();
        if (cause instanceof StoreException.Gone) {
            return;
        }
        JsError error =
                cause instanceof StoreException.Full ? JsError.INSUFFICIENT_RESOURCES : JsError.STREAM_STORE_FAILED;
        StreamIngest ingest = inbox.ingest();
        if (ingest.answers()) {
            send(ingest.refused(error.with("store not available")));
        }
    }

    @Override
    public boolean refusable() {
        return reply != null && inbox.ingest().answers();
    }

    /** The disk is full, or about to be and keeps it waiting. */
    @Override
    public void refuse() {
        StreamIngest ingest = inbox.ingest();
        if (ingest.answers()) {
            send(ingest.noRoom());
        }
    }

    private void send(byte @Nullable [] payload) {
        if (payload != null && reply != null) {
            inbox.ingest().stream().scope().port().answer(Message.of(reply, payload), loop);
        }
    }
}
