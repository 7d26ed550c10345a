package io.leafd.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scripts of the package in a scratch root ({@code DPKG_ROOT}), with tools in front of the real ones that write down how they
 * are called and make what the real ones would make. Needs neither root nor Debian.
 */
class MaintainerScriptsIT {
    @TempDir
    private Path directory;

    private Path root;
    private Path calls;

    @BeforeEach
    void scratchRoot() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        calls = directory.resolve("calls");
        UnpackedDeb deb = UnpackedDeb.built();
        for (String script : List.of("postinst", "prerm", "postrm")) {
            executable(directory.resolve(script), deb.text("./" + script));
        }
        tool("systemd-sysusers", "");
        tool("systemd-tmpfiles", "mkdir -p \"$root\"/var/lib/leafd \"$root\"/var/cache/leafd \"$root\"/etc/leafd/keys");
        // asked for the first time whether the service was enabled: yes, as on a fresh machine
        tool("deb-systemd-helper", "");
        tool("deb-systemd-invoke", "");
        tool("systemctl", "");
        Files.createDirectories(root.resolve("usr/lib/leafd/bin"));
        executable(
                root.resolve("usr/lib/leafd/bin/leafd"),
                "#!/bin/sh\necho leafd \"$1\" \"$2\" \"$3\" >> '" + calls + "'\necho cache > \"$4\"\n");
        Files.createDirectories(root.resolve("etc/leafd/conf.d"));
    }

    private void tool(String name, String does) throws IOException {
        executable(
                Files.createDirectories(directory.resolve("bin")).resolve(name),
                "#!/bin/sh\nroot='" + root + "'\necho " + name + " \"$*\" >> '" + calls + "'\n" + does + "\n");
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs a script and returns the calls it made. */
    private List<String> run(String script, String... arguments) throws IOException, InterruptedException {
        Files.writeString(calls, "");
        List<String> command =
                new ArrayList<>(List.of("sh", directory.resolve(script).toString()));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("DPKG_ROOT", root.toString());
        builder.environment().merge("PATH", directory.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(output))
                .as("%s %s says", script, List.of(arguments))
                .isEmpty();
        assertThat(process.exitValue()).isZero();
        return Files.readAllLines(calls).stream()
                .map(call -> call.replace(root.toString(), "ROOT"))
                .toList();
    }

    private List<String> left() throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.map(path -> root.relativize(path).toString())
                    .filter(path -> path.contains("leafd") && !path.startsWith("usr/"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void configureMakesUserDirectoriesAndCacheAndEnablesTheService() throws IOException, InterruptedException {
        List<String> first = run("postinst", "configure", "");
        assertThat(first)
                .containsExactly(
                        "systemd-sysusers --root=ROOT leafd.conf",
                        "systemd-tmpfiles --root=ROOT --create leafd.conf",
                        "leafd self-test --quiet --aot-output",
                        "deb-systemd-helper unmask leafd.service",
                        "deb-systemd-helper --quiet was-enabled leafd.service",
                        "deb-systemd-helper enable leafd.service");
        List<String> made = left();
        assertThat(made).contains("var/cache/leafd/leafd.aot", "var/lib/leafd", "etc/leafd/keys");

        assertThat(run("postinst", "configure", "0.1.0")).as("again").isEqualTo(first);
        assertThat(left()).isEqualTo(made);
    }

    @Test
    void aFailedTrainingRunIsNoFailure() throws IOException, InterruptedException {
        executable(root.resolve("usr/lib/leafd/bin/leafd"), "#!/bin/sh\necho broken >&2\nexit 1\n");
        run("postinst", "configure", "");
        assertThat(left()).doesNotContain("var/cache/leafd/leafd.aot");
    }

    @Test
    void removeKeepsDataAndPurgeErasesIt() throws IOException, InterruptedException {
        run("postinst", "configure", "");
        Files.writeString(root.resolve("var/lib/leafd/CURRENT"), "data");
        Files.writeString(root.resolve("etc/leafd/keys/hq.nk"), "secret");

        run("prerm", "remove");
        run("postrm", "remove");
        assertThat(left())
                .contains("var/lib/leafd/CURRENT", "etc/leafd/keys/hq.nk")
                .doesNotContain("var/cache/leafd");

        for (int i = 0; i < 2; i++) { // twice is as good as once
            run("postrm", "purge");
            assertThat(left()).isEmpty();
        }
    }

    @Test
    void purgeKeepsWhatTheOwnerAdded() throws IOException, InterruptedException {
        run("postinst", "configure", "");
        Files.writeString(root.resolve("etc/leafd/conf.d/site.toml"), "");
        run("postrm", "purge");
        assertThat(left()).containsExactly("etc/leafd", "etc/leafd/conf.d", "etc/leafd/conf.d/site.toml");
    }

    @Test
    void anUpgradeDoesNotStopTheOldLeafd() throws IOException, InterruptedException {
        assertThat(run("prerm", "upgrade", "0.2.0")).isEmpty();
        assertThat(run("postrm", "upgrade", "0.2.0")).isEmpty();
    }
}
