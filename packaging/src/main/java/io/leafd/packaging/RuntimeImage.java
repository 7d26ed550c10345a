package io.leafd.packaging;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Java runtime of the package: what leafd and its libraries need of the JDK that builds it, and nothing else.
 *
 * <p>{@code jlink} links from the JDK it belongs to, so the runtime is for the machine of the build. The modules are not
 * compressed: the package as a whole is, and does it better. Java's debug attributes stay away; the stack traces of leafd's own
 * classes keep their line numbers.
 */
final class RuntimeImage {
    /**
     * {@code java.naming} for name look-ups of the libraries, {@code jdk.unsupported} for Netty and SIGHUP, {@code
     * jdk.management} for the memory figures; {@code jdk.jcmd} and {@code jdk.jfr} are what a support case needs.
     */
    static final List<String> MODULES = List.of(
            "java.base",
            "java.logging",
            "java.management",
            "java.naming",
            "jdk.jcmd",
            "jdk.jfr",
            "jdk.management",
            "jdk.unsupported");

    private RuntimeImage() {}

    /**
     * Runs jlink as a process of its own: the classes that it makes ahead of time depend on what its process did before.
     *
     * @param options flags that this runtime always has, one on each line, and comments
     */
    static void link(Path target, Path options) throws IOException {
        Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
        if (!Files.isExecutable(jlink)) {
            throw new IllegalStateException("this JDK has no jlink; build with a full JDK 25");
        }
        Files.createDirectories(target.getParent());
        Process linking = new ProcessBuilder(
                        jlink.toString(),
                        "--add-modules",
                        String.join(",", MODULES),
                        "--strip-java-debug-attributes",
                        "--no-header-files",
                        "--no-man-pages",
                        "--compress",
                        "zip-0",
                        "--add-options",
                        flags(options),
                        "--output",
                        target.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(linking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (linking.waitFor() != 0) {
                throw new IOException("jlink failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped while jlink ran");
        }
        dropRepeatedNotices(target.resolve("legal"));
    }

    private static String flags(Path options) throws IOException {
        try (Stream<String> lines = Files.lines(options)) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.joining(" "));
        }
    }

    /** The notices of most modules are links to those of {@code java.base}, which stay. */
    private static void dropRepeatedNotices(Path legal) throws IOException {
        try (Stream<Path> modules = Files.list(legal)) {
            for (Path module : modules.toList()) {
                dropLinks(module);
            }
        }
    }

    private static void dropLinks(Path module) throws IOException {
        List<Path> notices;
        try (Stream<Path> files = Files.list(module)) {
            notices = files.toList();
        }
        List<Path> links = notices.stream().filter(Files::isSymbolicLink).toList();
        for (Path link : links) {
            Files.delete(link);
        }
        if (links.size() == notices.size()) {
            Files.delete(module);
        }
    }
}
