package io.leafd.store.log;

import io.leafd.protocol.Subject;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes many messages by rule, oldest first, a bounded number per call. Owned by the store loop.
 *
 * <p>Three ways: all at once without looking at anything, from the front (only numbers and subject entries change, see {@link
 * LogTrim}), and by subject along the index, where stretches of neighbouring sequences become one range delete.
 */
final class LogPurge {
    /** Index records handled between two writes: bounds what one step holds in memory and stages. */
    private static final int STEP = 512;

    private final LogParts parts;
    private final LogRemoval removal;
    private final LogSearch search;
    private final LogNumbers numbers;

    LogPurge(LogParts parts, LogRemoval removal, LogSearch search) {
        this.parts = parts;
        this.removal = removal;
        this.search = search;
        this.numbers = parts.numbers();
    }

    /** See {@link StreamLog#purge}. */
    long purge(Purge what, long max, RemovalVisitor visitor) {
        if (max <= 0 || numbers.messages == 0) {
            return 0;
        }
        if (what.filter().all()) {
            boolean everything = what.keep() == 0 && what.belowSeq() > numbers.lastSeq;
            return everything && visitor == RemovalVisitor.NONE ? removal.removeAll() : front(what, max, visitor);
        }
        Subject literal = what.filter().literal();
        if (literal != null) {
            return subject(literal, what, max, visitor);
        }
        return what.keep() > 0 ? scanned(what, max, visitor) : subjects(what, max, visitor);
    }

    private long front(Purge what, long max, RemovalVisitor visitor) {
        long removed = 0;
        while (removed < max && numbers.messages > Math.max(0, what.keep()) && numbers.firstSeq < what.belowSeq()) {
            removal.removeFirst(visitor);
            removed++;
            bound(removed);
        }
        return removed;
    }

    private long subjects(Purge what, long max, RemovalVisitor visitor) {
        long removed = 0;
        while (removed < max) {
            List<Subject> step = someSubjects(what);
            if (step.isEmpty()) {
                break;
            }
            long before = removed;
            for (Subject subject : step) {
                removed += subject(subject, what, max - removed, visitor);
            }
            if (removed == before) {
                break; // entries without index records: a damaged index must not keep the loop here for ever
            }
        }
        return removed;
    }

    /** A few subjects with something to purge. */
    private List<Subject> someSubjects(Purge what) {
        var found = new ArrayList<Subject>();
        parts.subjects().forEach(what.filter(), entry -> {
            if (what.belowSeq() > entry.lastSeq || parts.oldestOf(entry).seq() < what.belowSeq()) {
                found.add(entry.subject);
            }
            return found.size() < STEP;
        });
        return found;
    }

    private long subject(Subject subject, Purge what, long max, RemovalVisitor visitor) {
        long removed = 0;
        while (removed < max) {
            SubjectEntry entry = parts.subjects().find(subject);
            if (entry == null || entry.count <= what.keep()) {
                break;
            }
            long count = Math.min(STEP, Math.min(max - removed, entry.count - what.keep()));
            long to = Math.min(what.belowSeq() - 1, entry.lastSeq);
            List<SubjectIndex.Found> step = parts.index().list(entry.id, parts.lowest(entry), to, count);
            if (step.isEmpty()) {
                break;
            }
            removal.removeOldestOf(entry, step, visitor);
            removed += step.size();
        }
        return removed;
    }

    /** Wildcards with {@code keep}: the newest are counted over all subjects, so this goes by sequence. */
    private long scanned(Purge what, long max, RemovalVisitor visitor) {
        long surplus = Math.min(max, search.countFrom(0, what.filter()) - what.keep());
        long removed = 0;
        while (removed < surplus) {
            List<MessageHead> step = heads(what, (int) Math.min(STEP, surplus - removed));
            if (step.isEmpty()) {
                break;
            }
            for (MessageHead head : step) {
                removal.remove(head, visitor);
            }
            removed += step.size();
        }
        return removed;
    }

    private List<MessageHead> heads(Purge what, int max) {
        var heads = new ArrayList<MessageHead>();
        try (MessageScan scan = parts.scan(0, what.belowSeq() - 1, what.filter())) {
            while (heads.size() < max && scan.advance()) {
                if (scan.damage() == null) {
                    heads.add(scan.head());
                }
            }
        }
        return heads;
    }

    /** Writes through now and then, so that a purge of many stages no more than a step. */
    private void bound(long removed) {
        if (removed % STEP == 0) {
            parts.shared().engine().readThrough();
        }
    }
}
