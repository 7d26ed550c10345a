package io.leafd.store.engine;

import io.leafd.store.files.RecordLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where the database's log ends after a crash, and cuts off what was never synced. Used once, before the database is opened.
 *
 * <pre>
 *   records, synced        | written, not synced      | room
 *   ■■■■■■■■■■■■■■■■■■■■■■ | ■■■  hole  torn ■■■  ■■■ | zeros
 *                            ▲ cut here
 * </pre>
 *
 * <p>The log is longer than what is in it ({@link LogRoom}), so a power cut may leave any of the pages that were being written, with
 * zeros for the others. RocksDB takes a bad place that is not at the very end for damage. It is damage only if something is missing
 * that was synced. Three witnesses tell:
 *
 * <ol>
 *   <li>the file {@code tip}, which may be behind after a power cut but never ahead;
 *   <li>the records behind the place: each begins with a mark, how far the store was synced when that record was made;
 *   <li>the sequences of records, which have no gap if nothing is missing.
 * </ol>
 *
 * <p>If one of them knows of a missing record that was synced, or there is no tip to ask, nothing is touched: then it is damage, and
 * {@link Opening} keeps a copy. Zeros to the end are cut off in any case, since they are no records; if those had been some, the tip
 * says how many once the database is open.
 */
final class LogEnd {
    private static final Logger log = LoggerFactory.getLogger(LogEnd.class);
    private static final byte MARK = 'd';
    private static final int MARK_BYTES = 9;

    /** The first place that cannot be read. */
    private @Nullable Path badFile;

    private long badOffset;
    private boolean onlyZeros = true;
    /** Sequence of the last record before the place, 0 for none. */
    private long before;
    /** Of the first record behind it, 0 for none. */
    private long behind;

    private @Nullable Path behindFile;
    private long synced;

    private LogEnd() {}

    /** What a batch begins with: everything up to record {@code syncedSequence} was synced when it was made. */
    static byte[] mark(long syncedSequence) {
        return ByteBuffer.allocate(MARK_BYTES).put(MARK).putLong(syncedSequence).array();
    }

    /**
     * Cuts off the unsynced end, if there is one.
     *
     * @param synced what the file tip knows to be synced, -1 if there is no such file
     */
    static void settle(Path directory, long synced) throws IOException {
        List<Path> logs = LogFiles.all(directory);
        var end = new LogEnd();
        end.synced = synced;
        for (Path file : logs) {
            RecordLog.read(file, end.reading(file));
        }
        Path bad = end.badFile;
        if (bad != null && end.isUnsynced(synced >= 0)) {
            List<Path> torn = new ArrayList<>(logs.subList(logs.indexOf(bad) + 1, logs.size()));
            cut(bad, end.badOffset);
            if (end.behind > end.before + 1) { // unsynced like the hole before them
                for (Path later : torn) {
                    cut(later, 0);
                }
            }
        }
    }

    private boolean isUnsynced(boolean tipKnown) {
        if (!tipKnown && !onlyZeros) {
            return false;
        }
        if (behind == 0) {
            return onlyZeros || before == 0 || synced <= before;
        }
        if (behind <= before + 1) {
            return !behindIsInBadFile(); // nothing is missing between two logs
        }
        return before > 0 && synced <= before;
    }

    private boolean behindIsInBadFile() {
        return badFile != null && badFile.equals(behindFile);
    }

    private RecordLog.Visitor reading(Path file) {
        return new RecordLog.Visitor() {
            @Override
            public void record(byte[] bytes) {
                LogEnd.this.record(file, bytes);
            }

            @Override
            public void passedOver(byte[] bytes) {
                LogEnd.this.record(file, bytes);
            }

            @Override
            public void damaged(long offset, String problem) {
                onlyZeros &= problem.equals(RecordLog.ZEROS);
                if (badFile == null) {
                    badFile = file;
                    badOffset = offset;
                }
            }
        };
    }

    private void record(Path file, byte[] bytes) {
        if (bytes.length < Batch.HEADER_BYTES) {
            return;
        }
        ByteBuffer batch = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long sequence = batch.getLong();
        int count = batch.getInt();
        if (badFile == null) {
            before = sequence + count - 1;
        } else if (behind == 0) {
            behind = sequence;
            behindFile = file;
        }
        boolean marked = batch.remaining() >= 2 + MARK_BYTES
                && batch.get() == Batch.LOG_DATA
                && batch.get() == MARK_BYTES
                && batch.get() == MARK;
        if (marked) {
            synced = Math.max(synced, batch.order(ByteOrder.BIG_ENDIAN).getLong());
        }
    }

    private static void cut(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            log.debug("store log is cut to its end file={} bytes={} from={}", file, bytes, channel.size());
            channel.truncate(bytes);
            channel.force(true);
        }
    }
}
