package io.leafd.test.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What the kernel says about a process. */
final class ProcessLoad {
    private static final int USER_FIELD = 11;
    private static final int TICK_MS = 10;
    private static final int PAGE_KIB = 4;

    private ProcessLoad() {}

    /** Processor time that the process has used, in both modes. */
    static Duration cpu(long pid) {
        String stat = read(Path.of("/proc/%d/stat".formatted(pid)));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Duration.ofMillis(
                (Long.parseLong(fields[USER_FIELD]) + Long.parseLong(fields[USER_FIELD + 1])) * TICK_MS);
    }

    /** Memory of the process that is in RAM, in KiB. */
    static long residentKib(long pid) {
        return Long.parseLong(read(Path.of("/proc/%d/statm".formatted(pid))).split(" ", -1)[1]) * PAGE_KIB;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
