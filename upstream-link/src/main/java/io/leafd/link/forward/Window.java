package io.leafd.link.forward;

import io.leafd.protocol.Subject;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The messages between "first sent" and "confirmed, like all before it". Owned by the store loop.
 *
 * <pre>
 *      confirmed            in the window                    never sent
 *   ───────────────┬──────┬──────┬──────┬──────┬──────┬─────────────────
 *                C │ 8 fly│ 9 due│10 ok │11 fly│12 fly│
 *   ───────────────┴──────┴──────┴──────┴──────┴──────┴─────────────────
 *                  confirmedSeq = 7              sentSeq = 12
 * </pre>
 *
 * <p>Flying: sent on the present connection, no answer yet. Due: to be sent again, by a refusal or a lost connection. Ok:
 * confirmed out of turn; stays until all before it are.
 *
 * <p>{@link #upstreamSeq} bounds the search for what the upstream may hold. Messages leave here in order, so whatever is
 * still in the window was stored, if at all, behind every confirmed message that was sent only once. (One sent twice may
 * have got its place upstream late, behind messages of this window, and says nothing.)
 */
final class Window {
    private enum Stage {
        FLYING,
        DUE,
        CONFIRMED
    }

    /** One message of the window. */
    static final class Sent {
        final long seq;
        final Subject subject;
        final int bytes;
        private Stage stage;
        private int sends;
        private long sentAtNs;
        private long upstreamSeq;

        private Sent(long seq, Subject subject, int bytes, int sends) {
            this.seq = seq;
            this.subject = subject;
            this.bytes = bytes;
            this.stage = Stage.DUE;
            this.sends = sends;
        }

        /** When it was sent last. */
        long sentAtNs() {
            return sentAtNs;
        }

        /** Whether its answer tells the round trip: of a message sent twice one cannot know which sending it answers. */
        boolean sentOnce() {
            return sends == 1;
        }
    }

    private final TreeMap<Long, Sent> entries = new TreeMap<>();
    private final TreeSet<Long> due = new TreeSet<>();
    private final TreeSet<Long> flying = new TreeSet<>();
    private long confirmedSeq;
    private long sentSeq;
    private long upstreamSeq;
    private long flyingBytes;

    /** The window of a forward that is as far as {@code progress}; what is not confirmed but may have been sent comes by {@link #restore}. */
    Window(Progress progress) {
        confirmedSeq = progress.confirmedSeq();
        sentSeq = progress.confirmedSeq();
        upstreamSeq = progress.upstreamSeq();
    }

    /** Adds a message that may have been sent before the restart, or one that was parked: it is due. */
    void restore(long seq, Subject subject, int bytes) {
        entries.put(seq, new Sent(seq, subject, bytes, 1));
        due.add(seq);
        sentSeq = Math.max(sentSeq, seq);
    }

    /** A message goes out: the first due one, or the next never sent. */
    void sent(long seq, Subject subject, int bytes, long nowNs) {
        Sent sent = entries.get(seq);
        if (sent == null) {
            assert seq > sentSeq : "message " + seq + " after " + sentSeq;
            sent = new Sent(seq, subject, bytes, 0);
            entries.put(seq, sent);
            sentSeq = seq;
        }
        assert sent.stage == Stage.DUE : "message " + seq + " sent while " + sent.stage;
        due.remove(seq);
        sent.stage = Stage.FLYING;
        sent.sends++;
        sent.sentAtNs = nowNs;
        flying.add(seq);
        flyingBytes += sent.bytes;
    }

    /** What flies was held up before it left, and leaves only now. */
    void leaves(long nowNs) {
        for (long seq : flying) {
            Sent sent = entries.get(seq);
            if (sent != null) {
                sent.sentAtNs = nowNs;
            }
        }
    }

    /**
     * The upstream holds a message.
     *
     * @param atUpstreamSeq its sequence there, 0 if unknown
     * @return the message, or null if that was known
     */
    @Nullable
    Sent confirm(long seq, long atUpstreamSeq) {
        Sent sent = entries.get(seq);
        if (sent == null || sent.stage == Stage.CONFIRMED) {
            return null;
        }
        land(sent, Stage.CONFIRMED);
        sent.upstreamSeq = atUpstreamSeq;
        advance();
        return sent;
    }

    /** A flying message was refused: it is due. False if it does not fly, so that the answer is an old one. */
    boolean refuse(long seq) {
        Sent sent = entries.get(seq);
        if (sent == null || sent.stage != Stage.FLYING) {
            return false;
        }
        land(sent, Stage.DUE);
        due.add(seq);
        return true;
    }

    /** A message needs no confirmation any more: it is parked, or gone from the stream. */
    void pass(long seq) {
        Sent sent = entries.remove(seq);
        if (sent != null) {
            land(sent, Stage.CONFIRMED);
        }
        sentSeq = Math.max(sentSeq, seq);
        advance();
    }

    /** The connection is gone, or not to be relied on: everything without an answer is due. */
    void landAll() {
        for (long seq : List.copyOf(flying)) {
            refuse(seq);
        }
    }

    /**
     * The upstream was asked: of all that is due it holds nothing, so that all of it will come behind what it has now. (With
     * messages confirmed out of turn that is of no use: after a restart they are unconfirmed again, and lie before it.)
     *
     * @param lastUpstreamSeq the last sequence there at that time, -1 if unknown
     */
    void checked(long lastUpstreamSeq) {
        if (lastUpstreamSeq < 0 || due.size() < entries.size()) {
            return;
        }
        upstreamSeq = lastUpstreamSeq;
        for (long seq : due) {
            Sent sent = entries.get(seq);
            if (sent != null) {
                sent.sends = 0;
            }
        }
    }

    /** Sequences and subjects of all that is due. */
    NavigableMap<Long, Subject> due() {
        var map = new TreeMap<Long, Subject>();
        for (Sent sent : entries.values()) {
            if (sent.stage == Stage.DUE) {
                map.put(sent.seq, sent.subject);
            }
        }
        return map;
    }

    /** The flying messages up to {@code seq}. */
    List<Long> flyingUpTo(long seq) {
        return List.copyOf(flying.headSet(seq, true));
    }

    /** The first sequence to be sent again, 0 if there is none. */
    long firstDue() {
        return due.isEmpty() ? 0 : due.first();
    }

    /** Whether this message was sent, or is to be sent again. */
    boolean contains(long seq) {
        return entries.containsKey(seq);
    }

    /** Whether this sequence is to be sent again. */
    boolean isDue(long seq) {
        return due.contains(seq);
    }

    /** Whether this message was sent and has no answer. */
    boolean isFlying(long seq) {
        return flying.contains(seq);
    }

    /** The message that has been without an answer for longest, or null. */
    @Nullable
    Sent oldestFlying() {
        return flying.isEmpty() ? null : entries.get(flying.first());
    }

    int flyingCount() {
        return flying.size();
    }

    long flyingBytes() {
        return flyingBytes;
    }

    /** Messages in the window, whatever their stage. */
    int size() {
        return entries.size();
    }

    /** Everything up to here is confirmed or passed. */
    long confirmedSeq() {
        return confirmedSeq;
    }

    /** The last sequence that was ever sent or passed. */
    long sentSeq() {
        return sentSeq;
    }

    /** What is in the window has, if the upstream holds it, a higher sequence there than this. */
    long upstreamSeq() {
        return upstreamSeq;
    }

    private void land(Sent sent, Stage stage) {
        if (sent.stage == Stage.FLYING) {
            flying.remove(sent.seq);
            flyingBytes -= sent.bytes;
        }
        if (sent.stage == Stage.DUE) {
            due.remove(sent.seq);
        }
        sent.stage = stage;
    }

    private void advance() {
        while (!entries.isEmpty() && entries.firstEntry().getValue().stage == Stage.CONFIRMED) {
            Sent first = entries.pollFirstEntry().getValue();
            if (first.sends == 1 && first.upstreamSeq > 0) { // lower than before: the stream there was made anew
                upstreamSeq = first.upstreamSeq;
            }
        }
        long floor = entries.isEmpty() ? sentSeq : entries.firstKey() - 1;
        confirmedSeq = Math.max(confirmedSeq, floor);
    }
}
