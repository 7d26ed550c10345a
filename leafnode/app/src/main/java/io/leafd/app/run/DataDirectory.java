package io.leafd.app.run;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of the store, made before the store is opened, so that its owner reads why it can't be. */
final class DataDirectory {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final Set<PosixFilePermission> OF_OTHERS = PosixFilePermissions.fromString("------rwx");
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

    private DataDirectory() {}

    /**
     * Makes it unless it is there, for its owner alone: the messages in it are nobody else's. One that is there stays as it is; if it
     * is open to others, the log says what to do.
     *
     * @throws IOException if it can't be made or written: which part of the path, why, and what to do
     */
    static void prepare(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(absolute.resolve("..").normalize());
                Files.createDirectory(absolute, OWNER_ONLY);
            } else if (Files.getPosixFilePermissions(absolute).stream().anyMatch(OF_OTHERS::contains)) {
                LOG.warn("others on this machine can look into the data directory; run: chmod o-rwx {}", absolute);
            }
        } catch (AccessDeniedException e) {
            throw refused(absolute, "user " + user() + " may not write in " + nearest(absolute), e);
        } catch (FileAlreadyExistsException e) {
            throw refused(absolute, e.getFile() + " is a file", e);
        } catch (FileSystemException e) {
            throw refused(absolute, reason(absolute, e), e);
        }
        if (!Files.isWritable(absolute)) {
            throw refused(absolute, "user " + user() + " may not write in it", null);
        }
    }

    private static IOException refused(Path directory, String reason, @Nullable Exception cause) {
        return new IOException(
                "the data directory " + directory + " can't be used: " + reason
                        + "; set data_dir in [server] to a directory that this user may write",
                cause);
    }

    private static String reason(Path directory, FileSystemException e) {
        Path there = nearest(directory);
        if (!Files.isDirectory(there)) {
            return there + " is a file";
        }
        return e.getReason() == null ? "nothing can be made in " + there : there + ": " + e.getReason();
    }

    /** The longest part of the path that is there. */
    private static Path nearest(Path path) {
        Path there = path;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private static String user() {
        return System.getProperty("user.name");
    }
}
