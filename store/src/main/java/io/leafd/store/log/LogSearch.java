package io.leafd.store.log;

import io.leafd.protocol.SubjectFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Questions about a log that need more than one look-up: next, last, counts, times. Owned by the store loop; changes nothing.
 *
 * <p>Every answer comes by one of three ways, chosen by what the filter matches: arithmetic on {@link DeletedSeqs} (no filter),
 * the {@link SubjectIndex} (few messages match), or a {@link MessageScan} (many do).
 */
final class LogSearch {
    /** A filter is rare if at most one message in so many matches: then fetching single messages beats reading all. */
    private static final int RARE_SHARE = 16;

    private static final int RARE_SUBJECTS_MAX = 64;
    private static final int RARE_EXAMINED_MAX = 1024;
    /** More subjects than this with matches on both sides of a position: one scan is cheaper than their indexes. */
    private static final int SPLIT_SUBJECTS_MAX = 256;

    private final LogParts parts;
    private final LogNumbers numbers;
    private final SubjectTable subjects;
    private final SubjectIndex index;
    private final DeletedSeqs deleted;
    private final MessageTable messages;

    LogSearch(LogParts parts) {
        this.parts = parts;
        this.numbers = parts.numbers();
        this.subjects = parts.subjects();
        this.index = parts.index();
        this.deleted = parts.deleted();
        this.messages = parts.messages();
    }

    /** The first match at or after {@code fromSeq}. */
    @Nullable
    LogEntry next(long fromSeq, LogFilter filter) {
        long from = Math.max(fromSeq, numbers.firstSeq);
        if (from > numbers.lastSeq) {
            return null;
        }
        if (filter.all()) {
            long seq = deleted.nextLive(from);
            return seq > numbers.lastSeq ? null : messages.get(seq);
        }
        long[] rare = rare(filter, from, 1);
        if (rare != null) {
            return rare.length == 0 ? null : messages.get(rare[0]);
        }
        try (MessageScan scan = parts.scan(from, numbers.lastSeq, filter)) {
            return scan.advance() ? scan.entry() : null;
        }
    }

    /** The last match. */
    @Nullable
    LogEntry last(LogFilter filter) {
        long seq = filter.all() ? deleted.previousLive(numbers.lastSeq) : lastSeq(filter);
        return seq < numbers.firstSeq ? null : messages.get(seq);
    }

    private long lastSeq(LogFilter filter) {
        long[] last = new long[1];
        subjects.forEach(filter, entry -> {
            last[0] = Math.max(last[0], entry.lastSeq);
            return true;
        });
        return last[0];
    }

    /**
     * The first matching sequences at or after {@code fromSeq} by the index, ascending, at most {@code max}; fewer mean that
     * there are no more. Null if the filter matches so much that scanning is the better way.
     */
    long @Nullable [] rare(LogFilter filter, long fromSeq, int max) {
        List<SubjectEntry> entries = rareEntries(filter);
        if (entries == null) {
            return null;
        }
        var seqs = new ArrayList<Long>();
        long wholeUpTo = Long.MAX_VALUE; // beyond this some subject's list was cut off
        for (SubjectEntry entry : entries) {
            List<SubjectIndex.Found> found =
                    index.list(entry.id, Math.max(fromSeq, parts.lowest(entry)), entry.lastSeq, max);
            found.forEach(record -> seqs.add(record.seq()));
            if (found.size() == max) {
                wholeUpTo = Math.min(wholeUpTo, found.getLast().seq());
            }
        }
        long bound = wholeUpTo;
        return seqs.stream()
                .mapToLong(Long::longValue)
                .filter(seq -> seq <= bound)
                .sorted()
                .limit(max)
                .toArray();
    }

    private @Nullable List<SubjectEntry> rareEntries(LogFilter filter) {
        var entries = new ArrayList<SubjectEntry>();
        if (filter.parts().stream().allMatch(SubjectFilter::literal)) {
            if (filter.parts().size() > RARE_SUBJECTS_MAX) {
                return null;
            }
            for (SubjectFilter part : filter.parts()) {
                SubjectEntry entry = subjects.find(part.subject());
                if (entry != null) {
                    entries.add(entry);
                }
            }
        } else {
            boolean complete = subjects.forEach(filter, RARE_EXAMINED_MAX, entry -> {
                entries.add(entry);
                return entries.size() <= RARE_SUBJECTS_MAX;
            });
            if (!complete || entries.size() > RARE_SUBJECTS_MAX) {
                return null;
            }
        }
        long matching = 0;
        for (SubjectEntry entry : entries) {
            matching += entry.count;
        }
        return matching > numbers.messages / RARE_SHARE ? null : entries;
    }

    /** Exact number of matches at or after {@code fromSeq}. */
    long countFrom(long fromSeq, LogFilter filter) {
        long from = Math.max(fromSeq, numbers.firstSeq);
        if (from > numbers.lastSeq) {
            return 0;
        }
        if (filter.all()) {
            return numbers.lastSeq - from + 1 - deleted.count(from, numbers.lastSeq);
        }
        var split = new ArrayList<SubjectEntry>();
        long[] sums = new long[2]; // matches certainly at or after from; matches on both sides
        subjects.forEach(filter, entry -> {
            if (parts.lowest(entry) >= from) {
                sums[0] += entry.count;
            } else if (entry.lastSeq >= from) {
                sums[1] += entry.count;
                if (split.size() <= SPLIT_SUBJECTS_MAX) {
                    split.add(entry);
                }
            }
            return true;
        });
        if (sums[0] + sums[1] == numbers.messages) {
            return countFrom(from, LogFilter.ALL); // everything matches
        }
        if (split.size() > SPLIT_SUBJECTS_MAX) {
            return countByScan(from, filter);
        }
        long count = sums[0];
        for (SubjectEntry entry : split) {
            count += countFrom(entry, from);
        }
        return count;
    }

    /** Counts the shorter side, by sequences. */
    private long countFrom(SubjectEntry entry, long from) {
        long oldest = parts.lowest(entry);
        return entry.lastSeq - from < from - oldest
                ? index.count(entry.id, from, entry.lastSeq)
                : entry.count - index.count(entry.id, oldest, from - 1);
    }

    private long countByScan(long from, LogFilter filter) {
        long count = 0;
        try (MessageScan scan = parts.scan(from, numbers.lastSeq, filter)) {
            while (scan.advance()) {
                count += scan.damage() == null ? 1 : 0;
            }
        }
        return count;
    }

    /** See {@link StreamLog#lastPerSubject}. */
    long[] lastPerSubject(LogFilter filter, long upToSeq, int max) {
        var found = new Object() {
            long[] seqs = new long[16];
            int size;
        };
        subjects.forEach(filter, entry -> {
            long seq = entry.lastSeq <= upToSeq
                    ? entry.lastSeq
                    : index.previous(entry.id, parts.lowest(entry), upToSeq).seq();
            if (seq > 0) {
                found.seqs = with(found.seqs, found.size++, seq);
            }
            return found.size <= max;
        });
        long[] result = Arrays.copyOf(found.seqs, found.size);
        Arrays.sort(result);
        return result;
    }

    private static long[] with(long[] array, int at, long value) {
        long[] roomy = at < array.length ? array : Arrays.copyOf(array, array.length * 2);
        roomy[at] = value;
        return roomy;
    }

    /** First live sequence with a timestamp at or after this, by bisection; {@code lastSeq + 1} if there is none. */
    long seqAtTime(long timestampNs) {
        long low = numbers.firstSeq;
        long high = numbers.lastSeq + 1;
        while (low < high) {
            long middle = low + (high - low) / 2;
            StoredMessage message = firstSound(middle, high);
            if (message == null || message.timestampNs() >= timestampNs) {
                high = middle;
            } else {
                low = message.seq() + 1;
            }
        }
        return deleted.nextLive(low);
    }

    /** The first live and sound message from {@code fromSeq} to before {@code toSeq}. */
    private @Nullable StoredMessage firstSound(long fromSeq, long toSeq) {
        for (long seq = deleted.nextLive(fromSeq); seq < toSeq; seq = deleted.nextLive(seq + 1)) {
            if (messages.get(seq) instanceof StoredMessage message) {
                return message;
            }
        }
        return null;
    }
}
