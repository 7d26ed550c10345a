package io.leafd.jetstream.mirror;

import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.stream.Stream;
import io.leafd.protocol.Message;
import io.leafd.store.log.StoredMessage;
import org.jspecify.annotations.Nullable;

/** Where copied messages go, and where to go on after a break. Called on the store loop. */
interface CopyTarget {
    /** Where the next consumer at the origin begins, which is asked for then. */
    OriginRequest.Start start();

    /** The origin's identity as last told, empty if it was not. */
    String identity();

    /** Sequence of the origin's message that was copied last, 0 for none; -1 if that is plain from the stream itself. */
    long copied();

    /**
     * The origin made a consumer.
     *
     * @param newIdentity of the origin, empty if it does not say
     * @param skippedTo the origin has nothing for us up to here
     */
    void onConsumer(String newIdentity, long skippedTo);

    /** The origin was deleted and made anew: its sequences begin again. */
    void onNewIdentity(String newIdentity);

    /** The origin has delivered all that it has. */
    default void onIdle() {}

    /**
     * Stores a message; one that is stored already is left alone.
     *
     * @return why it can't be stored now, or null
     */
    @Nullable
    String store(OriginFrame.Data data);

    /** Why the stream may not store this message now, in nats-server's words; null if disk and limits allow it. */
    static @Nullable String refusal(Stream stream, Message kept) {
        int size = StoredMessage.sizeBytes(kept.subject().length(), kept.headerLength(), kept.payloadLength());
        return stream.scope().store().budget().mayAppend(size)
                ? stream.refusal(kept.subject(), size)
                : JsError.INSUFFICIENT_RESOURCES.with().description();
    }
}
