package io.leafd.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this machine, as a name for leafd. */
public final class HostName {
    private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /** The first label of the host name with what a token cannot hold replaced by hyphens; {@code leafd} when there is none. */
    public static String local() {
        try {
            return asToken(Files.readString(KERNEL));
        } catch (IOException e) {
            return "leafd"; // no Linux, or /proc is hidden: any constant will do, and the owner may set server.name
        }
    }

    static String asToken(String hostName) {
        String label = hostName.strip().replaceFirst("\\..*", "").replaceAll("[^A-Za-z0-9_-]", "-");
        return NatsKinds.isToken(label) ? label : "leafd";
    }
}
