package io.leafd.jetstream.consumer.push;

import io.leafd.protocol.Subject;
import org.jspecify.annotations.Nullable;

/**
 * How much may be on its way to a receiver that answers flow control requests. Owned by the store loop; pure.
 *
 * <pre>
 *   sent, unanswered  ├────────────────────────┤
 *   window            ├───────────────┼───────────────┤   half full: a request goes out; beyond the end: sending stops
 *                                   half             2 MiB, doubled by each answer up to 32 MiB
 * </pre>
 *
 * <p>At most one request is outstanding. Its answer covers what was sent before it. Source: observed on nats-server 2.15 and its
 * source.
 */
public final class FlowWindow {
    static final long MAX_BYTES = 32L << 20;
    static final long START_BYTES = MAX_BYTES / 16;

    private long windowBytes = START_BYTES;
    private long sentBytes;
    private long coveredBytes;
    private @Nullable Subject request;

    /** Whether more may be sent. */
    public boolean open() {
        return sentBytes <= windowBytes;
    }

    /**
     * Counts a message.
     *
     * @param stuck whether nothing more can be sent anyway before an answer: then a request goes out early
     * @return whether a request has to be sent: name it with {@link #request(Subject)}
     */
    public boolean sent(long bytes, boolean stuck) {
        sentBytes += bytes;
        if (request == null) {
            return stuck || sentBytes > windowBytes / 2;
        }
        if (sentBytes - coveredBytes >= windowBytes) {
            coveredBytes += bytes;
        }
        return false;
    }

    /** A request went out; its answer will come on this subject. */
    public void request(Subject reply) {
        request = reply;
        coveredBytes = sentBytes;
    }

    /** A message came on a subject of flow control. Whether it answers the outstanding request. */
    public boolean answered(Subject subject) {
        if (!subject.equals(request)) {
            return false;
        }
        windowBytes = Math.min(MAX_BYTES, windowBytes * 2);
        sentBytes = Math.max(0, sentBytes - coveredBytes);
        coveredBytes = 0;
        request = null;
        return true;
    }

    /** Where the outstanding request is to be answered, or null. */
    public @Nullable Subject outstanding() {
        return request;
    }

    /** Forgets what is on its way: another receiver takes over. */
    public void reset() {
        windowBytes = START_BYTES;
        sentBytes = 0;
        coveredBytes = 0;
        request = null;
    }
}
