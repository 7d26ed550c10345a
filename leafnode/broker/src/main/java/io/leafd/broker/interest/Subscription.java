package io.leafd.broker.interest;

import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A receiver's wish for the messages of a filter, alone or as a member of a queue group. Any thread.
 *
 * <p>Identity is the object: two subscriptions with equal filter and receiver are two deliveries.
 *
 * <p>There may be a hundred thousand, so it is two objects and no more: itself and the line, which is the filter, the sid, and what
 * the frame of nearly every message begins with.
 *
 * <pre>
 *   line:  MSG plant.press.temp 17␠
 *              └ filter ┘       └ sid
 * </pre>
 */
public final class Subscription extends Wishes {
    /** Where in the line the filter begins. */
    static final int FILTER_AT = 4;

    private static final byte[] MSG = {'M', 'S', 'G', ' '};
    private static final byte[] NO_SID = new byte[0];
    private static final AtomicLongFieldUpdater<Subscription> DELIVERED =
            AtomicLongFieldUpdater.newUpdater(Subscription.class, "delivered");

    /** Longer subjects are not kept. */
    private static final int KEPT_SUBJECT_MAX_BYTES = 96;

    private static final long OWN_BYTES = HeapSize.object(40);

    /** What the receiver keeps to find it again: a slot of its table, or entries of its maps. */
    private static final int CLIENT_ENTRY_BYTES = 16;

    private static final long INTERNAL_ENTRY_BYTES = HeapSize.object(20) + HeapSize.object(4) + 8;
    private static final long LEAF_ENTRY_BYTES = 2 * HeapSize.object(16) + HeapSize.object(8) + 8;

    private final Receiver receiver;
    private final byte[] line;
    private final int filterEnd;
    private final @Nullable Subject queue;
    private final int weight;
    private volatile long delivered;
    private volatile long max; // 0 = no limit
    private @Nullable Head head; // Head.NEVER = not to be kept

    /**
     * A subscription.
     *
     * @param sid the receiver's own name for it, echoed in each MSG
     * @param weight how many members a leaf's queue subscription stands for, at least 1
     */
    public Subscription(Receiver receiver, Subject filter, @Nullable Subject queue, byte[] sid, int weight) {
        this.receiver = receiver;
        this.line = line(filter.bytes(), 0, filter.length(), sid);
        this.filterEnd = FILTER_AT + filter.length();
        this.queue = queue;
        this.weight = Math.max(1, weight);
        this.head = receiver.kind() == Receiver.Kind.CLIENT ? null : Head.NEVER;
    }

    /** A subscription without sid. */
    public Subscription(Receiver receiver, Subject filter, @Nullable Subject queue) {
        this(receiver, filter, queue, NO_SID, 1);
    }

    private static byte[] line(byte[] subject, int offset, int length, byte[] sid) {
        byte[] line = new byte[MSG.length + length + 1 + sid.length + 1];
        System.arraycopy(MSG, 0, line, 0, MSG.length);
        System.arraycopy(subject, offset, line, MSG.length, length);
        line[MSG.length + length] = ' ';
        System.arraycopy(sid, 0, line, MSG.length + length + 1, sid.length);
        line[line.length - 1] = ' ';
        return line;
    }

    /**
     * It is one of very many: that which makes its next message quicker, and takes memory, is not to be kept. Before it is subscribed.
     */
    public Subscription lean() {
        head = Head.NEVER;
        return this;
    }

    public Receiver receiver() {
        return receiver;
    }

    /** Its filter, made for the caller. */
    public Subject filter() {
        return Subject.copyOf(line, FILTER_AT, filterEnd - FILTER_AT);
    }

    /** The queue group, or null for a plain subscription. */
    public @Nullable Subject queue() {
        return queue;
    }

    /** Holds the sid, in {@link #sidLength} bytes from {@link #sidOffset} on. Not to be changed. */
    public byte[] line() {
        return line;
    }

    /** Where in the line the sid begins. */
    public int sidOffset() {
        return filterEnd + 1;
    }

    /** Length of the sid in bytes. */
    public int sidLength() {
        return line.length - filterEnd - 2;
    }

    public int weight() {
        return weight;
    }

    /** Deliveries so far. */
    public long delivered() {
        return delivered;
    }

    /** Deliveries after which it ends, 0 for none. */
    public long max() {
        return max;
    }

    /** Ends the subscription after {@code count} deliveries since SUB; 0 lifts the limit. */
    public void limit(long count) {
        max = count;
    }

    /**
     * Counts one delivery.
     *
     * @return its number from 1, or 0 if the limit is used up and it must not be delivered
     */
    public long count() {
        long limit = max;
        long number = DELIVERED.incrementAndGet(this);
        return limit > 0 && number > limit ? 0 : number;
    }

    /**
     * {@code MSG subject sid }, what the frame of this message begins with when it is sent without headers. Not to be changed.
     *
     * <p>For the subject that is the filter it is the line. Otherwise that of the last message is kept, as the next nearly always has
     * the same subject: so a delivery is two copies, this and the message's tail. Loops may overwrite each other's; each finds a whole
     * one or none.
     */
    public byte[] head(MessageView message) {
        if (begins(line, filterEnd, message)) {
            return line;
        }
        Head last = head;
        if (last != null && begins(last.bytes, last.subjectEnd, message)) {
            return last.bytes;
        }
        byte[] sid = Arrays.copyOfRange(line, sidOffset(), line.length - 1);
        byte[] made = line(message.buf, message.subjectOffset, message.subjectLength, sid);
        if (last != Head.NEVER && message.subjectLength <= KEPT_SUBJECT_MAX_BYTES) {
            head = new Head(made, FILTER_AT + message.subjectLength);
        }
        return made;
    }

    private static boolean begins(byte[] head, int subjectEnd, MessageView message) {
        int from = message.subjectOffset;
        int length = message.subjectLength;
        return subjectEnd == FILTER_AT + length
                && Arrays.equals(head, FILTER_AT, subjectEnd, message.buf, from, from + length);
    }

    /** The kept beginning of a frame; a record, so that another loop that finds it finds its bytes too. */
    private record Head(byte[] bytes, int subjectEnd) {
        static final Head NEVER = new Head(NO_SID, -1);
    }

    // --- as the trie sees it ---

    /** Where in the line the filter ends. */
    int filterEnd() {
        return filterEnd;
    }

    boolean sameFilter(Subscription other) {
        return Arrays.equals(line, FILTER_AT, filterEnd, other.line, FILTER_AT, other.filterEnd);
    }

    /** Where the token of the filter ends that begins at {@code at}. */
    int tokenEnd(int at) {
        return Subjects.tokenEnd(line, at, filterEnd);
    }

    /** Whether the filter's token at {@code at} is {@code *}. */
    boolean isAny(int at) {
        return line[at] == '*' && (at + 1 == filterEnd || line[at + 1] == '.');
    }

    /** Whether the filter's token at {@code at} is a {@code >} that ends it. */
    boolean isRest(int at) {
        return line[at] == '>' && at + 1 == filterEnd;
    }

    /**
     * Whether what is behind a token matches. The token ends at {@code at} in the line and at {@code from} in the subject, which ends
     * at {@code end}; the subject's tokens are taken literally.
     */
    boolean goesOnWith(int at, byte[] buf, int from, int end) {
        int f = at;
        int s = from;
        while (f < filterEnd && s < end) { // both on a dot
            f++;
            if (isRest(f)) {
                return true;
            }
            int sEnd = Subjects.tokenEnd(buf, ++s, end);
            if (isAny(f)) {
                f++;
            } else if (hasToken(f, buf, s, sEnd)) {
                f += sEnd - s;
            } else {
                return false;
            }
            s = sEnd;
        }
        return f == filterEnd && s == end;
    }

    /** Whether the filter has exactly this token at a place where a token begins. */
    boolean hasToken(int at, byte[] buf, int from, int to) {
        int end = at + to - from;
        return end <= filterEnd
                && (end == filterEnd || line[end] == '.')
                && Arrays.equals(line, at, end, buf, from, to);
    }

    /** A hash that is good for telling the subscriptions of one filter apart; it can't be chosen by who names the sid. */
    int spread() {
        int h = receiver.hashCode() ^ (queue == null ? 0 : queue.hashCode());
        for (int i = sidOffset(); i < line.length - 1; i++) {
            h = (h ^ line[i]) * 0x01000193;
        }
        return h ^ h >>> 15;
    }

    /** All that it holds on the heap, the trie apart. The same as long as it lives. */
    public long ownBytes() {
        long bytes = OWN_BYTES + HeapSize.bytes(line.length);
        if (queue != null) {
            bytes += HeapSize.object(12) + HeapSize.bytes(queue.length());
        }
        return bytes
                + switch (receiver.kind()) {
                    case CLIENT -> CLIENT_ENTRY_BYTES + headMaxBytes();
                    case INTERNAL -> INTERNAL_ENTRY_BYTES;
                    case LEAF -> LEAF_ENTRY_BYTES + HeapSize.object(12) + HeapSize.bytes(filterEnd - FILTER_AT);
                };
    }

    private long headMaxBytes() {
        return head == Head.NEVER
                ? 0
                : HeapSize.object(8) + HeapSize.bytes(MSG.length + KEPT_SUBJECT_MAX_BYTES + 2 + sidLength());
    }

    @Override
    Subscription first() {
        return this;
    }

    @Override
    Receivers receivers() {
        return Receivers.of(this);
    }

    @Override
    Wishes with(Subscription subscription) {
        return ManyWishes.of(this, subscription);
    }

    @Override
    @Nullable
    Wishes without(Subscription subscription) {
        return subscription == this ? null : this;
    }

    @Override
    void forEach(Consumer<Subscription> visitor) {
        visitor.accept(this);
    }

    @Override
    long heapBytes() {
        return 0;
    }

    @Override
    public String toString() {
        return "Subscription[" + filter() + (queue == null ? "" : " queue " + queue) + "]";
    }
}
