package io.leafd.jetstream.consumer.ack;

import org.jspecify.annotations.Nullable;

/** Pending messages that shall be delivered again, in the order in which that was decided. Owned by the store loop. */
final class RedeliveryQueue {
    private @Nullable PendingMessage head;
    private @Nullable PendingMessage tail;
    private int size;

    int size() {
        return size;
    }

    @Nullable
    PendingMessage peek() {
        return head;
    }

    /** Appends a message that is not queued. */
    void add(PendingMessage message) {
        assert !message.queued;
        message.queued = true;
        message.queuedBefore = tail;
        if (tail == null) {
            head = message;
        } else {
            tail.queuedAfter = message;
        }
        tail = message;
        size++;
    }

    /** Takes a message out wherever it is; harmless if it is not queued. */
    void remove(PendingMessage message) {
        if (!message.queued) {
            return;
        }
        PendingMessage before = message.queuedBefore;
        PendingMessage after = message.queuedAfter;
        if (before == null) {
            head = after;
        } else {
            before.queuedAfter = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.queuedBefore = before;
        }
        message.queued = false;
        message.queuedBefore = null;
        message.queuedAfter = null;
        size--;
    }

    void clear() {
        head = null;
        tail = null;
        size = 0;
    }
}
