package io.leafd.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * <p>Two artefacts do not go in as they are. RocksDB's jar carries the library for fifteen machines (80 MB), of which the one
 * for this machine is taken out; Netty's native jar holds nothing but a library. Both libraries are found by {@code
 * java.library.path} then, so that nothing is unpacked to a temporary directory at a start.
 */
final class Libraries {
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
            return List.of(withoutNatives(jar), take(jar, rocksDbLibrary()));
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

    /** Copies a jar without the libraries in it; times stay as they are there, so that the copy is always the same. */
    private Path withoutNatives(Path jar) throws IOException {
        Path target = directory.resolve(jar.getFileName());
        try (ZipFile zip = new ZipFile(jar.toFile(), StandardCharsets.UTF_8);
                OutputStream file = Files.newOutputStream(target);
                ZipOutputStream out = new ZipOutputStream(file, StandardCharsets.UTF_8)) {
            out.setLevel(Deflater.BEST_COMPRESSION);
            for (ZipEntry entry : zip.stream().filter(entry -> !isNative(entry)).toList()) {
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                try (InputStream in = zip.getInputStream(entry)) {
                    in.transferTo(out);
                }
                out.closeEntry();
            }
        }
        return target;
    }

    private static boolean isNative(ZipEntry entry) {
        return entry.getName().matches(".*\\.(so|jnilib|dll)");
    }
}
