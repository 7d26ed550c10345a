package io.leafd.jetstream.stream;

import static io.leafd.jetstream.stream.StreamField.*;

import io.leafd.protocol.Subject;
import io.leafd.store.log.RemovalVisitor;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a stream within {@code max_msgs}, {@code max_bytes} and {@code max_msgs_per_subject}. Owned by the store loop.
 *
 * <p>With {@code discard: new} a message that does not fit is refused beforehand; the limit per subject still takes away the
 * oldest of the subject unless {@code discard_new_per_subject} says otherwise. With {@code discard: old} it is stored, and then the
 * front gives way.
 */
final class StreamLimits {
    private final StreamLog log;
    private final RemovalVisitor onRemoved;
    private final long maxMsgs;
    private final long maxBytes;
    private final long maxMsgsPerSubject;
    private final boolean discardNew;
    private final boolean discardNewPerSubject;

    StreamLimits(StreamLog log, StreamConfig config, RemovalVisitor onRemoved) {
        this.log = log;
        this.onRemoved = onRemoved;
        this.maxMsgs = config.get(MAX_MSGS);
        this.maxBytes = config.get(MAX_BYTES);
        this.maxMsgsPerSubject = config.get(MAX_MSGS_PER_SUBJECT);
        this.discardNew = config.get(DISCARD) == Discard.NEW;
        this.discardNewPerSubject = config.is(DISCARD_NEW_PER_SUBJECT);
    }

    /** Why a message may not be stored, in nats-server's words; null if it may. */
    @Nullable
    String refusal(Subject subject, int sizeBytes) {
        if (!discardNew) {
            return null;
        }
        long replacedSeq = 0;
        if (maxMsgsPerSubject > 0 && log.messages(subject) >= maxMsgsPerSubject) {
            if (discardNewPerSubject) {
                return "maximum messages per subject exceeded";
            }
            replacedSeq = log.firstSeq(subject);
        }
        if (maxMsgs > 0 && log.messages() >= maxMsgs && replacedSeq == 0) {
            return "maximum messages exceeded";
        }
        if (maxBytes > 0 && log.bytes() + sizeBytes > maxBytes && sizeOf(replacedSeq) < sizeBytes) {
            return "maximum bytes exceeded";
        }
        return null;
    }

    /** Removes what exceeds the limits after a message on this subject was stored. */
    void enforce(Subject subject) {
        if (maxMsgsPerSubject > 0) {
            while (log.messages(subject) > maxMsgsPerSubject) {
                log.removeFirst(subject, onRemoved);
            }
        }
        while (exceeded()) {
            log.removeFirst(onRemoved);
        }
    }

    /** Removes at most {@code max} messages that exceed limits of the whole stream; true if there are more. */
    boolean enforceAll(int max) {
        for (int i = 0; i < max && exceeded(); i++) {
            log.removeFirst(onRemoved);
        }
        return exceeded();
    }

    private boolean exceeded() {
        return log.messages() > 0
                && (maxMsgs > 0 && log.messages() > maxMsgs || maxBytes > 0 && log.bytes() > maxBytes);
    }

    private int sizeOf(long seq) {
        return seq > 0 && log.get(seq) instanceof StoredMessage message ? message.sizeBytes() : 0;
    }
}
