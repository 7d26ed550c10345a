package io.leafd.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package, unpacked into a directory with blanks in its name, run as its owner runs it. */
class InstalledIT {
    private static final int PATIENCE_SECONDS = 120;
    private static final String CACHE = "var/cache/leafd/leafd.aot";

    @TempDir
    private static Path shared;

    private static Path root;

    @TempDir
    private Path directory;

    private Path notify;

    private final List<Process> started = new ArrayList<>();

    private record Ended(int exit, String output) {}

    @BeforeAll
    static void unpack() throws IOException {
        root = shared.resolve("un packed");
        UnpackedDeb.built().unpack(root);
    }

    @BeforeEach
    void shortPath() throws IOException {
        notify = Files.createTempDirectory("leafd-notify-").resolve("s"); // the name of a socket is at most 107 bytes
    }

    @AfterEach
    void end() throws IOException {
        started.forEach(Process::destroyForcibly);
        Files.deleteIfExists(notify);
        Files.delete(notify.getParent());
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP")); // nohup lets children ignore it
        command.add(root.resolve("usr/bin/leafd").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(directory.resolve("output").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Ended run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        Process process = start(environment, arguments);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as(String.join(" ", arguments))
                .isTrue();
        return new Ended(process.exitValue(), Files.readString(directory.resolve("output")));
    }

    @Test
    void theLinkInUsrBinFindsRuntimeAndJars() throws IOException, InterruptedException {
        Ended version = run(Map.of(), "version");
        assertThat(version.output()).contains("leafd ", "rocksdb ");
        assertThat(version.exit()).isZero();
        // another program's options must not reach leafd, and its own must
        Ended other = run(Map.of("JDK_JAVA_OPTIONS", "-Xfake", "LEAFD_JAVA_OPTS", "-Xlog:gc -Dx=y"), "version");
        assertThat(other.output()).contains("Using Serial").contains("leafd ");
    }

    @Test
    void theShippedConfigurationIsGood() throws IOException, InterruptedException {
        String file = root.resolve("etc/leafd/leafd.toml").toString();
        assertThat(run(Map.of(), "check", "--quiet", "--config", file)).isEqualTo(new Ended(0, ""));
        Path bad = Files.writeString(directory.resolve("bad.toml"), "[server]\nlisten = 7\n");
        assertThat(run(Map.of(), "run", "--config", bad.toString()).exit()).isEqualTo(78);
    }

    @Test
    void tellsTheServiceManagerOfItsWholeLifeAndNeverWaitsForAnUpstream() throws IOException, InterruptedException {
        try (NotifySocket systemd = new NotifySocket(notify);
                ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path config = Files.writeString(
                    directory.resolve("leafd.toml"), """
                    [server]
                    listen = "127.0.0.1:%d"
                    data_dir = "data"
                    [http]
                    listen = ""
                    [upstream.silent]
                    urls = ["nats://127.0.0.1:%d"]
                    [upstream.away]
                    urls = ["nats://127.0.0.1:1"]
                    """.formatted(freePort(), silent.getLocalPort()));
            int port =
                    Integer.parseInt(Files.readString(config).replaceAll("(?s).*listen = \"127.0.0.1:(\\d+).*", "$1"));
            Process leafd = start(
                    Map.of("NOTIFY_SOCKET", notify.toString(), "WATCHDOG_USEC", "600000"),
                    "run",
                    "--config",
                    config.toString());
            int seen = systemd.await("READY=1\nSTATUS=", 0);
            handshake(port);
            seen = systemd.await("WATCHDOG=1", seen);
            seen = systemd.await("WATCHDOG=1", seen);
            signal(leafd, "HUP");
            seen = systemd.await("RELOADING=1\nMONOTONIC_USEC=", seen);
            seen = systemd.await("READY=1", seen);
            leafd.destroy(); // SIGTERM
            systemd.await("STOPPING=1", seen);
            assertThat(leafd.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(leafd.exitValue()).isEqualTo(143);
        }
    }

    @Test
    void loopsGoBeforeTheStoreAndTheStoreBeforeCompilers() throws IOException, InterruptedException {
        try (NotifySocket systemd = new NotifySocket(notify)) {
            Path config = Files.writeString(directory.resolve("leafd.toml"), """
                    [server]
                    listen = "127.0.0.1:%d"
                    data_dir = "data"
                    [http]
                    listen = ""
                    """.formatted(freePort()));
            Process leafd = start(Map.of("NOTIFY_SOCKET", notify.toString()), "run", "--config", config.toString());
            systemd.await("READY=1", 0);
            assertThat(nice(leafd, "loop-")).isLessThan(nice(leafd, "store-1"));
            assertThat(nice(leafd, "store-1")).isLessThan(nice(leafd, "C2 CompilerThre"));
        }
        assertThat(directory.resolve("output")).content().doesNotContainIgnoringCase("priority");
    }

    /** The nice value of the first thread whose name begins so. */
    private static int nice(Process process, String name) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                int nameEnd = stat.lastIndexOf(')');
                if (stat.startsWith(name, stat.indexOf('(') + 1)) {
                    return Integer.parseInt(stat.substring(nameEnd + 2)
                            .split(" ", -1)[16]); // proc(5): field 19, the third follows the name
                }
            }
        }
        throw new AssertionError("no thread named " + name);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    private static void handshake(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(lines.readLine()).startsWith("INFO {");
            socket.getOutputStream()
                    .write("CONNECT {\"verbose\":false}\r\nSUB a 1\r\nPUB a 2\r\nhi\r\nPING\r\n"
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(List.of(lines.readLine(), lines.readLine(), lines.readLine()))
                    .containsExactly("MSG a 1 2", "hi", "PONG");
        }
    }

    @Test
    void theCacheIsMadeByASelfTestAndUsedByTheLauncher() throws IOException, InterruptedException {
        Path cache = root.resolve(CACHE);
        Files.createDirectories(cache.getParent());
        try {
            assertThat(run(Map.of(), "self-test", "--aot-output", cache.toString()))
                    .isEqualTo(new Ended(0, "wrote " + cache + "\n"));
            assertThat(cache.resolveSibling("leafd.aot.tmp")).doesNotExist();

            String log = run(Map.of("LEAFD_JAVA_OPTS", "-Xlog:aot,class+load"), "version")
                    .output();
            assertThat(log).contains("Using AOT-linked classes: true");
            assertThat(log).containsPattern("io\\.leafd\\.app\\.Main source: shared objects file");

            Files.write(cache, new byte[] {1, 2, 3}); // a cache that does not fit costs time, not the start
            Ended version = run(Map.of(), "version");
            assertThat(version.exit()).isZero();
        } finally {
            Files.deleteIfExists(cache);
        }
    }
}
