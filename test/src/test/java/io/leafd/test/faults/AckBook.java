package io.leafd.test.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The book of a consumer: what it was given, and which acknowledgements the server confirmed. Any thread. */
final class AckBook {
    private static final int SHOWN_MAX = 8;

    private final BitSet[] delivered;
    private BitSet[] confirmed;
    private long redelivered;
    private final List<MessageId> forgotten = new ArrayList<>();

    AckBook(int writers) {
        delivered = empty(writers);
        confirmed = empty(writers);
    }

    /** Notes a delivery; one that comes although the server had confirmed its acknowledgement is a forgotten acknowledgement. */
    synchronized void delivered(MessageId id) {
        if (confirmed[id.writer()].get(id.number())) {
            forgotten.add(id);
        } else if (delivered[id.writer()].get(id.number())) {
            redelivered++;
        }
        delivered[id.writer()].set(id.number());
    }

    synchronized void confirmed(MessageId id) {
        confirmed[id.writer()].set(id.number());
    }

    synchronized BitSet[] mark() {
        return copy(confirmed);
    }

    synchronized void rewind(BitSet[] mark) {
        confirmed = copy(mark);
    }

    synchronized long confirmedCount() {
        return count(confirmed);
    }

    /** Deliveries of messages whose acknowledgement the server had confirmed. */
    synchronized List<MessageId> forgotten() {
        return List.copyOf(forgotten);
    }

    /** Which of these messages the consumer was never given. */
    synchronized List<MessageId> skipped(List<Ledger.Entry> stream) {
        return stream.stream()
                .map(Ledger.Entry::id)
                .filter(id -> !delivered[id.writer()].get(id.number()))
                .toList();
    }

    @Override
    public synchronized String toString() {
        return "delivered=%d confirmed=%d redelivered=%d forgotten=%d%s"
                .formatted(
                        count(delivered),
                        count(confirmed),
                        redelivered,
                        forgotten.size(),
                        forgotten.subList(0, Math.min(SHOWN_MAX, forgotten.size())));
    }

    private static long count(BitSet[] sets) {
        return Arrays.stream(sets).mapToLong(BitSet::cardinality).sum();
    }

    private static BitSet[] empty(int writers) {
        var sets = new BitSet[writers];
        Arrays.setAll(sets, i -> new BitSet());
        return sets;
    }

    private static BitSet[] copy(BitSet[] sets) {
        return Arrays.stream(sets).map(set -> (BitSet) set.clone()).toArray(BitSet[]::new);
    }
}
