package io.leafd.store.log;

import io.leafd.protocol.Subject;
import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Keys;
import io.leafd.store.engine.WriteGroup;
import io.leafd.store.loop.StoreException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one log on disk, with the newest in memory. Owned by the store loop.
 *
 * <p>Stored in family {@code messages}: key = stream id (8), seq (8); body = {@link MessageRecord}. Whether a record counts is
 * not decided here: records below the first sequence and of deleted sequences are dead, see {@link DeletedSeqs}.
 */
final class MessageTable {
    private static final int KEY_BYTES = 16;

    private final LogResources shared;
    private final Engine engine;
    private final long streamId;
    private final LogNumbers numbers;
    private final Tail tail;
    /** Subject of the last message read: most neighbours have it too. */
    private @Nullable Subject likely;

    MessageTable(LogResources shared, long streamId, LogNumbers numbers) {
        this.numbers = numbers;
        this.shared = shared;
        this.engine = shared.engine();
        this.streamId = streamId;
        this.tail = new Tail(shared.tails());
    }

    Tail tail() {
        return tail;
    }

    /** Stages a new message. */
    void put(NewMessage message) {
        write(message);
        tail.append(message);
    }

    private void write(NewMessage message) {
        WriteGroup group = engine.group();
        group.key(KEY_BYTES).putLong(streamId).putLong(message.seq());
        MessageRecord.write(group.value(message.recordBytes()), message);
        group.put(Family.MESSAGES);
    }

    /** Stages a message that was lost, at its place before newer ones. */
    void putBack(NewMessage message) {
        write(message);
        if (tail.covers(message.seq())) {
            tail.clear(); // it says that there is none
        }
    }

    /** Stages the removal of one record. */
    void delete(long seq) {
        WriteGroup group = engine.group();
        group.key(KEY_BYTES).putLong(streamId).putLong(seq);
        group.delete(Family.MESSAGES);
        tail.remove(seq);
    }

    /** Stages the removal of the records from {@code fromSeq} to before {@code toSeq}. */
    void deleteRange(long fromSeq, long toSeq) {
        engine.group().deleteRange(Family.MESSAGES, Keys.of(streamId, fromSeq), Keys.of(streamId, toSeq));
        tail.removeRange(fromSeq, toSeq);
    }

    /** Frees whole files of records from {@code fromSeq} to before {@code toSeq}, durably dead ones. */
    void dropFiles(long fromSeq, long toSeq) {
        engine.dropFiles(Family.MESSAGES, Keys.of(streamId, fromSeq), Keys.of(streamId, toSeq));
    }

    /** The message of a live sequence, or the damage. */
    LogEntry get(long seq) {
        ByteBuffer recent = tail.covers(seq) ? tail.record(seq) : null;
        if (recent != null) {
            return decode(seq, recent);
        }
        ByteBuffer key =
                shared.lookupKey(KEY_BYTES).putLong(streamId).putLong(seq).flip();
        ByteBuffer raw;
        try {
            raw = engine.raw(Family.MESSAGES, key);
            if (raw == null) {
                numbers.readThrough(
                        engine); // it may be staged and have left the tail; a record that is there never changes
                raw = engine.raw(Family.MESSAGES, key);
            }
        } catch (StoreException.Corrupt e) {
            return shared.damage().met(streamId, new DamagedRange(seq, seq, String.valueOf(e.getMessage())));
        }
        if (raw == null) {
            return shared.damage().met(streamId, new DamagedRange(seq, seq, DamagedRange.MISSING));
        }
        String problem = engine.problem(key, raw);
        if (problem != null) {
            return shared.damage().met(streamId, new DamagedRange(seq, seq, problem));
        }
        return decode(seq, raw);
    }

    /** Has staged messages written, so that scans see them. */
    void readThrough() {
        numbers.readThrough(engine);
    }

    /** Reads a checked body. */
    StoredMessage decode(long seq, ByteBuffer body) {
        StoredMessage message = MessageRecord.read(seq, body, likely);
        likely = message.subject();
        return message;
    }

    /** Whether the subject of a checked body matches; the body is left as it is. */
    boolean matches(ByteBuffer body, LogFilter filter) {
        if (filter.all()) {
            return true;
        }
        int subjectBytes = MessageRecord.subjectBytes(body);
        byte[] scratch = shared.scratch(subjectBytes);
        MessageRecord.copySubject(body, scratch, subjectBytes);
        return filter.matches(scratch, 0, subjectBytes);
    }

    long streamId() {
        return streamId;
    }
}
