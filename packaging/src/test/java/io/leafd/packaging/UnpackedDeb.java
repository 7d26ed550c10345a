package io.leafd.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** A Debian package, read without Debian's tools. Immutable. */
final class UnpackedDeb {
    /** Where the build has put the package. */
    static final Path FILE = Path.of(System.getProperty("leafd.deb", ""));

    /** One thing that the package installs, and its content if it is a file. */
    record Member(TarArchiveEntry entry, byte[] content) {
        /** Whether it is neither a directory nor a link; the entry's own isFile() says yes to links. */
        boolean isFile() {
            return !entry.isDirectory() && !entry.isSymbolicLink();
        }
    }

    private final List<String> parts = new ArrayList<>();
    private final Map<String, Member> control = new LinkedHashMap<>();
    private final Map<String, Member> data = new LinkedHashMap<>();

    private UnpackedDeb() {}

    /** Read once for all tests: to decompress it takes seconds. */
    private static final class Built {
        private static final UnpackedDeb DEB = read();

        private static UnpackedDeb read() {
            try {
                return UnpackedDeb.read(FILE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The package of this build. */
    static UnpackedDeb built() {
        return Built.DEB;
    }

    static UnpackedDeb read(Path file) throws IOException {
        UnpackedDeb deb = new UnpackedDeb();
        try (InputStream in = Files.newInputStream(file);
                ArArchiveInputStream ar = new ArArchiveInputStream(in)) {
            for (ArArchiveEntry part = ar.getNextEntry(); part != null; part = ar.getNextEntry()) {
                deb.parts.add(part.getName());
                switch (part.getName()) {
                    case "control.tar.xz" -> tar(ar, deb.control);
                    case "data.tar.xz" -> tar(ar, deb.data);
                    default -> {}
                }
            }
        }
        return deb;
    }

    @SuppressWarnings("resource") // the archive around it is closed by the caller
    private static void tar(InputStream in, Map<String, Member> members) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(in), "UTF-8");
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            members.put(entry.getName(), new Member(entry, tar.readAllBytes()));
        }
    }

    /** Names of the archive's parts, in order. */
    List<String> parts() {
        return parts;
    }

    /** Control files by name, {@code ./postinst} and the like. */
    Map<String, Member> control() {
        return control;
    }

    /** What is installed by name; directories end with a slash. */
    Map<String, Member> data() {
        return data;
    }

    /** A control file or an installed thing, which must be there. */
    Member member(String name) {
        Member member = control.containsKey(name) ? control.get(name) : data.get(name);
        if (member == null) {
            throw new IllegalArgumentException("the package has no " + name);
        }
        return member;
    }

    String text(String name) {
        return new String(member(name).content, StandardCharsets.UTF_8);
    }

    /** Writes what is installed below a directory, as {@code dpkg -x} does. */
    void unpack(Path root) throws IOException {
        for (Member member : data.values()) {
            Path path = root.resolve(member.entry.getName()).normalize();
            if (member.entry.isDirectory()) {
                Files.createDirectories(path);
            } else if (member.entry.isSymbolicLink()) {
                Files.createSymbolicLink(path, Path.of(member.entry.getLinkName()));
            } else {
                Files.write(path, member.content);
                Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(
                        (member.entry.getMode() & 0100) == 0 ? "rw-r--r--" : "rwxr-xr-x");
                Files.setPosixFilePermissions(path, permissions);
                Files.setLastModifiedTime(path, member.entry.getLastModifiedTime());
            }
        }
    }
}
