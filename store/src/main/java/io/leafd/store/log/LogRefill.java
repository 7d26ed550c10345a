package io.leafd.store.log;

/**
 * Puts lost messages of one log back where they were. Owned by the store loop.
 *
 * <pre>
 *                                 lost                              lost
 *   before:   first = 101   ├─ 101 ... 400 ─┤ 401 402 (deleted, lost) 900 ...        and 1 to 100 below the front
 *   after:    first = 1     every sequence at its place, counted and indexed as if it had never been away
 * </pre>
 *
 * What is staged for one message is written in one piece: record, number, subject entry, index, and that it is lost no more. So after a
 * crash in the middle it is either back or still lost.
 *
 * <p>Losses at the front had moved the first sequence up, and the first one put back moves it down again. Whatever is between the two
 * counts as deleted, lost or not. Their records of deletes may have been trimmed; so they are marked once more.
 */
final class LogRefill {
    private final LogParts parts;
    private final LogNumbers numbers;

    LogRefill(LogParts parts) {
        this.parts = parts;
        this.numbers = parts.numbers();
    }

    /** Puts one back; false if it is not among the lost ones. */
    boolean putBack(NewMessage message) {
        long seq = message.seq();
        if (!parts.lost().contains(seq) || seq > numbers.lastSeq) {
            return false;
        }
        if (seq < numbers.firstSeq) {
            parts.deleted().cover(seq + 1, Math.min(numbers.firstSeq - 1, numbers.lastSeq));
        }
        parts.deleted().remove(seq);
        if (seq < numbers.firstSeq) {
            numbers.firstSeq = seq;
            numbers.trimmedSeq = Math.min(numbers.trimmedSeq, seq);
        }
        SubjectEntry entry = parts.subjects().findOrMake(message.subject());
        int sizeBytes = message.sizeBytes();
        if (entry.count == 0) {
            numbers.subjects++;
        }
        entry.putBack(seq, sizeBytes);
        parts.subjects().changed(entry);
        parts.index().put(entry.id, seq, sizeBytes);
        parts.messages().putBack(message);
        numbers.messages++;
        numbers.bytes += sizeBytes;
        numbers.changed(parts.shared().engine());
        parts.lost().settle(seq, seq);
        return true;
    }
}
