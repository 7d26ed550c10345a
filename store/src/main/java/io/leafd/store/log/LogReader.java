package io.leafd.store.log;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Reads the matches of a log forward from a position. Owned by the store loop.
 *
 * <p>Three sources, tried in this order: the tail in memory; for a filter that few messages match, the index by subject; else
 * a scan over the messages, a chunk of 8 to 128 KiB at a time (the more readers wait with a chunk in hand, the smaller).
 *
 * <p>Holds no native resource, only its chunk; who drops it before the end closes it. What is deleted between reading a chunk and {@link
 * #next} is not shown.
 * The work of one call is bounded: with a filter that matches nothing for long, {@link #next} answers null although {@link
 * #caughtUp} is false; the caller lets others run and comes again.
 */
public final class LogReader implements AutoCloseable {
    private static final int SCAN_SEQS_MAX = 16_384;
    private static final int INDEX_SEQS_MAX = 256;
    /** After so many scanned chunks it is asked again whether the filter has become rare. */
    private static final int SCANS_PER_PLAN = 16;

    private final StreamLog log;
    private final LogParts parts;
    private final LogResources shared;
    private final LogFilter filter;
    private final ArrayDeque<LogEntry> chunk = new ArrayDeque<>();
    /** Where the next chunk begins. */
    private long nextSeq;

    private long generation;
    private long removals;
    private int scansLeft;

    LogReader(StreamLog log, long fromSeq, LogFilter filter) {
        this.log = log;
        this.parts = log.parts();
        this.shared = parts.shared();
        this.filter = filter;
        seek(fromSeq);
    }

    /** The next match or damage; null if there is none now, or none was found yet: see {@link #caughtUp}. */
    public @Nullable LogEntry next() {
        log.checkOpen();
        if (generation != log.generation()) {
            seek(position());
        }
        while (true) {
            LogEntry entry = chunk.poll();
            if (entry == null) {
                return nextBeyondChunk();
            }
            if (chunk.isEmpty()) {
                shared.chunkGiven();
            }
            if (stillThere(entry)) {
                return entry;
            }
        }
    }

    /** Lowest sequence that the next answer can have. */
    public long position() {
        LogEntry entry = chunk.peek();
        return switch (entry) {
            case null -> nextSeq;
            case StoredMessage message -> message.seq();
            case DamagedRange damage -> damage.firstSeq();
        };
    }

    /** Whether there is no message at or behind {@link #position}, matching or not. */
    public boolean caughtUp() {
        return chunk.isEmpty() && nextSeq > log.lastSeq();
    }

    /** Goes on at another sequence, forwards or backwards. */
    public void seek(long seq) {
        close();
        nextSeq = Math.max(1, seq);
        generation = log.generation();
    }

    /** Gives the chunk's memory back. Idempotent; the reader may be used again after {@link #seek}. */
    @Override
    public void close() {
        if (!chunk.isEmpty()) {
            chunk.clear();
            shared.chunkGiven();
        }
    }

    private @Nullable LogEntry nextBeyondChunk() {
        nextSeq = Math.max(nextSeq, log.firstSeq());
        long lastSeq = log.lastSeq();
        Tail tail = parts.messages().tail();
        while (nextSeq <= lastSeq && tail.covers(nextSeq)) {
            long seq = nextSeq++;
            ByteBuffer record = tail.record(seq);
            if (record != null && parts.messages().matches(record, filter)) {
                return parts.messages().decode(seq, record);
            }
        }
        if (nextSeq > lastSeq) {
            return null;
        }
        readChunk();
        LogEntry first = chunk.poll();
        if (!chunk.isEmpty()) {
            shared.chunkTaken();
        }
        return first;
    }

    private void readChunk() {
        removals = log.removals();
        if (!filter.all() && scansLeft-- <= 0) {
            long[] rare = log.search().rare(filter, nextSeq, INDEX_SEQS_MAX);
            if (rare != null) {
                scansLeft = 0;
                readRare(rare);
                return;
            }
            scansLeft = SCANS_PER_PLAN;
        }
        scan();
    }

    private void scan() {
        int bytes = 0;
        int bytesMax = shared.chunkBytes();
        try (MessageScan scan = parts.scan(nextSeq, log.lastSeq(), filter).within(SCAN_SEQS_MAX)) {
            while (bytes < bytesMax && scan.advance()) {
                LogEntry entry = scan.entry();
                chunk.add(entry);
                bytes += entry instanceof StoredMessage message ? message.sizeBytes() : 0;
            }
            nextSeq = scan.position();
        }
    }

    /** Fetches messages by sequence, as the index gave them; with fewer than the most asked for, there are no more. */
    private void readRare(long[] seqs) {
        int bytes = 0;
        int bytesMax = shared.chunkBytes();
        for (long seq : seqs) {
            if (bytes >= bytesMax) {
                return;
            }
            LogEntry entry = log.get(seq);
            nextSeq = seq + 1;
            if (entry != null) {
                chunk.add(entry);
                bytes += entry instanceof StoredMessage message ? message.sizeBytes() : 0;
            }
        }
        if (seqs.length < INDEX_SEQS_MAX) {
            nextSeq = log.lastSeq() + 1;
        }
    }

    private boolean stillThere(LogEntry entry) {
        return removals == log.removals() || !(entry instanceof StoredMessage message) || parts.isLive(message.seq());
    }
}
