package io.leafd.app.demo;

import io.leafd.app.OwnProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command that starts another leafd the way this one was started. Pure but for reading {@code /proc}. */
final class OwnCommand {
    private OwnCommand() {}

    /**
     * The command of another leafd.
     *
     * @param scratch where libraries are unpacked
     * @param arguments of leafd
     */
    static List<String> leafd(Path scratch, List<String> arguments) throws IOException {
        return leafd(
                OwnProgram.words(), ProcessHandle.current().info().command().orElse("java"), scratch, arguments);
    }

    /** As above, for a process whose command line is {@code own}. */
    static List<String> leafd(List<String> own, String java, Path scratch, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(java);
        command.add("-Djava.io.tmpdir=" + scratch);
        command.addAll(OwnProgram.ofWords(own));
        command.addAll(arguments);
        return command;
    }
}
