package io.leafd.packaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/**
 * Writes a Debian package. Used by one thread.
 *
 * <p>Shape, from {@code deb(5)}: an {@code ar} archive of {@code debian-binary}, {@code control.tar.xz} and {@code data.tar.xz}, in
 * this order. Everything in it belongs to root, is 0755 or 0644, has the time of the build, and comes in the order of its name,
 * so that the same tree makes the same bytes.
 *
 * <p>Written here rather than by jdeb, which offers no other than the smallest compression: it takes four times as long and saves
 * a twelfth.
 */
final class Deb {
    private static final int XZ_PRESET = 1;
    private static final int EXECUTABLE = 0755;
    private static final int PLAIN = 0644;
    private static final int BLOCK_BYTES = 1024;

    private final Path tree;
    private final Instant timestamp;

    /**
     * @param tree      what is installed; a file is executable in the package if it is here
     * @param timestamp of everything in the package
     */
    Deb(Path tree, Instant timestamp) {
        this.tree = tree;
        this.timestamp = timestamp;
    }

    /**
     * Writes the package.
     *
     * @param control   directory with {@code control} and the maintainer scripts
     * @param variables stand in {@code control} as {@code [[name]]}
     */
    void write(Path file, Path control, Map<String, String> variables) throws IOException {
        Path data = file.resolveSibling("data.tar.xz");
        try (OutputStream out = Files.newOutputStream(data)) {
            data(out);
        }
        try (OutputStream out = Files.newOutputStream(file);
                ArArchiveOutputStream ar = new ArArchiveOutputStream(out)) {
            member(ar, "debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII));
            member(ar, "control.tar.xz", control(control, variables));
            member(ar, "data.tar.xz", Files.readAllBytes(data));
        }
        Files.delete(data);
    }

    private void member(ArArchiveOutputStream ar, String name, byte[] content) throws IOException {
        int mode = 0100000 | PLAIN;
        ar.putArchiveEntry(new ArArchiveEntry(name, content.length, 0, 0, mode, timestamp.getEpochSecond()));
        ar.write(content);
        ar.closeArchiveEntry();
    }

    private List<Path> paths() throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            return paths.filter(path -> !path.equals(tree)).sorted().toList();
        }
    }

    private void data(OutputStream out) throws IOException {
        try (TarArchiveOutputStream tar = tar(out)) {
            directory(tar, "./");
            for (Path path : paths()) {
                String name = "./" + tree.relativize(path);
                if (Files.isSymbolicLink(path)) {
                    TarArchiveEntry link = owned(new TarArchiveEntry(name, TarConstants.LF_SYMLINK), 0777);
                    link.setLinkName(Files.readSymbolicLink(path).toString());
                    tar.putArchiveEntry(link);
                    tar.closeArchiveEntry();
                } else if (Files.isDirectory(path)) {
                    directory(tar, name + "/");
                } else {
                    file(tar, name, Files.readAllBytes(path), Files.isExecutable(path));
                }
            }
        }
    }

    private byte[] control(Path directory, Map<String, String> variables) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> sources = Files.list(directory)) {
            for (Path source : sources.toList()) {
                files.put(source.getFileName().toString(), Files.readAllBytes(source));
            }
        }
        String fields = new String(files.getOrDefault("control", new byte[0]), StandardCharsets.UTF_8);
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            fields = fields.replace("[[" + variable.getKey() + "]]", variable.getValue());
        }
        files.put(
                "control", fields.replace("[[installed-size]]", installedSize()).getBytes(StandardCharsets.UTF_8));
        files.put("md5sums", digests().getBytes(StandardCharsets.UTF_8));
        var bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = tar(bytes)) {
            directory(tar, "./");
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                boolean script = file.getValue().length > 1 && file.getValue()[0] == '#' && file.getValue()[1] == '!';
                file(tar, "./" + file.getKey(), file.getValue(), script);
            }
        }
        return bytes.toByteArray();
    }

    /** In KiB: files rounded up, and one for everything else, as {@code dpkg-gencontrol} counts. */
    private String installedSize() throws IOException {
        long kib = 0;
        for (Path path : paths()) {
            boolean file = Files.isRegularFile(path) && !Files.isSymbolicLink(path);
            kib += file ? (Files.size(path) + BLOCK_BYTES - 1) / BLOCK_BYTES : 1;
        }
        return Long.toString(kib);
    }

    private String digests() throws IOException {
        StringBuilder digests = new StringBuilder();
        for (Path path : paths()) {
            if (Files.isRegularFile(path) && !Files.isSymbolicLink(path)) {
                digests.append(md5(path))
                        .append("  ")
                        .append(tree.relativize(path))
                        .append('\n');
            }
        }
        return digests.toString();
    }

    private static String md5(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    private static TarArchiveOutputStream tar(OutputStream out) throws IOException {
        TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new XZOutputStream(out, new LZMA2Options(XZ_PRESET)), "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        return tar;
    }

    private void directory(TarArchiveOutputStream tar, String name) throws IOException {
        tar.putArchiveEntry(owned(new TarArchiveEntry(name, TarConstants.LF_DIR), EXECUTABLE));
        tar.closeArchiveEntry();
    }

    private void file(TarArchiveOutputStream tar, String name, byte[] content, boolean executable) throws IOException {
        TarArchiveEntry entry = owned(new TarArchiveEntry(name), executable ? EXECUTABLE : PLAIN);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private TarArchiveEntry owned(TarArchiveEntry entry, int mode) {
        entry.setMode(mode);
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        entry.setModTime(timestamp.toEpochMilli());
        return entry;
    }
}
