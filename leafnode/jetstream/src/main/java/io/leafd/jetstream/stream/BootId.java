package io.leafd.jetstream.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Names the present run of the box's kernel, in which the monotonic clock never goes back. Any thread. */
final class BootId {
    private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String PRESENT = read();

    private BootId() {}

    /** The name of this run. Where the kernel does not tell it, each process is taken for a run of its own. */
    static String present() {
        return PRESENT;
    }

    private static String read() {
        try {
            return Files.readString(FILE).strip();
        } catch (IOException e) {
            return UUID.randomUUID().toString();
        }
    }
}
