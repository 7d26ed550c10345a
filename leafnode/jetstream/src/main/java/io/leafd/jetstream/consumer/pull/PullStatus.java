package io.leafd.jetstream.consumer.pull;

import io.leafd.protocol.Headers;

/**
 * The status line that answers or ends a pull request. Immutable.
 *
 * @param code number of the status
 * @param text what follows it
 */
public record PullStatus(int code, String text) {
    static final PullStatus NO_MESSAGES = new PullStatus(404, "No Messages");
    static final PullStatus TIMEOUT = new PullStatus(408, "Request Timeout");
    static final PullStatus REQUESTS_PENDING = new PullStatus(408, "Requests Pending");
    static final PullStatus TOO_LARGE = new PullStatus(409, "Message Size Exceeds MaxBytes");
    static final PullStatus COMPLETED = new PullStatus(409, "Batch Completed");
    static final PullStatus MAX_WAITING = new PullStatus(409, "Exceeded MaxWaiting");
    static final PullStatus PIN_MISMATCH = new PullStatus(423, "Nats-Pin-Id mismatch");
    static final PullStatus WRONG_PIN = new PullStatus(423, "Nats-Wrong-Pin-Id");
    /** A push consumer got a pull request. */
    public static final PullStatus PUSH_BASED = new PullStatus(409, "Consumer is push based");
    /** The consumer or its stream was deleted. */
    public static final PullStatus DELETED = new PullStatus(409, "Consumer Deleted");
    /** The consumer had to be loaded anew from disk: ask again. The words are those of a cluster, which clients know. */
    public static final PullStatus MOVED = new PullStatus(409, "Leadership Change");
    /** The server stops. */
    public static final PullStatus SHUTDOWN = new PullStatus(409, "Server Shutdown");

    static PullStatus badRequest(String why) {
        return new PullStatus(400, "Bad Request - " + why);
    }

    static PullStatus exceeded(String what, Object bound) {
        return new PullStatus(409, "Exceeded " + what + " of " + bound);
    }

    /** The header block of its frame. */
    public byte[] headers() {
        return Headers.status(code, text);
    }

    /** The header block of its frame, with what a request leaves open. */
    byte[] headers(long messages, long bytes) {
        return Headers.status(
                code,
                text,
                "Nats-Pending-Messages",
                Long.toString(messages),
                "Nats-Pending-Bytes",
                Long.toString(bytes));
    }
}
