package io.leafd.link.forward;

import io.leafd.jetstream.stream.Stream;
import io.leafd.protocol.Message;
import io.leafd.store.CursorStore;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.LogEntry;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.LogReader;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.loop.StoreLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * The backlog of a forward in a local stream; its position is a cursor,
 * {@code forward/<upstream>/<name>/<stream id>}, and the parked
 * messages another one with {@code /parked} behind it. Owned by the store loop.
 */
final class StreamBacklog implements Backlog {
    private final Stream stream;
    private final StoreLoop loop;
    private final CursorStore cursors;
    private final String cursor;
    private final boolean own;
    private Runnable onCommit = () -> {};
    private long durableSeq;

    /**
     * The backlog in {@code stream}.
     *
     * @param own whether the stream exists for this forward alone, so that what is confirmed can go
     */
    StreamBacklog(Stream stream, String cursor, boolean own) {
        this.stream = stream;
        this.loop = stream.scope().store().loop();
        this.cursors = stream.scope().store().cursors();
        this.cursor = cursor;
        this.own = own;
        this.durableSeq = stream.log().lastSeq();
    }

    /** The position that was kept last. */
    Progress progress() {
        byte[] kept = cursors.get(cursor);
        return kept == null ? Progress.NONE : Progress.of(kept);
    }

    /** The parked messages that were kept last. */
    Parked parked() {
        byte[] kept = cursors.get(cursor + "/parked");
        return kept == null ? new Parked() : Parked.of(kept);
    }

    /** Runs {@code action} after each commit that {@link #afterCommit} waited for. */
    void onCommit(Runnable action) {
        onCommit = action;
    }

    /** Messages up to here are on disk. */
    void committed(long lastSeq) {
        durableSeq = Math.max(durableSeq, lastSeq);
    }

    /** Messages and bytes that are stored and not confirmed, and when the oldest of them was stored (0 for none). */
    long[] waiting(long confirmedSeq) {
        var first = stream.log().next(confirmedSeq + 1, LogFilter.ALL);
        long oldestNs = first instanceof StoredMessage message ? message.timestampNs() : 0;
        if (own) {
            return new long[] {stream.log().messages(), stream.log().bytes(), oldestNs};
        }
        long messages = stream.log().countFrom(confirmedSeq + 1, LogFilter.ALL);
        long all = Math.max(1, stream.log().messages());
        return new long[] {messages, stream.log().bytes() / all * messages, oldestNs};
    }

    @Override
    public long lastSeq() {
        return durableSeq;
    }

    @Override
    public List<Item> read(long fromSeq, int countMax, int bytesMax) {
        var items = new ArrayList<Item>();
        int bytes = 0;
        try (LogReader reader = stream.log().reader(fromSeq, LogFilter.ALL)) {
            while (items.size() < countMax && (items.isEmpty() || bytes < bytesMax)) {
                LogEntry entry = reader.next();
                if (entry == null && reader.caughtUp()) {
                    break;
                }
                if (!(entry instanceof StoredMessage message)) {
                    if (entry instanceof DamagedRange damaged) {
                        reader.seek(damaged.lastSeq() + 1); // reported by the store; there is nothing to send
                    }
                    continue;
                }
                if (message.seq() > durableSeq) {
                    break;
                }
                var item = new Item(
                        message.seq(),
                        message.timestampNs(),
                        new Message(message.subject(), null, message.body(), message.headerBytes()));
                items.add(item);
                bytes += item.bytes();
            }
        }
        return items;
    }

    @Override
    public void release(long seq) {
        if (own) {
            stream.delete(seq);
        }
    }

    @Override
    public void save(Progress progress) {
        cursors.put(cursor, progress.toBytes());
    }

    @Override
    public void save(Parked parked) {
        cursors.put(cursor + "/parked", parked.toBytes());
    }

    @Override
    public void afterCommit(Runnable then) {
        loop.afterCommit(() -> {
            then.run();
            onCommit.run();
        });
    }
}
