package io.leafd.store.log;

import io.leafd.store.engine.Engine;
import io.leafd.store.loop.Completion;
import io.leafd.store.loop.StoreException;
import io.leafd.store.loop.StoreLoop;

/**
 * Frees the disk space of messages that a log has already given up. Owned by the store loop.
 *
 * <p>Removing from the front only moves {@link LogNumbers#firstSeq}; the records stay, dead. When enough are dead, whole files
 * of them are dropped and one range delete per family covers the rest, instead of a tombstone per message. Order matters:
 *
 * <ol>
 *   <li>the new first sequence is durable (this runs after a commit, and syncs if commits do not);
 *   <li>files that hold only dead records are dropped, which is not part of any batch;
 *   <li>the range delete is staged, with {@link LogNumbers#trimmedSeq}. It comes second because dropping files also drops older
 *       range deletes: the newest one must survive to cover what is left in files that were not dropped.
 * </ol>
 */
final class LogTrim implements Completion {
    private static final long DEAD_BYTES_MIN = 256 << 10;
    private static final long DEAD_BYTES_MAX = 64L << 20;
    /** Dead bytes may be this part of the live ones. */
    private static final int LIVE_SHARE = 4;

    private final LogParts parts;
    private final LogNumbers numbers;
    private final Engine engine;
    private final StoreLoop loop;
    private long deadBytes;
    private boolean scheduled;
    private boolean ended;

    LogTrim(LogParts parts) {
        this.parts = parts;
        this.numbers = parts.numbers();
        this.engine = parts.shared().engine();
        this.loop = parts.shared().loop();
    }

    /** Forgets what was planned, for a reopened store. */
    void reset() {
        deadBytes = 0;
        scheduled = false;
    }

    /** Never trims again: the stream is gone. */
    void end() {
        ended = true;
    }

    /** Notes that messages of this size were removed from the front. */
    void removed(long bytes) {
        deadBytes += bytes;
        if (deadBytes > Math.clamp(numbers.bytes / LIVE_SHARE, DEAD_BYTES_MIN, DEAD_BYTES_MAX)) {
            soon();
        }
    }

    /** Trims after the next commit, whatever is dead. */
    void soon() {
        if (!scheduled) {
            scheduled = true;
            loop.afterCommit(this);
        }
    }

    @Override
    public void committed() {
        scheduled = false;
        deadBytes = 0;
        if (!ended && numbers.trimmedSeq < numbers.firstSeq) {
            trim(numbers.trimmedSeq, numbers.firstSeq);
        }
    }

    /**
     * Trims again what was trimmed before: files that took part in a compaction at that time were left out. For a store that is
     * full.
     */
    void again() {
        loop.afterCommit(() -> {
            if (!ended && numbers.firstSeq > 1) {
                trim(0, numbers.firstSeq);
            }
        });
    }

    private void trim(long from, long to) {
        engine.sync();
        parts.messages().dropFiles(from, to);
        parts.messages().deleteRange(from, to);
        parts.index().dropBlocksBelow(from, to);
        parts.deleted().dropBelow(to);
        numbers.trimmedSeq = to;
        numbers.changed(engine);
    }

    @Override
    public void failed(StoreException cause) {
        scheduled = false;
    }

    /** Frees whole files of an interior range, once its deletion is durable; the records are deleted already. */
    void freeInterior(long fromSeq, long toSeq) {
        loop.afterCommit(() -> {
            if (!ended) {
                engine.sync();
                parts.messages().dropFiles(fromSeq, toSeq);
            }
        });
    }
}
