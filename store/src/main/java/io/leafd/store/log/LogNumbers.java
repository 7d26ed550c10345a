package io.leafd.store.log;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Staged;
import io.leafd.store.engine.WriteGroup;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one log, changed with every operation and written once per group. Owned by the store loop.
 *
 * <p>Stored in family {@code metadata}: key = {@code 'T'}, stream id (8); body = {@code messages, bytes, firstSeq, lastSeq,
 * lastTimestampNs, subjects, trimmedSeq} (8 each), {@code hasRuns} (1).
 */
final class LogNumbers implements Staged {
    static final byte KEY = 'T';
    static final int KEY_BYTES = 9;
    static final int BODY_BYTES = 57;

    private final long streamId;
    long messages;
    long bytes;
    /** Oldest live sequence; {@code lastSeq + 1} without messages. */
    long firstSeq = 1;

    long lastSeq;
    long lastTimestampNs;
    long subjects;
    /** Records of messages below this were removed from the disk; those from here to {@link #firstSeq} are dead but there. */
    long trimmedSeq = 1;
    /** Whether {@link DeletedSeqs} ever stored a run. */
    boolean hasRuns;

    /** While {@link LogRebuild} counts, {@link #messages} says nothing about gaps. */
    boolean recounting;

    private final WrittenNumbers listener;
    private boolean waiting;
    private boolean discarded;
    /** What the batch under way holds. */
    private StreamState staged = StreamState.EMPTY;

    LogNumbers(long streamId, WrittenNumbers listener) {
        this.streamId = streamId;
        this.listener = listener;
    }

    /** Whether any sequence between first and last is deleted. */
    boolean hasGaps() {
        return recounting || lastSeq - firstSeq + 1 != messages;
    }

    /** Has them written with the group. */
    void changed(Engine engine) {
        if (!waiting) {
            waiting = true;
            engine.group().later(this);
        }
    }

    /** Has what is staged of this log written, so that scans see it. Every operation that stages anything changes these numbers. */
    void readThrough(Engine engine) {
        if (waiting || recounting) {
            engine.readThrough();
        }
    }

    /** Takes what is on disk; a log without a record is empty. */
    void read(@Nullable ByteBuffer body) {
        waiting = false;
        if (body == null) {
            messages = 0;
            bytes = 0;
            firstSeq = 1;
            lastSeq = 0;
            lastTimestampNs = 0;
            subjects = 0;
            trimmedSeq = 1;
            hasRuns = false;
            return;
        }
        messages = body.getLong();
        bytes = body.getLong();
        firstSeq = body.getLong();
        lastSeq = body.getLong();
        lastTimestampNs = body.getLong();
        subjects = body.getLong();
        trimmedSeq = body.getLong();
        hasRuns = body.get() != 0;
    }

    /** Raises the first sequence to what is known to be durable; whatever is below it is dead. */
    void atLeast(StreamState known) {
        firstSeq = Math.max(firstSeq, known.firstSeq());
        lastSeq = Math.max(lastSeq, firstSeq - 1);
        lastTimestampNs = Math.max(lastTimestampNs, known.lastTimestampNs());
    }

    /** The same numbers, apart. */
    LogNumbers copy() {
        var copy = new LogNumbers(streamId, listener);
        copy.messages = messages;
        copy.firstSeq = firstSeq;
        copy.lastSeq = lastSeq;
        return copy;
    }

    StreamState snapshot() {
        return new StreamState(messages, bytes, firstSeq, lastSeq, lastTimestampNs, subjects);
    }

    /** Has them never written again: the stream is gone. */
    void discard() {
        discarded = true;
    }

    @Override
    public void stage(WriteGroup group) {
        if (discarded) {
            return;
        }
        staged = snapshot();
        group.key(KEY_BYTES).put(KEY).putLong(streamId);
        group.value(BODY_BYTES)
                .putLong(messages)
                .putLong(bytes)
                .putLong(firstSeq)
                .putLong(lastSeq)
                .putLong(lastTimestampNs)
                .putLong(subjects)
                .putLong(trimmedSeq)
                .put((byte) (hasRuns ? 1 : 0));
        group.put(Family.METADATA);
    }

    @Override
    public void written() {
        waiting = false;
        if (!discarded) {
            listener.written(streamId, staged);
        }
    }
}
