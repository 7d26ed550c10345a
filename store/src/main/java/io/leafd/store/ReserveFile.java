package io.leafd.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of zeros that holds disk blocks for bad times. Owned by the store loop.
 *
 * <p>Something else on the box may fill the file system to the last byte. Then deletes and acknowledgements could not be written,
 * and the store could never get smaller. So when almost nothing is free this file is deleted, and grows again, a little at every
 * look, when there is room.
 */
final class ReserveFile {
    private static final Logger log = LoggerFactory.getLogger(ReserveFile.class);
    private static final String NAME = "reserve";
    private static final long LOOK_BYTES = 4L << 20;
    /** Written at once. Small, as Java keeps a buffer of this size outside of the heap for good. */
    private static final int PIECE_BYTES = 64 << 10;

    /** Below this much free space the blocks are given back. */
    private static final long RELEASE_FREE_BYTES = 2L << 20;

    private static final long BYTES_MAX = 32L << 20;

    private final Path file;
    private final long bytes;
    /** What it holds at present. */
    private long heldBytes;

    ReserveFile(Path directory, long bytes) {
        this.file = directory.resolve(NAME);
        this.bytes = Math.min(bytes, BYTES_MAX);
    }

    /** What it should hold and does not. */
    long missingBytes() {
        return bytes - Math.min(bytes, heldBytes);
    }

    boolean is(Path other) {
        return other.equals(file);
    }

    /** Deletes it when nearly nothing is free; lets it grow when there is room for it above what must stay free. */
    void tend(long freeBytes, long minFreeBytes) {
        try {
            heldBytes = Files.exists(file) ? Files.size(file) : 0;
            if (freeBytes < RELEASE_FREE_BYTES) {
                if (heldBytes > 0) {
                    release();
                }
            } else if (heldBytes < bytes && freeBytes - minFreeBytes > 2 * bytes) {
                grow();
            }
        } catch (IOException e) {
            log.warn("store reserve file cannot be kept file={} error={}", file, e.toString());
        }
    }

    /** Deletes it; false if there was none. */
    boolean release() {
        heldBytes = 0;
        try {
            boolean held = Files.deleteIfExists(file);
            if (held) {
                log.warn("store reserve released, the disk is full file={} bytes={}", file, bytes);
            }
            return held;
        } catch (IOException e) {
            log.warn("store reserve file cannot be deleted file={} error={}", file, e.toString());
            return false;
        }
    }

    private void grow() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(PIECE_BYTES);
            long end = Math.min(bytes, heldBytes + LOOK_BYTES);
            while (heldBytes < end) {
                zeros.clear().limit((int) Math.min(PIECE_BYTES, end - heldBytes));
                heldBytes += channel.write(zeros, heldBytes);
            }
        }
    }
}
