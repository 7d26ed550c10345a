package io.leafd.app.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How this process was started, to start another leafd the same way: from the source tree, from a package, from anywhere. Pure but
 * for reading {@code /proc}.
 *
 * <p>The kernel's list is used because Java's own stops at 4096 bytes, which a class path may exceed.
 */
final class OwnCommand {
    private static final Path KERNEL = Path.of("/proc/self/cmdline");

    private OwnCommand() {}

    /**
     * The command of another leafd.
     *
     * @param scratch where libraries are unpacked
     * @param arguments of leafd
     */
    static List<String> leafd(Path scratch, List<String> arguments) throws IOException {
        return leafd(
                List.of(Files.readString(KERNEL, StandardCharsets.UTF_8).split("\0")),
                ProcessHandle.current().info().command().orElse("java"),
                scratch,
                arguments);
    }

    /** As above, for a command line {@code own} whose leafd command is {@code demo}. */
    static List<String> leafd(List<String> own, String java, Path scratch, List<String> arguments) {
        int demo = own.indexOf("demo");
        if (demo < 1) {
            throw new IllegalStateException("this is not leafd demo: " + own);
        }
        var command = new ArrayList<String>();
        command.add(java);
        command.add("-Djava.io.tmpdir=" + scratch);
        command.addAll(own.subList(1, demo));
        command.addAll(arguments);
        return command;
    }
}
