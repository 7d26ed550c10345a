package io.leafd.packaging;

import io.leafd.app.cli.Cli;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tree of files as the package installs it, below a directory of the build. Owned by the main thread.
 *
 * <p>The same input gives the same bytes: no file holds a time, a path or a name of the machine that made it.
 */
final class Stage {
    private static final String HOME = "usr/lib/leafd";
    private static final String DOC = "usr/share/doc/leafd";

    private final Path top;
    private final Path root;

    /**
     * @param top  of the source tree
     * @param root directory to fill
     */
    Stage(Path top, Path root) {
        this.top = top;
        this.root = root;
    }

    /**
     * Makes the tree anew.
     *
     * @param jars      directory with the files of the artefacts
     * @param product   what the package is made of
     * @param timestamp of the build
     */
    void fill(Path jars, Artefact product, Instant timestamp) throws IOException {
        delete(root);
        RuntimeImage.link(
                root.resolve(HOME).resolve("runtime"), top.resolve("packaging/src/main/launcher/runtime.options"));
        var libraries =
                Libraries.install(product.all(), jars, root.resolve(HOME).resolve("lib"));
        texts();
        Strip.all(root.resolve(HOME));
        // after Strip: the list holds the digests of the files as they are installed
        Copyright copyright = new Copyright(Files.readString(root.resolve(DOC + "/copyright")));
        write(DOC + "/leafd.cdx.json", new Materials(root, copyright).list(product, libraries, timestamp));
    }

    private void texts() throws IOException {
        Path launcher = copy("packaging/src/main/launcher/leafd", HOME + "/bin/leafd");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(root.resolve("usr/bin"));
        Files.createSymbolicLink(root.resolve("usr/bin/leafd"), Path.of("../lib/leafd/bin/leafd"));
        copy("packaging/src/main/launcher/java.options", HOME + "/lib/java.options");
        copy("packaging/src/main/deb/leafd.toml", "etc/leafd/leafd.toml");
        Files.createDirectories(root.resolve("etc/leafd/conf.d"));
        copy("systemd/src/main/units/leafd.service", "usr/lib/systemd/system/leafd.service");
        copy("systemd/src/main/units/leafd.sysusers", "usr/lib/sysusers.d/leafd.conf");
        copy("systemd/src/main/units/leafd.tmpfiles", "usr/lib/tmpfiles.d/leafd.conf");
        compress("packaging/src/main/man/leafd.8", "usr/share/man/man8/leafd.8.gz");
        compress("packaging/src/main/man/leafd.toml.5", "usr/share/man/man5/leafd.toml.5.gz");
        compress("packaging/src/main/deb/doc/changelog", DOC + "/changelog.gz");
        copy("packaging/src/main/deb/doc/copyright", DOC + "/copyright");
        copy("packaging/src/main/deb/doc/lintian-overrides", "usr/share/lintian/overrides/leafd");
        try (Stream<Path> examples = Files.list(top.resolve("packaging/src/main/deb/examples"))) {
            for (Path example : examples.toList()) {
                String name = example.getFileName().toString();
                copy("packaging/src/main/deb/examples/" + name, DOC + "/examples/" + name);
            }
        }
        write(
                "usr/share/bash-completion/completions/leafd",
                Cli.bashCompletion().getBytes(StandardCharsets.UTF_8));
    }

    private Path copy(String source, String target) throws IOException {
        return write(target, Files.readAllBytes(top.resolve(source)));
    }

    private void compress(String source, String target) throws IOException {
        write(target, Gzip.compress(Files.readAllBytes(top.resolve(source))));
    }

    private Path write(String target, byte[] content) throws IOException {
        Path file = root.resolve(target);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, @Nullable IOException e) throws IOException {
                Files.delete(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
