package io.leafd.test.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link Ledger} says about a stream. Immutable.
 *
 * @param totals how many messages there were
 * @param failures what is wrong with them
 */
record Verdict(Totals totals, Failures failures) {
    private static final int SHOWN_MAX = 8;

    /**
     * Numbers of messages.
     *
     * @param attempted were sent, acknowledged or not
     */
    record Totals(long attempted, long acknowledged, long read) {}

    /**
     * What must not be.
     *
     * @param damaged found with bytes that nobody sent
     * @param lost acknowledged, not found and not declared lost by the server
     * @param declared acknowledged, not found, and the server says so
     * @param duplicate found more than once
     * @param unexpected found and never sent
     * @param reordered found behind a later message of the same writer
     * @param moved found under another sequence than the acknowledged one
     */
    record Failures(
            long damaged,
            List<MessageId> lost,
            List<MessageId> declared,
            List<MessageId> duplicate,
            List<MessageId> unexpected,
            List<MessageId> reordered,
            List<MessageId> moved) {}

    /** Nothing lost, declared or not; nothing twice, foreign, damaged, or out of order. */
    boolean clean() {
        return honest() && failures.declared.isEmpty();
    }

    /** As clean, except that the server lost what it says that it lost. */
    boolean honest() {
        return failures.damaged == 0
                && failures.lost.isEmpty()
                && failures.duplicate.isEmpty()
                && failures.unexpected.isEmpty()
                && failures.reordered.isEmpty()
                && failures.moved.isEmpty();
    }

    @Override
    public String toString() {
        return "attempted=%d acknowledged=%d read=%d lost=%s declared=%s duplicate=%s unexpected=%s reordered=%s moved=%s damaged=%d"
                .formatted(
                        totals.attempted,
                        totals.acknowledged,
                        totals.read,
                        shown(failures.lost),
                        shown(failures.declared),
                        shown(failures.duplicate),
                        shown(failures.unexpected),
                        shown(failures.reordered),
                        shown(failures.moved),
                        failures.damaged);
    }

    private static String shown(List<MessageId> ids) {
        return ids.isEmpty() ? "0" : "%d%s".formatted(ids.size(), ids.subList(0, Math.min(SHOWN_MAX, ids.size())));
    }

    /** A verdict while it is being counted. Owned by one judgement. */
    static final class Count {
        private final Failures failures = new Failures(
                0,
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());

        void lost(MessageId id) {
            failures.lost.add(id);
        }

        void declared(MessageId id) {
            failures.declared.add(id);
        }

        void duplicate(MessageId id) {
            failures.duplicate.add(id);
        }

        void unexpected(MessageId id) {
            failures.unexpected.add(id);
        }

        void reordered(MessageId id) {
            failures.reordered.add(id);
        }

        void moved(MessageId id) {
            failures.moved.add(id);
        }

        Verdict verdict(Totals totals, long damaged) {
            return new Verdict(
                    totals,
                    new Failures(
                            damaged,
                            failures.lost,
                            failures.declared,
                            failures.duplicate,
                            failures.unexpected,
                            failures.reordered,
                            failures.moved));
        }
    }
}
