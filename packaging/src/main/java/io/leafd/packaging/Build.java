package io.leafd.packaging;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** The step of the build that makes the package out of what Maven has gathered. Owned by the main thread. */
public final class Build {
    private Build() {}

    /**
     * Makes {@code leafd_VERSION_ARCHITECTURE.deb}.
     *
     * @param args top of the source tree; the module's {@code target}, which holds {@code jars} and {@code dependencies.json};
     *     Debian's name of the architecture; time of the build, RFC 3339
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 4) {
            throw new IllegalArgumentException("expected TOP TARGET ARCHITECTURE TIMESTAMP");
        }
        Path top = Path.of(args[0]).toAbsolutePath().normalize();
        Path target = Path.of(args[1]).toAbsolutePath();
        Instant timestamp = Instant.parse(args[3]);
        Artefact product = Artefact.readTree(target.resolve("dependencies.json"));
        Path tree = target.resolve("stage");
        new Stage(top, tree).fill(target.resolve("jars"), product, timestamp);
        Path deb = target.resolve("leafd_" + product.version() + "_" + args[2] + ".deb");
        Map<String, String> variables = Map.of("version", product.version(), "architecture", args[2]);
        new Deb(tree, timestamp).write(deb, top.resolve("packaging/src/main/deb/control"), variables);
    }
}
