package io.leafd.app.config;

import io.leafd.app.config.schema.BadValueException;
import io.leafd.app.config.schema.Kind;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Position;
import io.leafd.app.config.schema.TomlText;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Kinds of keys that name files. Relative paths start at the directory of the file that holds them. */
final class SecretFile {
    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private SecretFile() {}

    /** A path that need not exist. */
    static Kind<Path> path() {
        return Kinds.ofText("path", SecretFile::resolve, Path::toString);
    }

    /** A regular file that this process can read. */
    static Kind<Path> readable() {
        return Kinds.ofText("file", (text, position) -> existing(resolve(text, position)), Path::toString);
    }

    /** A readable file that others on this machine can neither read nor write; its group may read it. */
    static Kind<Path> secret() {
        return Kinds.ofText(
                "file, not readable by others",
                (text, position) -> {
                    Path file = existing(resolve(text, position));
                    refuseOpen(file);
                    return file;
                },
                file -> "<file:" + file + ">");
    }

    private static Path resolve(String text, Position position) throws BadValueException {
        if (text.isEmpty() || text.indexOf('\0') >= 0) {
            throw new BadValueException(TomlText.quote(text) + " is no path");
        }
        return position.directory().resolve(text).normalize();
    }

    private static Path existing(Path file) throws BadValueException {
        try {
            PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
            if (attributes.isDirectory()) {
                throw new BadValueException(file + " is a directory");
            }
        } catch (NoSuchFileException e) {
            throw new BadValueException(file + " does not exist");
        } catch (AccessDeniedException e) {
            throw unreadable(file);
        } catch (IOException e) {
            throw new BadValueException(file + " cannot be looked at: " + e.getMessage());
        }
        if (!Files.isReadable(file)) {
            throw unreadable(file);
        }
        return file;
    }

    private static BadValueException unreadable(Path file) {
        return new BadValueException(file + " cannot be read by user " + System.getProperty("user.name")
                + "; change its owner or group, or run this as the user of the service");
    }

    private static void refuseOpen(Path file) throws BadValueException {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (OTHERS.stream().anyMatch(mode::contains)) {
                throw new BadValueException(file + " holds a secret and others can read it; run: chmod o-rwx " + file);
            }
        } catch (IOException e) {
            throw new BadValueException(file + " cannot be looked at: " + e.getMessage());
        }
    }
}
