package io.leafd.packaging;

import io.leafd.protocol.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * The list of materials of the package, in CycloneDX 1.6: every artefact of which a file is installed, and the Java runtime.
 *
 * <p>Shape: each component has the licence that {@code copyright} gives to its files, and two properties for each file it
 * became: {@code leafd:installed}, a path without the leading slash, and {@code leafd:sha256}. An artefact may be installed as
 * other files than its jar, so its digest would say nothing about the package.
 */
final class Materials {
    private static final String RUNTIME = "usr/lib/leafd/runtime/lib";

    private final Path root;
    private final Copyright copyright;
    private final JsonWriter json = new JsonWriter();

    /** @param root the tree as it will be installed */
    Materials(Path root, Copyright copyright) {
        this.root = root;
        this.copyright = copyright;
    }

    /**
     * Writes the list.
     *
     * @param product   what the package is
     * @param libraries of which it is made
     * @param timestamp of the build
     */
    byte[] list(Artefact product, List<Libraries.Installed> libraries, Instant timestamp) throws IOException {
        json.object();
        json.field("bomFormat", "CycloneDX").field("specVersion", "1.6").field("version", 1);
        json.object("metadata").field("timestamp", timestamp.toString()).object("component");
        json.field("type", "application").field("bom-ref", product.url());
        json.field("name", "leafd").field("version", product.version());
        json.end().end();
        json.array("components");
        for (Libraries.Installed library : libraries) {
            component(library);
        }
        runtime();
        json.end();
        dependencies(product);
        json.end();
        return json.toBytes();
    }

    private void component(Libraries.Installed library) throws IOException {
        Artefact artefact = library.artefact();
        json.object().field("type", "library").field("bom-ref", artefact.url());
        json.field("group", artefact.group()).field("name", artefact.name()).field("version", artefact.version());
        licenses(library.files());
        json.field("purl", artefact.url());
        files(library.files());
        json.end();
    }

    private void runtime() throws IOException {
        String version = Runtime.version().toString();
        Path libraries = root.resolve(RUNTIME);
        List<Path> files = List.of(libraries.resolve("modules"), libraries.resolve("server/libjvm.so"));
        json.object().field("type", "platform").field("bom-ref", "openjdk@" + version);
        json.object("supplier")
                .field("name", System.getProperty("java.vendor", "unknown"))
                .end();
        json.field("name", "openjdk").field("version", version);
        licenses(files);
        files(files);
        json.end();
    }

    private void licenses(List<Path> files) {
        List<String> expressions = files.stream()
                .map(file -> copyright.licenseOf(path(file)))
                .distinct()
                .toList();
        // an artefact of several files: the last one is the library, whose licence names those of all its parts
        json.array("licenses")
                .object()
                .field("expression", expressions.getLast())
                .end()
                .end();
    }

    private void files(List<Path> files) throws IOException {
        json.array("properties");
        for (Path file : files) {
            property("leafd:installed", path(file));
            property("leafd:sha256", sha256(file));
        }
        json.end();
    }

    private void property(String name, String value) {
        json.object().field("name", name).field("value", value).end();
    }

    private void dependencies(Artefact product) {
        json.array("dependencies");
        dependency(product);
        product.all().forEach(this::dependency);
        json.end();
    }

    private void dependency(Artefact artefact) {
        json.object().field("ref", artefact.url()).array("dependsOn");
        artefact.needs().stream().sorted(Comparator.comparing(Artefact::url)).forEach(need -> json.value(need.url()));
        json.end().end();
    }

    private String path(Path file) {
        return root.relativize(file).toString();
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
