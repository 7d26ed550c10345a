package io.leafd.app.demo;

import io.leafd.app.child.LeafdProcess;
import io.leafd.app.child.Trees;
import io.leafd.security.nkey.NkeySeed;
import io.leafd.security.nkey.NkeyType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is played with: a hub and an edge, both leafd processes, and the cable between them, in one temporary directory.
 * Made and stopped by the main thread; {@link #abandon} may come from another one.
 *
 * <pre>
 *   sensors ──NATS──▶ edge ──leaf, NKEY──▶ cable ──▶ hub
 *                     FORWARD_hub_readings          READINGS
 * </pre>
 */
final class Site {
    /** The stream of the hub that takes the readings. */
    static final String HUB_STREAM = "READINGS";
    /** The stream of the edge in which readings wait for the hub. */
    static final String EDGE_STREAM = "FORWARD_hub_readings";

    private static final String COMMON = """
            [server]
            name = "%s"
            listen = "127.0.0.1:0"
            data_dir = "data"
            lame_duck_grace_period = "0s"
            lame_duck_duration = "0s"

            [store]
            max_disk = "512MiB"
            min_free = "0B"

            [http]
            listen = ""

            """;
    private static final String HUB = COMMON + """
            [leafnodes]
            listen = "127.0.0.1:0"

            [[accounts.PLANT.users]]
            name = "edge"
            nkey = "%s"

            [[accounts.PLANT.users]]
            name = "reader"
            nkey = "%s"

            [[streams]]
            name = "%s"
            subjects = ["plant.>"]
            """;
    private static final String EDGE = COMMON + """
            [upstream.hub]
            urls = ["nats://127.0.0.1:%d"]
            nkey_seed_file = "hub.nk"
            export = ["plant.>"]
            import = []

            [[upstream.hub.forward]]
            name = "readings"
            subjects = ["plant.>"]
            into = "%s"
            """;

    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    private final Path directory;
    private final NkeySeed edgeKey = NkeySeed.generate(NkeyType.USER, new SecureRandom());
    private final NkeySeed readerKey = NkeySeed.generate(NkeyType.USER, new SecureRandom());
    private final LeafdProcess hub;
    private final LeafdProcess edge;
    private @Nullable Cable cable;

    private Site(Path directory) {
        this.directory = directory;
        this.hub = new LeafdProcess("hub", directory.resolve("hub"), List.of());
        this.edge = new LeafdProcess("edge", directory.resolve("edge"), List.of());
    }

    /** A site of which nothing runs yet. */
    static Site make() throws IOException {
        var site = new Site(Files.createTempDirectory("leafd-demo-"));
        Files.createDirectories(site.edge.directory());
        Files.createDirectories(site.hub.directory());
        Files.writeString(
                site.hub.directory().resolve("leafd.toml"),
                HUB.formatted(
                        "hub", site.edgeKey.nkey().text(), site.readerKey.nkey().text(), HUB_STREAM));
        return site;
    }

    Path directory() {
        return directory;
    }

    LeafdProcess hub() {
        return hub;
    }

    LeafdProcess edge() {
        return edge;
    }

    /** The key with which a client may read at the hub. */
    NkeySeed readerKey() {
        return readerKey;
    }

    /** The cable between edge and hub; {@link #layCable} first. */
    Cable cable() {
        return Objects.requireNonNull(cable, "no cable yet");
    }

    /** Lays the cable to the hub, which must be ready, and configures the edge to dial it. */
    void layCable() throws IOException {
        Cable laid = Cable.to(hub.address("leafnodes"));
        cable = laid;
        Path seed = edge.directory().resolve("hub.nk");
        Files.createFile(seed, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(seed, edgeKey.text());
        Files.writeString(edge.directory().resolve("leafd.toml"), EDGE.formatted("edge", laid.port(), HUB_STREAM));
    }

    /** Ends both processes as their owner would. */
    void stop() throws IOException, InterruptedException {
        edge.stop(STOP_MAX);
        hub.stop(STOP_MAX);
        if (cable != null) {
            cable.close();
        }
    }

    /** Ends both processes at once. Any thread. */
    void abandon() throws InterruptedException {
        edge.abandon();
        hub.abandon();
    }

    /** Deletes the directory; nothing may run in it any more. */
    void remove() throws IOException {
        Trees.delete(directory);
    }
}
