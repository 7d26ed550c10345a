package io.leafd.app.child;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that starts another leafd the way this one was started. Pure but for reading {@code /proc}.
 *
 * <p>The kernel's list is used because Java's own stops at 4096 bytes, which a class path may exceed.
 */
final class OwnCommand {
    private static final Path KERNEL = Path.of("/proc/self/cmdline");
    private static final String MAIN = "io.leafd.app.Main";
    private static final String AOT = "-XX:AOT";

    private OwnCommand() {}

    /**
     * The command of another leafd.
     *
     * @param flags for its Java, before those of this one; if there is one for the AOT cache, those of this one are left out
     * @param arguments of leafd
     */
    static List<String> leafd(List<String> flags, List<String> arguments) throws IOException {
        return leafd(
                List.of(Files.readString(KERNEL, StandardCharsets.UTF_8).split("\0")),
                ProcessHandle.current().info().command().orElse("java"),
                flags,
                arguments);
    }

    /** As above, for a process whose command line is {@code own}. */
    static List<String> leafd(List<String> own, String java, List<String> flags, List<String> arguments) {
        int main = own.indexOf(MAIN);
        if (main < 1) {
            throw new IllegalStateException("this process was not started as \"java ... " + MAIN + " ...\"");
        }
        boolean otherCache = flags.stream().anyMatch(flag -> flag.startsWith(AOT));
        var command = new ArrayList<String>();
        command.add(java);
        command.addAll(flags);
        own.subList(1, main + 1).stream()
                .filter(word -> !otherCache || !word.startsWith(AOT))
                .forEach(command::add);
        command.addAll(arguments);
        return command;
    }
}
