package io.leafd.jetstream.consumer;

import io.leafd.protocol.Subject;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.LogEntry;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.LogReader;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer has not delivered yet: the next message, and how many there are. Owned by the store loop.
 *
 * <pre>
 *                 nextSeq                  lastOnlyUntil
 *                    ▼                            ▼
 *   ─ delivered ─────┤ only last of each subject ─┤── every match ──▶
 * </pre>
 *
 * <p>The part up to {@code lastOnlyUntil} exists only for {@code last_per_subject}, until it is read. It is read from a list of
 * sequences made at creation; after a restart, or with more than {@value #LAST_SEQS_MAX} subjects, from the log, leaving out
 * what is not the last of its subject.
 *
 * <p>The count is kept as messages come and go, never by counting: exact, except that with neither list nor end of that part it
 * may be too high by messages that were superseded meanwhile; it is counted anew at the end of the part.
 */
final class Feed {
    static final int LAST_SEQS_MAX = 262_144;

    private final StreamLog log;
    private LogFilter filter;
    private @Nullable LogReader reader;
    private @Nullable StoredMessage head;
    private long nextSeq;
    private long pending;
    private long lastOnlyUntil;
    private long @Nullable [] lastSeqs;
    private int lastAt;

    Feed(StreamLog log, LogFilter filter) {
        this.log = log;
        this.filter = filter;
    }

    /** Reads from here on. */
    void start(long seq) {
        nextSeq = seq;
        close();
        recount();
    }

    /** Reads from {@code seq} on, up to {@code until} only the last message of each subject. */
    void startWithLast(long seq, long until) {
        lastOnlyUntil = until;
        long[] seqs = log.lastPerSubject(filter, until, LAST_SEQS_MAX);
        lastSeqs = seqs.length > LAST_SEQS_MAX ? null : seqs;
        lastAt = 0;
        start(seq);
    }

    /** Goes on after a restart: {@code until} is what {@link #lastOnlyUntil} was. */
    void restore(long seq, long until) {
        lastOnlyUntil = until;
        start(seq);
    }

    /** Wants other messages from now on; what was read stays read. */
    void filter(LogFilter wanted) {
        filter = wanted;
        start(nextSeq);
    }

    LogFilter filter() {
        return filter;
    }

    /** Lowest sequence that was not considered yet. */
    long nextSeq() {
        return nextSeq;
    }

    /** Up to where only the last message of each subject is wanted; 0 if that part is read. */
    long lastOnlyUntil() {
        return lastOnlyUntil;
    }

    /** Messages that are wanted and not taken. */
    long pending() {
        return Math.max(0, pending);
    }

    /** The next message, which stays the next until it is {@link #take}n; null if there is none, or none was found yet. */
    @Nullable
    StoredMessage peek() {
        while (head == null) {
            leaveLastOnly();
            if (nextSeq <= lastOnlyUntil && lastSeqs != null) {
                head = nextOfList(lastSeqs);
            } else if (!readOn()) {
                return null;
            }
        }
        return head;
    }

    /** Whether {@link #peek} answered null because there is nothing more; otherwise it has to be asked again. */
    boolean caughtUp() {
        return nextSeq > log.lastSeq();
    }

    /** The message of the last {@link #peek} is delivered. */
    void take(StoredMessage message) {
        nextSeq = message.seq() + 1;
        head = null;
        pending--;
    }

    /** A message that is wanted was stored. */
    void onAppended() {
        pending++;
    }

    /** A message that is wanted was removed. */
    void onRemoved(long seq) {
        if (seq < nextSeq) {
            return;
        }
        StoredMessage waiting = head;
        if (waiting != null && waiting.seq() == seq) {
            head = null;
            nextSeq = seq + 1;
        }
        long[] list = lastSeqs;
        boolean counted = seq > lastOnlyUntil || (list != null && Arrays.binarySearch(list, seq) >= 0);
        pending -= counted ? 1 : 0;
    }

    /** The stream was purged: nothing below {@code seq} is wanted any more. */
    void onPurged(long seq) {
        start(Math.max(nextSeq, seq));
    }

    /** Messages came back into the stream, perhaps in front of what was read ahead. */
    void onPutBack() {
        start(nextSeq);
    }

    /** Gives memory back while nobody reads. */
    void close() {
        head = null;
        LogReader open = reader;
        if (open != null) {
            open.close();
            reader = null;
        }
    }

    private void recount() {
        long[] list = lastSeqs;
        if (nextSeq > lastOnlyUntil) {
            pending = log.countFrom(nextSeq, filter);
        } else if (list != null) {
            int at = Arrays.binarySearch(list, nextSeq);
            lastAt = at >= 0 ? at : -at - 1;
            pending = list.length - lastAt + log.countFrom(lastOnlyUntil + 1, filter);
        } else {
            long[] count = {0};
            log.subjects(filter, (subject, messages, lastSeq) -> {
                count[0] += lastSeq >= nextSeq && lastSeq <= lastOnlyUntil ? 1 : 0;
                return true;
            });
            pending = count[0] + log.countFrom(lastOnlyUntil + 1, filter);
        }
    }

    /** Goes over to reading every match once the part before it is read. */
    private void leaveLastOnly() {
        if (lastOnlyUntil > 0 && nextSeq > lastOnlyUntil) {
            boolean exact = lastSeqs != null;
            lastOnlyUntil = 0;
            lastSeqs = null;
            close();
            if (!exact) {
                recount();
            }
        }
    }

    private @Nullable StoredMessage nextOfList(long[] list) {
        while (lastAt < list.length && list[lastAt] < nextSeq) {
            lastAt++;
        }
        if (lastAt == list.length) {
            nextSeq = lastOnlyUntil + 1;
            return null;
        }
        nextSeq = list[lastAt];
        if (log.get(nextSeq) instanceof StoredMessage message) {
            return message;
        }
        nextSeq++; // removed meanwhile, or damaged
        return null;
    }

    /** Reads one entry of the log. Whether there may be more. */
    private boolean readOn() {
        LogReader open = reader;
        if (open == null) {
            open = log.reader(nextSeq, filter);
            reader = open;
        }
        LogEntry entry = open.next();
        switch (entry) {
            case null -> {
                nextSeq = Math.max(nextSeq, open.caughtUp() ? log.lastSeq() + 1 : open.position());
                if (caughtUp() && lastOnlyUntil == 0) {
                    pending = 0; // what was counted and cannot be read: damaged
                }
                return false;
            }
            case DamagedRange damage -> nextSeq = damage.lastSeq() + 1;
            case StoredMessage message -> {
                if (message.seq() <= lastOnlyUntil && isSuperseded(message.subject(), message.seq())) {
                    nextSeq = message.seq() + 1;
                } else {
                    head = message;
                }
            }
        }
        return true;
    }

    private boolean isSuperseded(Subject subject, long seq) {
        return log.lastSeq(subject) != seq;
    }
}
