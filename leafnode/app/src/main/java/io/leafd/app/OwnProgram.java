package io.leafd.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How this process was started, to start another leafd the same way: from the source tree, from a package, from anywhere. Pure but
 * for reading {@code /proc}.
 *
 * <p>The kernel's list is used because Java's own stops at 4096 bytes, which a class path may exceed.
 */
public final class OwnProgram {
    private static final Path KERNEL = Path.of("/proc/self/cmdline");
    private static final String MAIN = Main.class.getName();

    private OwnProgram() {}

    /** The words of this process's command line. */
    public static List<String> words() throws IOException {
        return List.of(Files.readString(KERNEL, StandardCharsets.UTF_8).split("\0"));
    }

    /**
     * Java's flags and leafd's main class: what stands between the word for Java and leafd's own arguments.
     *
     * @throws IllegalStateException if the words do not start leafd
     */
    public static List<String> ofWords(List<String> words) {
        int main = words.indexOf(MAIN);
        if (main < 1) {
            throw new IllegalStateException("this process was not started as \"java ... " + MAIN + " ...\"");
        }
        return words.subList(1, main + 1);
    }
}
