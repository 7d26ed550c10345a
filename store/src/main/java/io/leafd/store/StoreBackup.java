package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Copies whole stores. A backup is a store like any other: it can be checked, and leafd can run on it. Pure functions; any thread.
 *
 * <p>What belongs to a store: {@code FORMAT}, {@code tip}, {@code definitions} and the database. The lock, the reserve and what was
 * taken out as damaged stay behind.
 */
public final class StoreBackup {
    private StoreBackup() {}

    /**
     * What was copied.
     *
     * @param files how many files
     * @param bytes how many bytes
     */
    public record Copied(long files, long bytes) {
        private Copied plus(Copied other) {
            return new Copied(files + other.files, bytes + other.bytes);
        }
    }

    /**
     * Copies a store that nobody has open. A leafd that is started meanwhile is refused.
     *
     * @param target must not exist; everything in it is on the medium afterwards
     * @throws StoreException.Unusable if the directory is no store or in use
     */
    public static Copied ofStopped(Path store, Path target) throws IOException {
        check(store);
        DirectoryLock held = DirectoryLock.hold(store);
        try {
            return copy(store, target);
        } finally {
            if (held != null) {
                held.close();
            }
        }
    }

    /**
     * Copies what {@link Store#snapshot} has laid out.
     *
     * @param target must not exist; everything in it is on the medium afterwards
     */
    public static Copied ofSnapshot(Path snapshot, Path target) throws IOException {
        return copy(snapshot, target);
    }

    /**
     * Makes a store from a backup.
     *
     * @param store the directory it is to be in, which holds no store yet
     * @throws StoreException.Unusable if the backup is no store, or there is a store already; nothing was changed
     */
    public static Copied restore(Path backup, Path store) throws IOException {
        check(backup);
        if (Engine.present(store.resolve(Store.DATABASE))) {
            throw new StoreException.Unusable(
                    store + " holds a store already: move it away first, nothing was changed", null);
        }
        return copyInto(backup, store);
    }

    private static void check(Path store) {
        String problem = FormatFile.problem(store, Engine.present(store.resolve(Store.DATABASE)));
        if (problem != null) {
            throw new StoreException.Unusable(
                    "the file FORMAT of " + store + " " + problem + "; see: leafd store check --data-dir " + store,
                    null);
        }
    }

    private static Copied copy(Path store, Path target) throws IOException {
        if (Files.exists(target)) {
            throw new StoreException.Unusable(target + " exists already: name a new directory", null);
        }
        return copyInto(store, target);
    }

    /** Copies {@code FORMAT} last: a copy that was cut off is no store. */
    private static Copied copyInto(Path store, Path target) throws IOException {
        Path database = Files.createDirectories(target.resolve(Store.DATABASE));
        Copied copied = new Copied(0, 0);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(store.resolve(Store.DATABASE))) {
            for (Path file : files) {
                if (Files.isRegularFile(file) && !file.endsWith("LOCK")) {
                    copied = copied.plus(copyFile(file, database.resolve(file.getFileName())));
                }
            }
        }
        sync(database);
        for (String name : new String[] {TipFile.NAME, DefinitionsFile.NAME, FormatFile.NAME}) {
            if (Files.exists(store.resolve(name))) {
                copied = copied.plus(copyFile(store.resolve(name), target.resolve(name)));
            }
            sync(target);
        }
        return copied;
    }

    private static Copied copyFile(Path from, Path to) throws IOException {
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel target = FileChannel.open(
                        to,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            long bytes = source.size();
            long at = 0;
            while (at < bytes) {
                long moved = source.transferTo(at, bytes - at, target);
                if (moved <= 0) {
                    throw new IOException(from + " became shorter while it was copied");
                }
                at += moved;
            }
            target.force(true);
            return new Copied(1, bytes);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
