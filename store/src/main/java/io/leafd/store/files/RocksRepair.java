package io.leafd.store.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.rocksdb.RocksDB;

/**
 * RocksDB's own repair: makes a new MANIFEST from whatever tables and logs are in the directory. Its Java library has no method for
 * it, but the native library that it loads has RocksDB's C functions.
 *
 * <p>Tables and logs that cannot be read, the logs whose content became tables, and the old MANIFEST go to the directory {@code
 * lost} within the database. Damaged stretches of logs are left out in silence. Column families that appear in no table are
 * unknown to it, and what the logs hold for them is dropped: the caller sees to it that each appears in one.
 */
@SuppressWarnings("restricted") // the functions and their types are those of rocksdb/c.h
public final class RocksRepair {
    private static final long MESSAGE_BYTES_MAX = 4096;

    private RocksRepair() {}

    /**
     * Repairs a database that nobody has open.
     *
     * @throws IOException if RocksDB gives up; its message says why
     */
    public static void repair(Path directory) throws IOException {
        RocksDB.loadLibrary();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(ValueLayout.ADDRESS);
            var options = (MemorySegment) function("rocksdb_options_create", FunctionDescriptor.of(ValueLayout.ADDRESS))
                    .invokeExact();
            try {
                function(
                                "rocksdb_repair_db",
                                FunctionDescriptor.ofVoid(
                                        ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS))
                        .invokeExact(options, arena.allocateFrom(directory.toString()), error);
            } finally {
                function("rocksdb_options_destroy", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS))
                        .invokeExact(options);
            }
            check(directory, error.get(ValueLayout.ADDRESS, 0));
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException("RocksDB's repair cannot be called: " + e, e);
        }
    }

    private static void check(Path directory, MemorySegment message) throws IOException {
        if (message.address() != 0) {
            throw new IOException("RocksDB cannot repair " + directory + ": "
                    + message.reinterpret(MESSAGE_BYTES_MAX).getString(0));
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor shape) throws IOException {
        MemorySegment found = SymbolLookup.loaderLookup()
                .find(name)
                .orElseThrow(() -> new IOException("this RocksDB library has no function " + name));
        return Linker.nativeLinker().downcallHandle(found, shape);
    }
}
