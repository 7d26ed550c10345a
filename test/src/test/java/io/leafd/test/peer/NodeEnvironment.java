package io.leafd.test.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Node.js project under {@code target/nats-node} with the official JavaScript client, kept until {@code mvn clean}; see {@link
 * Installation}. Any thread, any process.
 */
final class NodeEnvironment {

    private static final List<String> PACKAGES = List.of(
            "@nats-io/transport-node@3.3.1", "@nats-io/jetstream@3.3.1", "@nats-io/kv@3.3.1", "@nats-io/obj@3.3.1");
    private static final String NEEDED =
            "node 20 or newer with npm (Debian: apt install nodejs npm), and a registry with "
                    + String.join(", ", PACKAGES);

    private NodeEnvironment() {}

    /** The directory in which programs find the client, made on the first call. */
    static Path directory() {
        return Holder.DIRECTORY;
    }

    private static void install(Installation into) throws IOException {
        Files.createDirectories(into.directory());
        Files.writeString(into.directory().resolve("package.json"), "{\"private\":true,\"type\":\"module\"}\n");
        List<String> npm = new ArrayList<>(List.of(
                "npm", "install", "--prefix", into.directory().toString(), "--no-audit", "--no-fund", "--save-exact"));
        npm.addAll(PACKAGES);
        into.step(npm, NEEDED);
    }

    /** Makes the project when it is first asked for, once per process. */
    private static final class Holder {
        private static final Path DIRECTORY = Installation.make("nats-node", PACKAGES, NodeEnvironment::install);
    }
}
