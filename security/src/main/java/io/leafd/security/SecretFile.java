package io.leafd.security;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/**
 * The content of a file that holds a secret. Owned by whoever read it, and zeroed by {@link #close}.
 *
 * <p>A file that others may read or write is refused: its mode must have no bit for others. The group is trusted, as keys
 * are usually {@code root:leafd 0640}.
 *
 * <p>Bounds: 64 KiB, far more than any key, creds or password file.
 */
public final class SecretFile implements AutoCloseable {
    static final int SIZE_MAX_BYTES = 64 * 1024;

    private final Path path;
    private final byte[] bytes;

    private SecretFile(Path path, byte[] bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /**
     * Reads the file, following symbolic links.
     *
     * @throws SecurityConfigException if it is missing, not a regular file, too big, unreadable, or open to others
     */
    public static SecretFile read(Path path) {
        try {
            refuseIfOpenToOthers(path);
            return new SecretFile(path, content(path));
        } catch (NoSuchFileException e) {
            throw new SecurityConfigException(
                    path.toString(), "no such file", "create it or correct the path in the configuration", e);
        } catch (IOException e) {
            throw new SecurityConfigException(
                    path.toString(),
                    "cannot be read: " + e.getMessage(),
                    "give the user that runs leafd the right to read it",
                    e);
        }
    }

    private static void refuseIfOpenToOthers(Path path) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
        if (mode.contains(PosixFilePermission.OTHERS_READ) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new SecurityConfigException(
                    path.toString(),
                    "others may read or write it (mode " + PosixFilePermissions.toString(mode) + ")",
                    "run: chmod o-rwx " + path);
        }
    }

    /** A plain file stream: channels would leave a copy of the secret in a cached direct buffer. */
    private static byte[] content(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new SecurityConfigException(path.toString(), "is not a regular file", "name the file itself");
        }
        byte[] buffer = new byte[(int) Math.min(Files.size(path), SIZE_MAX_BYTES) + 1];
        try (InputStream in = new FileInputStream(path.toFile())) {
            int length = in.readNBytes(buffer, 0, buffer.length);
            if (length > SIZE_MAX_BYTES) {
                throw new SecurityConfigException(
                        path.toString(),
                        "is larger than " + SIZE_MAX_BYTES + " bytes",
                        "name a key, credentials or password file");
            }
            return Arrays.copyOf(buffer, length);
        } finally {
            Arrays.fill(buffer, (byte) 0);
        }
    }

    /** The file that was read. */
    public Path path() {
        return path;
    }

    /** The content itself, not a copy: all zero after {@link #close}. */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * The first line without its line end and surrounding blanks, for passwords and tokens. The string cannot be zeroed.
     *
     * @throws SecurityConfigException if that line is empty
     */
    public String line() {
        String line = new String(bytes, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        if (line.isEmpty()) {
            throw new SecurityConfigException(path.toString(), "its first line is empty", "write the secret there");
        }
        return line;
    }

    /** Zeroes the content. May be called twice. */
    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    /** The path only, never the content. */
    @Override
    public String toString() {
        return "SecretFile[" + path + "]";
    }
}
