package io.leafd.store;

import io.leafd.store.crypt.StoreKeys;
import io.leafd.store.log.StreamLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A store in a directory of a test, driven by the test itself, with a clock that the test moves. */
final class Stores implements AutoCloseable {
    static final long MIB = 1L << 20;

    final StoreConfig config;
    final AtomicLong nanoTime = new AtomicLong(1);
    Store store;

    Stores(StoreConfig config) {
        this.config = config;
        this.store = Store.open(config, nanoTime::get);
    }

    /** Small budgets: caches overflow and tables are flushed within a test. */
    static Stores small(Path directory) {
        return new Stores(new StoreConfig(directory, null, 1L << 30, 0, 8 * MIB));
    }

    /** {@link #small(Path)} with keys. */
    static Stores small(Path directory, StoreKeys keys) {
        return new Stores(new StoreConfig(directory, null, 1L << 30, 0, 8 * MIB, keys));
    }

    /** Keys that consist of nothing but these bytes. */
    static StoreKeys keys(int... each) {
        var keys = new ArrayList<byte[]>();
        for (int one : each) {
            byte[] bytes = new byte[32];
            Arrays.fill(bytes, (byte) one);
            keys.add(bytes);
        }
        return StoreKeys.of(keys);
    }

    /** Closes and opens. */
    void reopen() {
        store.close();
        store = Store.open(config, nanoTime::get);
    }

    /** Runs everything queued and due, and commits what the test staged. */
    void run() {
        store.loop().runUntilIdle();
    }

    StreamLog stream(String name) {
        StreamLog found = store.streams().find("A", name);
        return found == null ? store.streams().create("A", name, new byte[] {1, 2, 3}, 77) : found;
    }

    /** Names, lengths and contents of all files of a directory. */
    static List<String> listing(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).map(Stores::line).sorted().toList();
        }
    }

    private static String line(Path file) {
        try {
            return file + " " + Arrays.hashCode(Files.readAllBytes(file)) + " " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
