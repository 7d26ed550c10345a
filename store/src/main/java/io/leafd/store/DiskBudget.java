package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.files.LostFiles;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The byte budget of the store's directory and the file system's reserve. Owned by the store loop; {@link #usage} any thread.
 *
 * <pre>
 *   0                                   limit            max_disk
 *   ├────────── messages ─────────────────┤── reserve ───────┤
 *                                          deletes, acknowledgements, cursors, compaction
 * </pre>
 *
 * Only taking in new messages asks {@link #mayAppend}. The reserve is a twentieth of the budget (at least {@link
 * #RESERVE_BYTES_MIN}); part of it is a {@link ReserveFile} with real blocks, given back to the file system when something
 * else has filled the disk. Until it has its blocks again, nothing is taken in.
 *
 * <p>What is used is looked up every second or so by adding up file sizes, which costs a stat per file; in between, what was
 * written since is counted twice (once for the log, once for the table it will become). Taking in resumes by itself with the
 * next look after there is room.
 */
public final class DiskBudget {
    static final long RESERVE_BYTES_MIN = 8L << 20;
    private static final Logger log = LoggerFactory.getLogger(DiskBudget.class);
    private static final int RESERVE_SHARE = 20;
    /** The reserve file takes no more than this share of a small file system. */
    private static final int RESERVE_FILE_SHARE = 16;

    private static final int WRITTEN_TWICE = 2;
    /** With less than this left, free space is looked at for each message: somebody else may be filling the disk. */
    private static final long FREE_LOW_BYTES = 256L << 20;

    private final Path directory;
    private final Path databaseDirectory;
    private final Path lostDirectory;
    private final long maxBytes;
    private final long minFreeBytes;
    private final long reserveBytes;
    private final Engine engine;
    private final ReserveFile reserveFile;
    private volatile Usage usage;
    private long usedBytes;
    private long freeBytes = Long.MAX_VALUE;
    private long writtenAtFreeLook;
    /** Held back for compaction that is due: what it makes takes space before what it took in is freed. */
    private long debtBytes;

    private long writtenAtLook;

    DiskBudget(StoreConfig config, Path databaseDirectory, Engine engine) {
        this.directory = config.directory();
        this.databaseDirectory = databaseDirectory;
        this.lostDirectory = new LostFiles(directory).directory();
        this.maxBytes = config.maxDiskBytes();
        this.minFreeBytes = config.minFreeBytes();
        this.reserveBytes = Math.max(RESERVE_BYTES_MIN, maxBytes / RESERVE_SHARE);
        this.engine = engine;
        long fileSystemBytes = directory.toFile().getTotalSpace();
        this.reserveFile = new ReserveFile(directory, Math.min(reserveBytes / 2, fileSystemBytes / RESERVE_FILE_SHARE));
        this.usage = new Usage(0, maxBytes, reserveBytes, 0, minFreeBytes, 0, false);
    }

    /** Whether a message of this many bytes may be appended now. Cheap enough for each message. */
    public boolean mayAppend(long bytes) {
        long writtenBytes = engine.counters().writtenBytes();
        long sinceBytes = WRITTEN_TWICE * (writtenBytes - writtenAtLook + bytes);
        if (usedBytes + debtBytes + sinceBytes > maxBytes - reserveBytes) {
            return false;
        }
        long keptBytes = minFreeBytes + reserveFile.missingBytes();
        if (freeBytes - keptBytes < FREE_LOW_BYTES) {
            lookAtFree();
        }
        return freeBytes - WRITTEN_TWICE * (writtenBytes - writtenAtFreeLook + bytes) >= keptBytes;
    }

    private void lookAtFree() {
        freeBytes = directory.toFile().getUsableSpace();
        writtenAtFreeLook = engine.counters().writtenBytes();
    }

    /**
     * {@link #mayAppend} or an exception with the numbers in its message.
     *
     * @throws StoreException.Full if not
     */
    public void checkAppend(long bytes) {
        if (!mayAppend(bytes)) {
            throw new StoreException.Full("store is full: " + usedBytes + " of " + maxBytes + " bytes used, "
                    + reserveBytes
                    + " kept in reserve, " + freeBytes + " bytes free on the file system, at least " + minFreeBytes
                    + " must stay free; give the store more room (store.max_disk), shorten the streams' limits, or free"
                    + " the disk");
        }
    }

    /** The numbers of the last look. Any thread. */
    public Usage usage() {
        return usage;
    }

    /** Any thread. Bytes that others may use up before nothing is taken in any more, by what the file system says now. */
    long spareBytes() {
        return directory.toFile().getUsableSpace() - minFreeBytes;
    }

    /** Any thread. Whether the last look found that nothing may be taken in. */
    boolean full() {
        return usage.full();
    }

    /** Adds up and publishes; keeps the reserve file in shape. */
    void look() {
        try {
            usedBytes = fileBytes(directory) + fileBytes(databaseDirectory) + fileBytes(lostDirectory);
            lookAtFree();
        } catch (IOException e) {
            log.warn("store size cannot be read directory={} error={}", directory, e.toString());
            return; // the old numbers, plus what was written since, stay in force
        }
        reserveFile.tend(freeBytes, minFreeBytes);
        writtenAtLook = engine.counters().writtenBytes();
        long debt = engine.up() ? engine.compactionDebtBytes() : 0;
        debtBytes = Math.min(debt, reserveBytes);
        usage = new Usage(usedBytes, maxBytes, reserveBytes, freeBytes, minFreeBytes, debt, !mayAppend(0));
    }

    /**
     * Gives the reserve file's blocks back: a write has just failed for want of them.
     *
     * @return whether there were any
     */
    boolean releaseReserve() {
        return reserveFile.release();
    }

    /** Bytes of the plain files of one directory, without the reserve file; files that vanish meanwhile count nothing. */
    private long fileBytes(Path of) throws IOException {
        long sum = 0;
        if (!Files.isDirectory(of)) {
            return 0;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(of)) {
            for (Path file : files) {
                if (Files.isRegularFile(file) && !reserveFile.is(file)) {
                    sum += size(file);
                }
            }
        }
        return sum;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /**
     * What the budget last saw.
     *
     * @param usedBytes files of the directory, the log of the database included, the reserve file not
     * @param maxBytes the budget
     * @param reserveBytes part of the budget that messages may not use
     * @param freeBytes free on the file system
     * @param minFreeBytes what must stay free there
     * @param compactionDebtBytes what compaction still has to rewrite; counts as used, up to the size of the reserve
     * @param full whether appends are refused
     */
    public record Usage(
            long usedBytes,
            long maxBytes,
            long reserveBytes,
            long freeBytes,
            long minFreeBytes,
            long compactionDebtBytes,
            boolean full) {}
}
