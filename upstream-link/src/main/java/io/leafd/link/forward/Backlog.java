package io.leafd.link.forward;

import io.leafd.protocol.Message;
import java.util.List;

/**
 * The stream that a forward reads, and the place where it keeps its position. Owned by the store loop.
 *
 * <p>Only messages that are on disk are shown. Whatever is written becomes durable with the loop's current group.
 */
interface Backlog {
    /**
     * A stored message.
     *
     * @param seq its sequence in the local stream
     * @param timestampNs when it was stored, nanoseconds since 1970
     */
    record Item(long seq, long timestampNs, Message message) {
        int bytes() {
            return message.subject().length() + message.body().length;
        }
    }

    /** Sequence of the newest durable message, 0 if there never was one. */
    long lastSeq();

    /**
     * The messages from {@code fromSeq} on, in order, gaps left out.
     *
     * @param bytesMax the first message is given whatever its size
     */
    List<Item> read(long fromSeq, int countMax, int bytesMax);

    /** The upstream holds this message: it may go if the stream exists for this forward alone. */
    void release(long seq);

    /** Keeps {@code progress}; replaces what was kept before. */
    void save(Progress progress);

    /** Keeps the parked messages; replaces what was kept before. */
    void save(Parked parked);

    /** Runs {@code then} on this loop when everything saved so far is durable; never, if that fails. */
    void afterCommit(Runnable then);
}
