package io.leafd.store.log;

import io.leafd.protocol.Subject;

/** Is shown the subjects of a log. Called on the store loop. */
@FunctionalInterface
public interface SubjectVisitor {
    /**
     * One subject with at least one live message. Must not change the log.
     *
     * @return whether to go on
     */
    boolean subject(Subject subject, long messages, long lastSeq);
}
