package io.leafd.jetstream.consumer.pull;

import io.leafd.protocol.Subject;

/** An open pull request. Owned by its {@link PullQueue}. */
public final class PullRequest {
    /** Behind all priorities that can be named. */
    static final int UNNAMED_PRIORITY = 10;

    private static final long NEVER_NS = Long.MAX_VALUE;

    private final Subject reply;
    private final PullBody body;
    private final long expiresAtNs;
    private final boolean expires;
    private String pin;
    private long left;
    private long bytesLeft;
    private boolean delivered;
    private long heartbeatAtNs;

    PullRequest(Subject reply, PullBody body, long nowNs) {
        this.reply = reply;
        this.body = body;
        this.expires = body.expiresNs() > 0;
        this.expiresAtNs = nowNs + body.expiresNs();
        this.left = body.batch();
        this.bytesLeft = Math.max(0, body.maxBytes());
        this.heartbeatAtNs = nowNs + body.heartbeatNs();
        this.pin = body.group().id();
    }

    /** Where its messages go. */
    public Subject reply() {
        return reply;
    }

    PullBody body() {
        return body;
    }

    String pin() {
        return pin;
    }

    void pin(String given) {
        pin = given;
    }

    int priority() {
        return body.formal() ? (int) body.group().priority() : UNNAMED_PRIORITY;
    }

    /** Messages still wanted. */
    long left() {
        return left;
    }

    long bytesLeft() {
        return bytesLeft;
    }

    boolean hasDelivered() {
        return delivered;
    }

    boolean expires() {
        return expires;
    }

    boolean expired(long nowNs) {
        return expires && nowNs - expiresAtNs > 0;
    }

    boolean heartbeatDue(long nowNs) {
        return body.heartbeatNs() > 0 && nowNs - heartbeatAtNs >= 0;
    }

    void heartbeatFrom(long nowNs) {
        heartbeatAtNs = nowNs + body.heartbeatNs();
    }

    /** Whether a message of this size fits; if so it is taken off. Exactly fitting ends the request with this message. */
    boolean take(long bytes) {
        if (bytesLeft == 0) {
            return true;
        }
        if (bytes > bytesLeft) {
            return false;
        }
        bytesLeft -= bytes;
        if (bytesLeft == 0) {
            left = 1;
        }
        return true;
    }

    /** Counts one message. */
    void deliver() {
        left--;
        delivered = true;
    }

    /** Nanoseconds until it expires or wants a heartbeat. */
    long dueNs(long nowNs) {
        long due = expires ? expiresAtNs - nowNs + 1 : NEVER_NS;
        return body.heartbeatNs() > 0 ? Math.min(due, heartbeatAtNs - nowNs) : due;
    }

    @Override
    public String toString() {
        return "pull to " + reply + " left " + left;
    }
}
