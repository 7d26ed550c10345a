package io.leafd.test.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The book of one stream: what its writers attempted and what was acknowledged under which sequence. Any thread: each writer
 * writes its own page; reading waits until they are at rest or takes the pages one by one.
 *
 * <p>A message that was attempted and not acknowledged (refused, timed out, connection lost) may be in the stream or not. One that
 * was acknowledged must be there, once, under its sequence, behind the earlier ones of its writer.
 */
final class Ledger {
    private final Page[] pages;

    /** One message that was read; sequence 0 if it was read elsewhere and has another one there. */
    record Entry(long seq, MessageId id) {}

    Ledger(int writers) {
        pages = new Page[writers];
        Arrays.setAll(pages, writer -> new Page());
    }

    /** Notes that the writer is about to send its next message. */
    MessageId attempt(int writer) {
        return new MessageId(writer, pages[writer].attempt());
    }

    /** Notes that the server acknowledged a message. */
    void acknowledged(MessageId id, long seq) {
        pages[id.writer()].acknowledged(id.number(), seq);
    }

    /** The acknowledgements so far, to come back to when the server goes back to an earlier state of its disk. */
    Mark mark() {
        return new Mark(Arrays.stream(pages).map(Page::copyOfSeqs).toList());
    }

    /** Takes back the acknowledgements since the mark: they were given by a server whose disk is not looked at. */
    void rewind(Mark mark) {
        for (int i = 0; i < pages.length; i++) {
            pages[i].replaceSeqs(mark.seqs.get(i));
        }
    }

    long attempted() {
        return Arrays.stream(pages).mapToLong(Page::attempted).sum();
    }

    long acknowledged() {
        return Arrays.stream(pages).mapToLong(Page::acknowledgedCount).sum();
    }

    /**
     * Compares with what a reader found, in the order of the stream.
     *
     * @param read all messages of the stream
     * @param damaged number of messages whose bytes are of no message at all
     */
    Verdict judge(List<Entry> read, long damaged) {
        return judge(read, damaged, List.of());
    }

    /**
     * The same, with ranges of sequences that the server itself declared lost: an acknowledged message in one of them counts as
     * declared and not as lost.
     */
    Verdict judge(List<Entry> read, long damaged, List<SeqRange> declaredLost) {
        var judgement = new Judgement();
        read.forEach(judgement::take);
        for (long i = 0; i < damaged; i++) {
            judgement.takeDamaged();
        }
        return judgement.verdict(declaredLost);
    }

    /** A judgement of a stream that is too long to be held: takes its messages one by one. Owned by one thread. */
    final class Judgement {
        private final Verdict.Count count = new Verdict.Count();
        private final BitSet[] seen = new BitSet[pages.length];
        private final int[] last = new int[pages.length];
        private long read;
        private long damaged;

        Judgement() {
            Arrays.setAll(seen, writer -> new BitSet());
        }

        /** The next message. */
        void take(Entry entry) {
            read++;
            MessageId id = entry.id();
            if (id.writer() >= pages.length || id.number() > pages[id.writer()].attempted()) {
                count.unexpected(id);
                return;
            }
            if (seen[id.writer()].get(id.number())) {
                count.duplicate(id);
                return;
            }
            seen[id.writer()].set(id.number());
            if (id.number() < last[id.writer()]) {
                count.reordered(id);
            }
            last[id.writer()] = Math.max(last[id.writer()], id.number());
            long seq = pages[id.writer()].seq(id.number());
            if (seq != 0 && entry.seq() != 0 && seq != entry.seq()) {
                count.moved(id);
            }
        }

        /** The next message, which has bytes of no message at all. */
        void takeDamaged() {
            damaged++;
        }

        /** What there is to say, after the last message. */
        Verdict verdict(List<SeqRange> declaredLost) {
            for (int writer = 0; writer < pages.length; writer++) {
                for (int number = 1; number <= pages[writer].attempted(); number++) {
                    long seq = pages[writer].seq(number);
                    if (seq != 0 && !seen[writer].get(number)) {
                        if (declaredLost.stream().anyMatch(range -> range.holds(seq))) {
                            count.declared(new MessageId(writer, number));
                        } else {
                            count.lost(new MessageId(writer, number));
                        }
                    }
                }
            }
            return count.verdict(new Verdict.Totals(attempted(), Ledger.this.acknowledged(), read), damaged);
        }
    }

    /** Sequences of acknowledged messages, by writer; see {@link Ledger#mark}. */
    static final class Mark {
        private final List<Seqs> seqs;

        private Mark(List<Seqs> seqs) {
            this.seqs = new ArrayList<>(seqs);
        }
    }

    /** From and to are inside. */
    record SeqRange(long from, long to) {
        boolean holds(long seq) {
            return seq >= from && seq <= to;
        }
    }

    /** What one writer did. */
    private static final class Page {
        private int attempted;
        private Seqs seqs = new Seqs();

        synchronized int attempt() {
            return ++attempted;
        }

        synchronized void acknowledged(int number, long seq) {
            seqs.set(number, seq);
        }

        synchronized int attempted() {
            return attempted;
        }

        synchronized long seq(int number) {
            return seqs.get(number);
        }

        synchronized long acknowledgedCount() {
            return seqs.count();
        }

        synchronized Seqs copyOfSeqs() {
            return seqs.copy();
        }

        synchronized void replaceSeqs(Seqs earlier) {
            seqs = earlier.copy();
        }
    }
}
