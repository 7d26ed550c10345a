package io.leafd.link.forward;

import io.leafd.link.forward.Backlog.Item;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is to be sent next: what is due first, then what was never sent. Owned by the store loop.
 *
 * <p>Reads in chunks of {@value #CHUNK_BYTES} bytes and keeps one.
 */
final class Reader {
    static final int CHUNK_COUNT = 1024;
    static final int CHUNK_BYTES = 128 << 10;

    private final Backlog backlog;
    private final Window window;
    private final Parked parked;
    private final Deque<Item> chunk = new ArrayDeque<>();
    private long chunkFromSeq; // the chunk begins with the first message not before this

    Reader(Backlog backlog, Window window, Parked parked) {
        this.backlog = backlog;
        this.window = window;
        this.parked = parked;
    }

    /** Puts the messages behind the confirmed ones and up to {@code reservedSeq} into the window: they may have been sent. */
    void restore(long reservedSeq) {
        long from = window.confirmedSeq() + 1;
        while (from <= reservedSeq) {
            Item item = at(from);
            if (item == null || item.seq() > reservedSeq) {
                return;
            }
            if (!parked.contains(item.seq())) {
                window.restore(item.seq(), item.message().subject(), item.bytes());
            }
            from = item.seq() + 1;
        }
    }

    /** The next message to send, or null if there is none. Stays the next until the window says otherwise. */
    @Nullable
    Item next() {
        while (true) {
            long due = window.firstDue();
            Item item = at(due > 0 ? due : window.sentSeq() + 1);
            if (due == 0 || (item != null && item.seq() == due)) {
                return item;
            }
            window.pass(due); // its stream's limits removed it meanwhile
            parked.remove(due);
        }
    }

    /** The first message not before {@code seq}, or null. */
    @Nullable
    Item at(long seq) {
        if (seq < chunkFromSeq) {
            chunk.clear();
        }
        while (!chunk.isEmpty() && chunk.peek().seq() < seq) {
            chunk.poll();
        }
        if (chunk.isEmpty() && seq <= backlog.lastSeq()) {
            chunk.addAll(backlog.read(seq, CHUNK_COUNT, CHUNK_BYTES));
        }
        chunkFromSeq = seq;
        return chunk.peek();
    }

    /** Reads anew: what was kept may be long gone. */
    void forget() {
        chunk.clear();
    }
}
