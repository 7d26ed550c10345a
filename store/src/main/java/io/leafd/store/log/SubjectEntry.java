package io.leafd.store.log;

import io.leafd.protocol.Subject;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Staged;
import io.leafd.store.engine.WriteGroup;
import java.nio.ByteBuffer;

/**
 * What is known of one subject of one log: how many messages, which is the last. Owned by the store loop; lives in {@link
 * SubjectTable}'s cache.
 *
 * <p>Stored in family {@code subjects}: key = stream id (8), subject; body = {@code id (8), count (8), firstSeq (8), lastSeq (8),
 * firstSizeBytes (4), lastSizeBytes (4)}. An entry without messages is deleted.
 */
final class SubjectEntry extends EntryCache.Node<SubjectEntry> implements Staged {
    static final int BODY_BYTES = 40;

    final SubjectTable table;
    final long epoch;
    final Subject subject;

    /** Sequence of the message that made the entry: names the subject in the index with eight bytes. Never used twice. */
    long id;

    long count;
    /** No message of the subject is below this. Exactly the oldest if {@link #firstSizeBytes} is known. */
    long firstSeq;

    long lastSeq;
    /** Size of the message at {@link #firstSeq}, 0 if unknown: spares a read when a new value replaces the only one. */
    int firstSizeBytes;

    int lastSizeBytes;

    SubjectEntry(SubjectTable table, long epoch, Subject subject) {
        super(hash(epoch, subject));
        this.table = table;
        this.epoch = epoch;
        this.subject = subject;
    }

    static int hash(long epoch, Subject subject) {
        return subject.hashCode() * 31 + Long.hashCode(epoch);
    }

    /** Counts a new last message. */
    void appended(long seq, int sizeBytes) {
        if (count == 0) {
            id = seq;
            firstSeq = seq;
            firstSizeBytes = sizeBytes;
        }
        count++;
        lastSeq = seq;
        lastSizeBytes = sizeBytes;
    }

    /** Counts a message that was lost and is put back, wherever it belongs. */
    void putBack(long seq, int sizeBytes) {
        if (count == 0) {
            appended(seq, sizeBytes);
            return;
        }
        count++;
        if (seq <= firstSeq) {
            firstSeq = seq;
            firstSizeBytes = sizeBytes;
        }
        if (seq > lastSeq) {
            lastSeq = seq;
            lastSizeBytes = sizeBytes;
        }
    }

    /** Takes away the oldest messages, up to and including {@code seq}. */
    void removedOldest(long messages, long seq) {
        count -= messages;
        firstSeq = seq + 1;
        firstSizeBytes = 0;
        settle();
    }

    /** Takes away the last message; {@code before} is the one before it, if any is left. */
    void removedLast(SubjectIndex.Found before) {
        count--;
        lastSeq = before.seq();
        lastSizeBytes = before.sizeBytes();
        settle();
    }

    /** Takes away a message that is neither first nor last. */
    void removedMiddle() {
        count--;
        settle();
    }

    private void settle() {
        if (count == 1) {
            firstSeq = lastSeq;
            firstSizeBytes = lastSizeBytes;
        }
    }

    /** Fills the fields from a body. */
    void read(ByteBuffer body) {
        id = body.getLong();
        count = body.getLong();
        firstSeq = body.getLong();
        lastSeq = body.getLong();
        firstSizeBytes = body.getInt();
        lastSizeBytes = body.getInt();
    }

    @Override
    public void stage(WriteGroup group) {
        if (!table.current(this)) {
            return;
        }
        table.putKey(group, subject);
        if (count == 0) {
            group.delete(Family.SUBJECTS);
            return;
        }
        group.value(BODY_BYTES)
                .putLong(id)
                .putLong(count)
                .putLong(firstSeq)
                .putLong(lastSeq)
                .putInt(firstSizeBytes)
                .putInt(lastSizeBytes);
        group.put(Family.SUBJECTS);
    }

    @Override
    public void written() {
        pin(false);
        table.written(this);
    }

    @Override
    SubjectEntry self() {
        return this;
    }

    @Override
    int weightBytes() {
        return 160 + subject.length();
    }
}
