package io.leafd.test.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * What a disk holds: the blocks that it has flushed, and those that it was given since and still has in its cache. Any thread.
 *
 * <p>A flush makes everything before it last. When the power is cut, each block written since the last flush is found, drawn
 * from the random numbers, in one of the versions that it had since then: as flushed, as written last, or between. One block in four
 * of those is torn: each of its sectors has a version of its own. That is what a disk with a volatile cache may do; a
 * file system that asks for flushes where it needs them must live with it.
 *
 * <p>Bound: the unflushed blocks are in memory, at most as many as the image has.
 */
final class Platters implements AutoCloseable {
    static final int BLOCK_BYTES = 4096;
    private static final int SECTOR_BYTES = 512;
    private static final int TORN_ONE_IN = 4;

    private final FileChannel image;
    private final long sizeBytes;
    private final TreeMap<Long, List<byte[]>> unflushed = new TreeMap<>();
    private boolean off;
    private int writeErrno;
    private int flushErrno;
    private long flushes;

    /** A disk failed a command. */
    static final class DiskError extends Exception {
        private static final long serialVersionUID = 1L;
        private final int errno;

        DiskError(int errno) {
            super("errno " + errno);
            this.errno = errno;
        }

        int errno() {
            return errno;
        }
    }

    /** Opens an image file; it is made if it is not there. */
    Platters(Path file, long sizeBytes) {
        this.sizeBytes = sizeBytes;
        try {
            image = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (image.size() < sizeBytes) {
                image.write(ByteBuffer.allocate(1), sizeBytes - 1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long sizeBytes() {
        return sizeBytes;
    }

    synchronized byte[] read(long offset, int count) {
        byte[] bytes = new byte[(int) Math.max(0, Math.min(count, sizeBytes - offset))];
        for (int done = 0; done < bytes.length; ) {
            long block = (offset + done) / BLOCK_BYTES;
            int within = (int) ((offset + done) % BLOCK_BYTES);
            int part = Math.min(BLOCK_BYTES - within, bytes.length - done);
            System.arraycopy(current(block), within, bytes, done, part);
            done += part;
        }
        return bytes;
    }

    /**
     * Takes bytes into the cache.
     *
     * @throws DiskError if writes fail or the power is off; nothing is written then
     */
    synchronized void write(long offset, byte[] bytes) throws DiskError {
        if (off || writeErrno != 0) {
            throw new DiskError(off ? Fuse.EIO : writeErrno);
        }
        for (int done = 0; done < bytes.length; ) {
            long block = (offset + done) / BLOCK_BYTES;
            int within = (int) ((offset + done) % BLOCK_BYTES);
            int part = Math.min(BLOCK_BYTES - within, bytes.length - done);
            byte[] next = current(block).clone();
            System.arraycopy(bytes, done, next, within, part);
            unflushed
                    .computeIfAbsent(block, b -> new ArrayList<>(List.of(stored(b))))
                    .add(next);
            done += part;
        }
    }

    /** Makes everything last that was written. */
    synchronized void flush() throws DiskError {
        if (off || flushErrno != 0) {
            throw new DiskError(off ? Fuse.EIO : flushErrno);
        }
        unflushed.forEach((block, versions) -> store(block, versions.getLast()));
        unflushed.clear();
        flushes++;
    }

    /** Lets writes, or flushes, or both fail with an error number; 0 mends them. */
    synchronized void fail(int newWriteErrno, int newFlushErrno) {
        writeErrno = newWriteErrno;
        flushErrno = newFlushErrno;
    }

    /** Cuts the power: from now on every command fails, and of what was not flushed only some is there. */
    synchronized void cut(Random random) {
        off = true;
        unflushed.forEach((block, versions) -> {
            byte[] found = versions.get(random.nextInt(versions.size())).clone();
            if (random.nextInt(TORN_ONE_IN) == 0) {
                for (int at = 0; at < BLOCK_BYTES; at += SECTOR_BYTES) {
                    System.arraycopy(versions.get(random.nextInt(versions.size())), at, found, at, SECTOR_BYTES);
                }
            }
            store(block, found);
        });
        unflushed.clear();
    }

    synchronized long flushes() {
        return flushes;
    }

    @Override
    public void close() {
        try {
            image.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] current(long block) {
        List<byte[]> versions = unflushed.get(block);
        return versions == null ? stored(block) : versions.getLast();
    }

    private byte[] stored(long block) {
        var bytes = ByteBuffer.allocate(BLOCK_BYTES);
        try {
            while (bytes.hasRemaining() && image.read(bytes, block * BLOCK_BYTES + bytes.position()) >= 0) {
                // a read may be short
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.array();
    }

    private void store(long block, byte[] content) {
        var bytes = ByteBuffer.wrap(content);
        try {
            while (bytes.hasRemaining()) {
                image.write(bytes, block * BLOCK_BYTES + bytes.position());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
