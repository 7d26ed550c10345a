package io.leafd.test.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A wall clock of a process of its own, which can be set at any moment; the monotonic clock stays the machine's. Owned by one
 * scenario.
 *
 * <p>By a library of 30 lines that is compiled here and preloaded into the process: works for programs that ask the C library for
 * the time, as a JVM does. (libfaketime also wraps the waiting functions, and a JVM hangs in them.)
 */
final class FakeClock {
    private final Path library;
    private final Path setting;

    /** A clock that is right, with its files in this directory. */
    FakeClock(Path directory) {
        this.library = directory.resolve("wallclock.so");
        this.setting = directory.resolve("wallclock");
        Path source = directory.resolve("wallclock.c");
        try (InputStream text =
                Objects.requireNonNull(FakeClock.class.getResourceAsStream("/faults/wallclock.c"), "wallclock.c")) {
            Files.write(source, text.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Disk.run(List.of("cc", "-O1", "-shared", "-fPIC", "-o", library.toString(), source.toString()));
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "the clock faults need a C compiler (Debian: apt install gcc libc6-dev)", e);
        }
        shift(Duration.ZERO);
    }

    /** Variables for the process. */
    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "WALLCLOCK_FILE", setting.toString());
    }

    /** From now on the process's clock is the machine's plus this much. */
    void shift(Duration by) {
        byte[] seconds = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(by.toSeconds())
                .array();
        try {
            Files.write(setting, seconds, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
