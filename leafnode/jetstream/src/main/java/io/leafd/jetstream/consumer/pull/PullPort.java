package io.leafd.jetstream.consumer.pull;

import io.leafd.protocol.Subject;

/** What a {@link PullQueue} needs of its consumer. */
public interface PullPort {
    /** Sends a frame without payload to a requester. */
    void status(Subject reply, byte[] headers);

    /** Tells a requester that the consumer lives. */
    void heartbeat(Subject reply);

    /** Whether somebody would get a message on this subject. */
    boolean hasInterest(Subject reply);

    /** A new name for a pin. */
    String newPin();

    /** A client of the group was pinned. */
    void onPinned(String group, String pin);

    /** The group's client lost its pin: {@code timeout} or {@code admin}. */
    void onUnpinned(String group, String reason);
}
