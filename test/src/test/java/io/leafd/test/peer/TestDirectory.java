package io.leafd.test.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Where scenarios write: below the module's {@code target}, so that {@code mvn clean} takes it away. Any thread. */
public final class TestDirectory {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private TestDirectory() {}

    /** The module's {@code target} directory, absolute. */
    public static Path target() {
        return Path.of(System.getProperty("basedir", "."), "target")
                .toAbsolutePath()
                .normalize();
    }

    /** A new, empty directory for one server or client, named for what it is. */
    public static Path create(String name) {
        Path directory = target().resolve("peers")
                .resolve("%d-%d-%s".formatted(ProcessHandle.current().pid(), NUMBER.incrementAndGet(), name));
        try {
            delete(directory);
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a file that nobody else may read, in the place of what was there, and answers it. */
    public static Path secret(Path file, String content) {
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes a directory with all that is in it; nothing happens when there is none. */
    public static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
