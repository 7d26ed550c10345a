package io.leafd.store.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Damages the files of a closed store. */
public final class Tampering {
    private static final Path DATABASE = Path.of("db");

    private Tampering() {}

    /** Replaces the raw value of a record; null removes it. */
    public static void change(Path store, Family family, byte[] key, UnaryOperator<byte @Nullable []> change) {
        var descriptors = new ArrayList<ColumnFamilyDescriptor>();
        for (Family each : Family.values()) {
            descriptors.add(new ColumnFamilyDescriptor(each.nameBytes()));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        String directory = store.resolve(DATABASE).toString();
        try (var options = new DBOptions();
                RocksDB db = RocksDB.open(options, directory, descriptors, handles)) {
            ColumnFamilyHandle handle = handles.get(List.of(Family.values()).indexOf(family));
            byte[] changed = change.apply(Objects.requireNonNull(db.get(handle, key), "no such record"));
            if (changed == null) {
                db.delete(handle, key);
            } else {
                db.put(handle, key, changed);
            }
            handles.forEach(ColumnFamilyHandle::close);
        } catch (RocksDBException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Flips one bit of the raw value of a record, counted from its end. */
    public static void flip(Path store, Family family, byte[] key, int byteFromEnd) {
        change(store, family, key, value -> {
            byte[] flipped = Objects.requireNonNull(value).clone();
            flipped[flipped.length - 1 - byteFromEnd] ^= 4;
            return flipped;
        });
    }

    /** The largest file of the database with this ending. */
    public static Path largest(Path store, String ending) throws IOException {
        try (Stream<Path> files = Files.list(store.resolve(DATABASE))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    /** Flips a bit of a file at a share of its length. */
    public static void flip(Path file, double at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (bytes.length * at)] ^= 16;
        Files.write(file, bytes);
    }
}
