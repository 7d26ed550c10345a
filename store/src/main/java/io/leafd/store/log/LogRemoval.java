package io.leafd.store.log;

import io.leafd.protocol.Subject;
import io.leafd.store.engine.Engine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages out of one log, one or a few at a time. Owned by the store loop.
 *
 * <p>Each method reads all it needs first and stages afterwards, so that a write in between never cuts it in two. What changes:
 *
 * <pre>
 *              numbers   subject entry   index record   deleted bit   message record
 *   front         x            x          (its block)                  (LogTrim)
 *   interior      x            x               x             x              x
 * </pre>
 */
final class LogRemoval {
    /** From this many neighbours on, one range delete is better than single ones. */
    private static final int RANGE_MIN = 32;
    /** Interior ranges above this have their files freed at once. */
    private static final long FREE_BYTES_MIN = 16L << 20;

    private static final Subject UNKNOWN = Subject.of("");

    private final LogParts parts;
    private final LogNumbers numbers;
    private final LogTrim trim;
    private final Engine engine;
    private long removals;

    LogRemoval(LogParts parts, LogTrim trim) {
        this.parts = parts;
        this.numbers = parts.numbers();
        this.trim = trim;
        this.engine = parts.shared().engine();
    }

    /** Counts removals: who read ahead looks whether this moved. */
    long removals() {
        return removals;
    }

    /** Removes the oldest message; there must be one. */
    void removeFirst(RemovalVisitor visitor) {
        MessageHead head = parts.oldest().first();
        removeFront(head == null ? damagedHead(numbers.firstSeq) : head, visitor);
    }

    private void removeFront(MessageHead head, RemovalVisitor visitor) {
        SubjectEntry entry = parts.subjects().find(head.subject());
        boolean last = entry != null && entry.lastSeq == head.seq();
        long nextFirst = numbers.hasGaps() ? parts.deleted().nextLive(head.seq() + 1) : head.seq() + 1;
        if (entry != null) {
            entry.removedOldest(1, head.seq());
            subjectChanged(entry, last);
            if (parts.lost().first() < head.seq()) { // the front may move down again
                parts.index().delete(entry.id, head.seq());
                parts.messages().delete(head.seq());
            }
        }
        removed(head, visitor);
        numbers.firstSeq = nextFirst;
        parts.messages().tail().dropBelow(nextFirst);
        trim.removed(head.sizeBytes());
    }

    /** Removes a live message. */
    void remove(MessageHead head, RemovalVisitor visitor) {
        if (head.seq() == numbers.firstSeq) {
            removeFront(head, visitor);
            return;
        }
        SubjectEntry entry = parts.subjects().find(head.subject());
        if (entry != null) {
            take(entry, head.seq());
        }
        parts.deleted().add(head.seq());
        parts.messages().delete(head.seq());
        removed(head, visitor);
    }

    /** Removes the oldest messages of one subject, as its index lists them: ascending, at least one. */
    void removeOldestOf(SubjectEntry entry, List<SubjectIndex.Found> oldest, RemovalVisitor visitor) {
        long first = oldest.getFirst().seq();
        if (oldest.size() == 1) {
            remove(new MessageHead(first, 0, entry.subject, oldest.getFirst().sizeBytes()), visitor);
            return;
        }
        entry.removedOldest(oldest.size(), oldest.getLast().seq());
        subjectChanged(entry, entry.count == 0);
        for (SubjectIndex.Found record : oldest) {
            parts.deleted().add(record.seq());
            removed(new MessageHead(record.seq(), 0, entry.subject, record.sizeBytes()), visitor);
        }
        deleteRecords(entry.id, oldest);
        if (first == numbers.firstSeq) {
            numbers.firstSeq = parts.deleted().nextLive(first);
            parts.messages().tail().dropBelow(numbers.firstSeq);
        }
    }

    /** Removes everything without looking at it. */
    long removeAll() {
        long count = numbers.messages;
        numbers.messages = 0;
        numbers.bytes = 0;
        numbers.subjects = 0;
        numbers.firstSeq = numbers.lastSeq + 1;
        numbers.changed(engine);
        parts.subjects().clear();
        parts.oldest().clear();
        parts.messages().tail().clear();
        removals++;
        trim.soon();
        return count;
    }

    /** What limits can know of a damaged message: the index may still tell its subject and size. */
    MessageHead damagedHead(long seq) {
        SubjectIndex.Found found = parts.index().find(seq);
        @Nullable Subject[] subject = new @Nullable Subject[1];
        if (found.seq() == seq) {
            parts.subjects().forEach(LogFilter.ALL, entry -> {
                subject[0] = entry.id == found.subjectId() ? entry.subject : null;
                return subject[0] == null;
            });
        }
        return new MessageHead(seq, 0, subject[0] == null ? UNKNOWN : subject[0], found.sizeBytes());
    }

    /** Takes one message out of its subject's entry and index, wherever it is. */
    private void take(SubjectEntry entry, long seq) {
        if (entry.count == 1 || seq == entry.firstSeq) {
            entry.removedOldest(1, seq);
        } else if (seq == entry.lastSeq) {
            entry.removedLast(parts.index().previous(entry.id, parts.lowest(entry), seq - 1));
        } else {
            entry.removedMiddle();
        }
        parts.index().delete(entry.id, seq);
        subjectChanged(entry, entry.count == 0);
    }

    private void subjectChanged(SubjectEntry entry, boolean gone) {
        if (gone) {
            entry.count = 0;
            numbers.subjects--;
        }
        parts.subjects().changed(entry);
    }

    private void removed(MessageHead head, RemovalVisitor visitor) {
        numbers.messages--;
        numbers.bytes = numbers.messages == 0 ? 0 : numbers.bytes - head.sizeBytes(); // damaged ones have no size
        numbers.changed(engine);
        removals++;
        visitor.removed(head.seq(), head.subject(), head.sizeBytes());
    }

    /** Deletes messages and index records, stretches of neighbours as ranges. */
    private void deleteRecords(long subjectId, List<SubjectIndex.Found> records) {
        int from = 0;
        while (from < records.size()) {
            int to = from + 1;
            long bytes = records.get(from).sizeBytes();
            while (to < records.size()
                    && records.get(to).seq() == records.get(to - 1).seq() + 1) {
                bytes += records.get(to++).sizeBytes();
            }
            deleteMessages(records.get(from).seq(), records.get(to - 1).seq() + 1, bytes);
            from = to;
        }
        from = 0;
        while (from < records.size()) {
            long block = records.get(from).seq() >>> SubjectIndex.BLOCK_BITS;
            int to = from + 1;
            while (to < records.size() && records.get(to).seq() >>> SubjectIndex.BLOCK_BITS == block) {
                to++;
            }
            deleteIndex(subjectId, records.subList(from, to));
            from = to;
        }
    }

    private void deleteMessages(long fromSeq, long toSeq, long bytes) {
        if (toSeq - fromSeq >= RANGE_MIN) {
            parts.messages().deleteRange(fromSeq, toSeq);
            if (bytes >= FREE_BYTES_MIN) {
                trim.freeInterior(fromSeq, toSeq);
            }
            return;
        }
        for (long seq = fromSeq; seq < toSeq; seq++) {
            parts.messages().delete(seq);
        }
    }

    private void deleteIndex(long subjectId, List<SubjectIndex.Found> records) {
        if (records.size() >= RANGE_MIN) {
            parts.index()
                    .deleteRange(
                            subjectId,
                            records.getFirst().seq(),
                            records.getLast().seq());
            return;
        }
        for (SubjectIndex.Found record : records) {
            parts.index().delete(subjectId, record.seq());
        }
    }
}
