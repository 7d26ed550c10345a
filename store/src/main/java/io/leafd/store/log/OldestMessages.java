package io.leafd.store.log;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The heads of the oldest messages of one log, read ahead: a log at its limit removes one message for each that it takes in, and
 * reading each alone would cost more than the append. Owned by the store loop. Holds at most {@link #AHEAD} heads.
 */
final class OldestMessages {
    private static final int AHEAD = 32;
    private static final int AHEAD_BYTES = 64 << 10;

    private final LogResources shared;
    private final MessageTable table;
    private final DeletedSeqs deleted;
    private final LogNumbers numbers;
    private final ArrayDeque<MessageHead> heads = new ArrayDeque<>();

    OldestMessages(LogResources shared, MessageTable table, DeletedSeqs deleted, LogNumbers numbers) {
        this.shared = shared;
        this.table = table;
        this.deleted = deleted;
        this.numbers = numbers;
    }

    /** The head of the first message, which must exist; null if it is damaged. */
    @Nullable
    MessageHead first() {
        long firstSeq = numbers.firstSeq;
        Tail tail = table.tail();
        ByteBuffer recent = tail.covers(firstSeq) ? tail.record(firstSeq) : null;
        if (recent != null) {
            return MessageRecord.readHead(firstSeq, recent);
        }
        MessageHead head = heads.peek();
        while (head != null && head.seq() < firstSeq) {
            heads.poll();
            head = heads.peek();
        }
        if (head != null && head.seq() == firstSeq) {
            return head;
        }
        heads.clear();
        readAhead(firstSeq);
        head = heads.peek();
        return head != null && head.seq() == firstSeq ? head : null;
    }

    void clear() {
        heads.clear();
    }

    private void readAhead(long firstSeq) {
        try (var scan = new MessageScan(shared, table, deleted, firstSeq, numbers.lastSeq, LogFilter.ALL)) {
            int bytes = 0;
            while (heads.size() < AHEAD && bytes < AHEAD_BYTES && scan.advance()) {
                if (scan.damage() != null) {
                    return;
                }
                MessageHead head = scan.head();
                bytes += head.sizeBytes();
                heads.add(head);
            }
        }
    }
}
