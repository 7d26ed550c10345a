package io.leafd.test.hostility;

import io.leafd.test.peer.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process holds, as the kernel counts it.
 *
 * @param files open file descriptors
 * @param residentKib memory in RAM
 */
record Footprint(int files, long residentKib) {
    static Footprint of(ServerProcess process) {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        String[] files = new File(proc.toFile(), "fd").list();
        try {
            long resident = Files.readAllLines(proc.resolve("status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
            return new Footprint(files == null ? 0 : files.length, resident);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
