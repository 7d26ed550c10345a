package io.leafd.store;

import io.leafd.protocol.Subject;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.Purge;
import io.leafd.store.log.StoredMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a log should do, in the most obvious way: a sorted map. For comparison with the real one. */
final class LogModel {
    final TreeMap<Long, StoredMessage> messages = new TreeMap<>();
    /** What was told as lost. */
    final TreeMap<Long, StoredMessage> lost = new TreeMap<>();

    long firstWhenEmpty = 1;
    long lastSeq;

    void append(StoredMessage message) {
        messages.put(message.seq(), message);
        lastSeq = message.seq();
    }

    void skipTo(long nextSeq) {
        if (nextSeq > lastSeq + 1) {
            lastSeq = nextSeq - 1;
        }
    }

    long firstSeq() {
        return messages.isEmpty() ? lastSeq + 1 : messages.firstKey();
    }

    long bytes() {
        return messages.values().stream().mapToLong(StoredMessage::sizeBytes).sum();
    }

    long subjects() {
        return messages.values().stream().map(StoredMessage::subject).distinct().count();
    }

    List<StoredMessage> from(long seq, LogFilter filter) {
        return messages.tailMap(seq, true).values().stream()
                .filter(m -> filter.matches(m.subject()))
                .toList();
    }

    List<StoredMessage> of(Subject subject) {
        return from(0, LogFilter.of(subject));
    }

    @Nullable
    StoredMessage last(LogFilter filter) {
        List<StoredMessage> all = from(0, filter);
        return all.isEmpty() ? null : all.getLast();
    }

    long[] lastPerSubject(LogFilter filter, long upToSeq) {
        var last = new TreeMap<Subject, Long>();
        for (StoredMessage m : from(0, filter)) {
            if (m.seq() <= upToSeq) {
                last.put(m.subject(), m.seq());
            }
        }
        return last.values().stream().mapToLong(Long::longValue).sorted().toArray();
    }

    long seqAtTime(long timestampNs) {
        for (StoredMessage m : messages.values()) {
            if (m.timestampNs() >= timestampNs) {
                return m.seq();
            }
        }
        return lastSeq + 1;
    }

    List<String> deletedRanges() {
        var ranges = new ArrayList<String>();
        long at = firstSeq();
        for (long seq : messages.keySet()) {
            if (seq > at) {
                ranges.add(at + "-" + (seq - 1));
            }
            at = seq + 1;
        }
        if (!messages.isEmpty() && at <= lastSeq) {
            ranges.add(at + "-" + lastSeq);
        }
        return ranges;
    }

    List<Long> purge(Purge what) {
        List<StoredMessage> matching = from(0, what.filter());
        var removed = new ArrayList<Long>();
        for (int i = 0; i < matching.size() - what.keep(); i++) {
            if (matching.get(i).seq() < what.belowSeq()) {
                removed.add(matching.get(i).seq());
            }
        }
        removed.forEach(messages::remove);
        return removed;
    }
}
