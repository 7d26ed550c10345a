package io.leafd.store.log;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.loop.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks one log on an engine that is open for reading only: every message, and whether numbers and index say the same as the
 * messages. Owned by the caller; reads everything once, with a look-up in the index for each message.
 */
public final class LogCheck {
    /** Of so many lost or damaged messages it is looked up which subject they had. */
    private static final int NAMED_SEQS_MAX = 10_000;

    private static final int SUBJECTS_MAX = 20;
    private static final int PROBLEMS_MAX = 20;

    private final LogResources shared;
    private final Engine engine;
    private final LogParts parts;
    private final List<DamagedRange> damaged = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private long sound;
    private long bytes;
    private long indexed;

    private LogCheck(LogResources shared, long streamId) {
        this.shared = shared;
        this.engine = shared.engine();
        this.parts = LogParts.of(shared, streamId);
    }

    /**
     * What was found. Immutable.
     *
     * @param numbers what the stream says of itself
     * @param sound messages that were read and are right
     * @param damaged messages that should be there and cannot be read
     * @param lost sequences whose loss was noted earlier, and that wait to be put back
     * @param subjects subjects of the damaged ones, as far as the index tells; some of them, if they are many
     * @param problems disagreements of what is derived from the messages, which leafd puts right by deriving it anew
     */
    public record Result(
            StreamState numbers,
            long sound,
            List<DamagedRange> damaged,
            List<DamagedRange> lost,
            Set<String> subjects,
            List<String> problems) {}

    /** Checks the log of a stream. */
    public static Result of(LogResources shared, long streamId) {
        return new LogCheck(shared, streamId).run();
    }

    private Result run() {
        LogNumbers numbers = parts.numbers();
        ByteBuffer key = shared.lookupKey(LogNumbers.KEY_BYTES)
                .put(LogNumbers.KEY)
                .putLong(parts.streamId())
                .flip();
        try {
            numbers.read(engine.body(Family.METADATA, key));
            if (numbers.hasGaps()) {
                numbers.firstSeq = parts.deleted().nextLive(numbers.firstSeq); // as the opening does it
            }
            parts.lost().load();
            messages();
            totals();
        } catch (StoreException.Corrupt e) {
            problem("its numbers or its record of deletes cannot be read: " + e.getMessage());
        }
        return new Result(
                numbers.snapshot(),
                sound,
                List.copyOf(damaged),
                parts.lost().list(),
                subjects(),
                List.copyOf(problems));
    }

    private void messages() {
        LogNumbers numbers = parts.numbers();
        try (MessageScan scan = parts.scan(numbers.firstSeq, numbers.lastSeq, LogFilter.ALL)) {
            while (scan.advance()) {
                DamagedRange damage = scan.damage();
                if (damage == null) {
                    MessageHead head = scan.head();
                    sound++;
                    bytes += head.sizeBytes();
                    indexOf(head);
                } else {
                    join(damage);
                }
            }
        }
    }

    /** Neighbours become one range. */
    private void join(DamagedRange range) {
        DamagedRange last = damaged.isEmpty() ? null : damaged.getLast();
        if (last != null && last.lastSeq() + 1 == range.firstSeq()) {
            damaged.set(damaged.size() - 1, new DamagedRange(last.firstSeq(), range.lastSeq(), last.reason()));
        } else {
            damaged.add(range);
        }
    }

    private void indexOf(MessageHead head) {
        try {
            SubjectEntry entry = parts.subjects().find(head.subject());
            if (entry == null) {
                problem("message " + head.seq() + " is not counted under its subject");
            } else if (entry.lastSeq < head.seq()) {
                problem("message " + head.seq() + " is newer than the newest of its subject, " + entry.lastSeq);
            } else if (!parts.index().contains(entry.id, head.seq(), head.sizeBytes())) {
                problem("message " + head.seq() + " is not in the index");
            } else {
                indexed++;
            }
        } catch (StoreException.Corrupt e) {
            problem("the index at message " + head.seq() + " cannot be read: " + e.getMessage());
        }
    }

    private void totals() {
        LogNumbers numbers = parts.numbers();
        long lost = damaged.stream().mapToLong(range -> count(range)).sum();
        if (sound + lost != numbers.messages) {
            problem("the stream counts " + numbers.messages + " messages, and there are " + (sound + lost));
        }
        if (lost == 0 && bytes != numbers.bytes) {
            problem("the stream counts " + numbers.bytes + " bytes, and there are " + bytes);
        }
        long[] counted = new long[2];
        try {
            parts.subjects().forEach(LogFilter.ALL, entry -> {
                counted[0] += entry.count;
                counted[1]++;
                return true;
            });
        } catch (StoreException.Corrupt e) {
            problem("the list of subjects cannot be read: " + e.getMessage());
            return;
        }
        if (counted[0] < indexed || counted[0] > sound + lost) {
            problem("the subjects count " + counted[0] + " messages, and there are " + sound);
        }
        if (counted[1] != numbers.subjects) {
            problem("the stream counts " + numbers.subjects + " subjects, and there are " + counted[1]);
        }
    }

    private long count(DamagedRange range) {
        return range.lastSeq() - range.firstSeq() + 1 - parts.deleted().count(range.firstSeq(), range.lastSeq());
    }

    private void problem(String sentence) {
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(sentence);
        } else if (problems.size() == PROBLEMS_MAX) {
            problems.add("and more of the kind");
        }
    }

    /** Subjects of damaged messages, as far as the index knows them. */
    private Set<String> subjects() {
        var ids = new HashSet<Long>();
        var names = new TreeSet<String>();
        try {
            for (DamagedRange range : damaged) {
                collect(range, ids);
            }
            if (!ids.isEmpty()) {
                parts.subjects().forEach(LogFilter.ALL, entry -> {
                    if (ids.contains(entry.id)) {
                        names.add(entry.subject.toString());
                    }
                    return names.size() < SUBJECTS_MAX;
                });
            }
        } catch (StoreException.Corrupt e) {
            return names; // the problem is noted already
        }
        return names;
    }

    private void collect(DamagedRange range, Set<Long> ids) {
        long last = Math.min(range.lastSeq(), range.firstSeq() + NAMED_SEQS_MAX);
        parts.index().forEachOf(range.firstSeq(), last, found -> ids.add(found.subjectId()));
    }
}
