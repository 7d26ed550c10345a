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

    private ProcessLoad() {}

    /** Processor time that the process has used, in both modes. */
    static Duration cpu(long pid) {
        String stat = read(Path.of("/proc/%d/stat".formatted(pid)));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Duration.ofMillis(
                (Long.parseLong(fields[USER_FIELD]) + Long.parseLong(fields[USER_FIELD + 1])) * TICK_MS);
    }

    /** The most that ever was in RAM of it, in KiB. */
    static long residentPeakKib(long pid) {
        return read(Path.of("/proc/%d/status".formatted(pid)))
                .lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
