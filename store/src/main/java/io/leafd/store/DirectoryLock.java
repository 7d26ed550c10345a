package io.leafd.store;

import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The store's lock file, held while the store is open. RocksDB has a lock of its own, but touches its files before it looks;
 * this one is taken before anything else, and says who holds it.
 */
final class DirectoryLock implements AutoCloseable {
    static final String NAME = "LOCK";
    private static final int HOLDER_BYTES_MAX = 64;

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock.
     *
     * @throws StoreException.Unusable if another process, or another store in this one, holds it
     */
    static DirectoryLock take(Path directory) {
        Path file = directory.resolve(NAME);
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new StoreException.Unusable("cannot use " + directory + ": " + e, e);
        }
        try {
            if (tryLock(channel) == null) {
                String holder = holder(channel);
                channel.close();
                throw new StoreException.Unusable(
                        "store " + directory + " is in use by another leafd" + holder
                                + "; stop that one, or use another data_dir",
                        null);
            }
            byte[] holder = ("process " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(holder)); // in the block that it has: the disk may be full
            channel.truncate(holder.length);
            return new DirectoryLock(channel);
        } catch (IOException e) {
            throw new StoreException.Unusable("cannot lock " + file + ": " + e, e);
        }
    }

    /** Whether the store is open in another process; takes nothing. False too if that cannot be told. */
    static boolean isHeld(Path directory) {
        if (!Files.exists(directory.resolve(NAME))) {
            return false;
        }
        try (var channel =
                FileChannel.open(directory.resolve(NAME), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return tryLock(channel) == null;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Holds the lock without leaving a trace in it, so that the store can be looked at; null if there is no such file, which is as
     * good: whoever opens the store makes one first.
     *
     * @throws StoreException.Unusable if somebody has the store open
     */
    static @Nullable DirectoryLock hold(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return null;
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            String holder = holder(channel);
            channel.close();
            throw new StoreException.Unusable(
                    "store " + directory + " is in use by a running leafd" + holder
                            + "; stop it first, or look at what it reports itself: leafd status",
                    null);
        }
        return new DirectoryLock(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very process
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(HOLDER_BYTES_MAX);
        channel.read(text, 0);
        String holder = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
        return holder.isEmpty() ? "" : " (" + holder + ")";
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StoreException.Unavailable("closing the store's lock: " + e, e);
        }
    }
}
