package io.leafd.test.peer;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * leafd as its owner runs it: a process of its own with the small heap of the shipped unit, plus assertions and buffer-leak detection.
 *
 * <p>By default the classes of this build run on the JDK of this build. With {@code -Dleafd.binary=/usr/bin/leafd} the installed
 * program runs instead, with its own runtime and flags.
 */
public final class LeafdProcess extends ServerProcess {

    private static final List<String> JVM_FLAGS = List.of(
            "-ea",
            "-XX:+UseSerialGC",
            "-Xms16m",
            "-Xmx48m",
            "-Xmn12m",
            "-XX:SurvivorRatio=4",
            "-XX:+UseCompactObjectHeaders",
            "-Xss256k",
            "-XX:ReservedCodeCacheSize=32m",
            "-XX:MaxDirectMemorySize=32m",
            "-XX:-UsePerfData",
            "-XX:TrimNativeHeapInterval=10000",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dio.netty.allocator.type=pooled",
            "-Dio.netty.allocator.numDirectArenas=1",
            "-Dio.netty.allocator.numHeapArenas=0",
            "-Dio.netty.allocator.maxOrder=4",
            "-Dio.netty.leakDetection.level=advanced");

    private LeafdProcess(Path directory, int clientPort) {
        super(directory, clientPort);
    }

    /**
     * A leafd that is not started yet.
     *
     * @param directory of this leafd alone
     * @param clientPort where the configuration says that it listens for NATS clients
     * @param config the whole TOML file
     */
    public static LeafdProcess of(Path directory, int clientPort, String config) {
        LeafdProcess leafd = new LeafdProcess(directory, clientPort);
        leafd.configure(config);
        return leafd;
    }

    /** Replaces the configuration; it takes effect at the next start or reload. */
    public void configure(String config) {
        try {
            Files.writeString(configFile(), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Program and arguments for any leafd command, for example {@code check}. */
    public static List<String> command(String... arguments) {
        return command(JVM_FLAGS, arguments);
    }

    /** The same with the flags of the package and no others: where memory and speed count. */
    public static List<String> shipped(String... arguments) {
        List<String> flags = new ArrayList<>(flags("runtime.options"));
        flags.addAll(flags("java.options"));
        return command(flags, arguments);
    }

    private static List<String> flags(String file) {
        try (Stream<String> lines = Files.lines(Path.of("..", "packaging", "src", "main", "launcher", file))) {
            return lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(List<String> flags, String... arguments) {
        List<String> command = new ArrayList<>();
        String binary = System.getProperty("leafd.binary");
        if (binary == null) {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(flags);
            String classPath = classPath();
            // RocksDB's library beside leafd's classes, or else each start unpacks one to /tmp, where a kill leaves it
            Path app = Path.of(classPath.substring(0, classPath.indexOf(File.pathSeparatorChar)));
            command.add("-Djava.library.path=" + app.resolveSibling("native"));
            command.addAll(List.of("-cp", classPath, "io.leafd.app.Main"));
        } else {
            command.add(binary);
        }
        command.addAll(List.of(arguments));
        return command;
    }

    @Override
    protected List<String> command() {
        return command("run", "--config", configFile().toString());
    }

    @Override
    protected Map<String, String> environment() {
        return Map.of("MALLOC_ARENA_MAX", "1");
    }

    /** Ends the process and fails when its log tells of a lost buffer or of a broken assertion. */
    @Override
    public void close() {
        super.close();
        String log = logText();
        if (log.contains("LEAK: ") || log.contains("java.lang.AssertionError")) {
            throw new AssertionError("the log of %s tells of a defect:\n%s".formatted(this, log));
        }
    }

    private static String classPath() {
        Path file = TestDirectory.target().resolve("leafd.classpath");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "no %s: run the scenarios by './mvnw verify', which writes the class path of leafd there"
                            .formatted(file),
                    e);
        }
    }

    private Path configFile() {
        return directory().resolve("leafd.toml");
    }
}
