package io.leafd.bench.line;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process has used, as Linux counts it in {@code /proc}. */
public final class ProcessUse {
    private static final long NS_PER_TICK = 10_000_000; // USER_HZ is 100 on every Linux that Java runs on

    private ProcessUse() {}

    /** Processor time of all its threads, in nanoseconds, in steps of 10 ms. */
    public static long cpuNs(long pid) {
        return cpuNs(read(pid, "stat"));
    }

    /** Fields 14 and 15 of {@code stat}; the command in parentheses before them may hold blanks. */
    static long cpuNs(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NS_PER_TICK;
    }

    /** Memory that is resident now, in bytes. */
    public static long residentBytes(long pid) {
        return statusBytes(read(pid, "status"), "VmRSS:");
    }

    /** The most memory that was ever resident, in bytes. */
    static long residentPeakBytes(long pid) {
        return statusBytes(read(pid, "status"), "VmHWM:");
    }

    /** A line such as {@code VmRSS:     1234 kB}. */
    static long statusBytes(String status, String key) {
        return status.lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no line " + key));
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the CPU time and memory of servers are read from /proc, which is Linux's", e);
        }
    }
}
