package io.leafd.store.log;

import io.leafd.protocol.Subject;

/** Learns of each message that a removal takes out of a log, so that consumers can adjust. Called on the store loop. */
@FunctionalInterface
public interface RemovalVisitor {
    /** For callers that do not care. */
    RemovalVisitor NONE = (seq, subject, sizeBytes) -> {};

    /** The message was removed from the log's state. Must not change the log. */
    void removed(long seq, Subject subject, int sizeBytes);
}
