package io.leafd.jetstream.stream;

import io.leafd.jetstream.api.JsError;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.loop.Completion;
import io.leafd.store.loop.StoreException;
import io.leafd.store.loop.Work;
import org.jspecify.annotations.Nullable;

/** One message on its way into a stream, from the inbox to the answer. Made on an event loop, then owned by the store loop. */
final class Publish implements Work, Completion {
    private final StreamInbox inbox;
    private final Message message;
    private final int loop;
    private byte @Nullable [] answer;

    /** @param loop event loop on which it came in */
    Publish(StreamInbox inbox, Message message, int loop) {
        this.inbox = inbox;
        this.message = message;
        this.loop = loop;
    }

    @Override
    public void run() {
        StreamIngest ingest = inbox.ingest();
        byte[] result = ingest.take(message);
        if (message.reply() != null && ingest.answers()) {
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

    private void send(byte @Nullable [] payload) {
        Subject reply = message.reply();
        if (payload != null && reply != null) {
            inbox.ingest().stream().scope().port().answer(Message.of(reply, payload), loop);
        }
    }
}
