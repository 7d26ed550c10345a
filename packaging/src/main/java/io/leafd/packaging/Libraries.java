package io.leafd.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The directory {@code lib} of the package: jars one by one, native libraries beside them, and the file {@code classpath}, which
 * lists the jars in the order in which the launcher names them.
 *
 * <p>The order must never depend on a directory's: the AOT cache holds for one class path only.
 *
 * <p>Three artefacts do not go in as they are. RocksDB's jar carries the library for fifteen machines (80 MB), of which the one
 * for this machine is taken out; Netty's native jar holds nothing but a library. Both libraries are found by {@code
 * java.library.path} then, so that nothing is unpacked to a temporary directory at a start. Bouncy Castle's jar is signed, for
 * those who install it as a provider of the JDK, which leafd does not: Java would keep the digests of 6,000 classes in memory,
 * and would keep none of these classes in the AOT cache.
 */
final class Libraries {
    private static final String BOUNCY_CASTLE = "bcprov-";
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final String OWN = "leafd-";
    private static final String ROCKSDB = "rocksdbjni-";
    private static final String NETTY_NATIVE = "netty-transport-native-epoll-";
    private static final String NETTY_LIBRARY = "META-INF/native/libnetty_transport_native_epoll_";

    /**
     * What became of an artefact.
     *
     * @param files at least one; the last one is the native library if there is one
     */
    record Installed(Artefact artefact, List<Path> files) {}

    private final Path directory;
    private final String machine;
    private final List<String> classpath = new ArrayList<>();
    private final List<Installed> installed = new ArrayList<>();

    private Libraries(Path directory, String machine) {
        this.directory = directory;
        this.machine = machine;
    }

    /**
     * Fills {@code directory}.
     *
     * @param artefacts what leafd is made of
     * @param jars      where their files are; others there are not looked at
     */
    static List<Installed> install(List<Artefact> artefacts, Path jars, Path directory) throws IOException {
        Files.createDirectories(directory);
        Libraries libraries = new Libraries(directory, System.getProperty("os.arch", ""));
        for (Artefact artefact : artefacts) {
            List<Path> files = libraries.add(jars.resolve(artefact.file()));
            libraries.installed.add(new Installed(artefact, files));
        }
        // leafd's own jars first: a file of theirs is found without opening all others
        libraries.classpath.sort(Comparator.comparing(name -> !name.startsWith(OWN)));
        Files.writeString(directory.resolve("classpath"), String.join("\n", libraries.classpath) + "\n");
        return libraries.installed;
    }

    private List<Path> add(Path jar) throws IOException {
        String name = jar.getFileName().toString();
        if (name.startsWith(NETTY_NATIVE)) {
            return List.of(take(jar, NETTY_LIBRARY + nettyMachine() + ".so"));
        }
        classpath.add(name);
        if (name.startsWith(ROCKSDB)) {
            return List.of(repack(jar), take(jar, rocksDbLibrary()));
        }
        if (name.startsWith(BOUNCY_CASTLE)) {
            return List.of(repack(jar));
        }
        return List.of(Files.copy(jar, directory.resolve(name)));
    }

    private String rocksDbLibrary() {
        return switch (machine) {
            case "amd64" -> "librocksdbjni-linux64.so";
            case "aarch64" -> "librocksdbjni-linux-aarch64.so";
            default -> throw new IllegalStateException("no package for machine " + machine);
        };
    }

    private String nettyMachine() {
        return machine.equals("aarch64") ? "aarch_64" : "x86_64";
    }

    /** Copies one file out of a jar. */
    private Path take(Path jar, String entry) throws IOException {
        Path target = directory.resolve(entry.substring(entry.lastIndexOf('/') + 1));
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry found = zip.getEntry(entry);
            if (found == null) {
                throw new IOException(jar.getFileName() + " has no " + entry);
            }
            try (InputStream in = zip.getInputStream(found)) {
                Files.copy(in, target);
            }
        }
        return target;
    }

    /**
     * Copies a jar without native libraries and without a signature. Times stay as they are there, so that the copy is always the
     * same.
     */
    private Path repack(Path jar) throws IOException {
        Path target = directory.resolve(jar.getFileName());
        try (ZipFile zip = new ZipFile(jar.toFile(), StandardCharsets.UTF_8);
                OutputStream file = Files.newOutputStream(target);
                ZipOutputStream out = new ZipOutputStream(file, StandardCharsets.UTF_8)) {
            out.setLevel(Deflater.BEST_COMPRESSION);
            for (ZipEntry entry : zip.stream().filter(Libraries::stays).toList()) {
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                try (InputStream in = zip.getInputStream(entry)) {
                    if (entry.getName().equals(MANIFEST)) {
                        withoutDigests(in).write(out);
                    } else {
                        in.transferTo(out);
                    }
                }
                out.closeEntry();
            }
        }
        return target;
    }

    private static boolean stays(ZipEntry entry) {
        return !entry.getName().matches(".*\\.(so|jnilib|dll)|META-INF/[^/]*\\.(SF|RSA|DSA|EC)");
    }

    /** The main section; the others hold the digest of one file each. */
    private static Manifest withoutDigests(InputStream in) throws IOException {
        Manifest manifest = new Manifest(in);
        manifest.getEntries().clear();
        return manifest;
    }
}
