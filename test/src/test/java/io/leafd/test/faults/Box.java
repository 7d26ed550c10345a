package io.leafd.test.faults;

import io.leafd.test.peer.LeafdProcess;
import io.leafd.test.peer.NatsServerBinary;
import io.leafd.test.peer.Ports;
import io.leafd.test.peer.ServerProcess;
import io.leafd.test.peer.TestDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A server with JetStream on a data directory of its own: leafd, or nats-server under the same faults for comparison. Owned by one
 * scenario. Configuration and log lie outside of the data directory, so that a fault of that directory's disk leaves them alone.
 */
final class Box extends ServerProcess {

    /** What runs in the box. */
    enum Kind {
        LEAFD,
        /** nats-server as it comes: acknowledges first and syncs every two minutes. */
        NATS_SERVER,
        /** nats-server with {@code sync_interval: always}. */
        NATS_SERVER_SYNC_ALWAYS;

        /** As chosen by {@code -Dleafd.faults.server}: {@code leafd}, {@code nats-server} or {@code nats-server-sync-always}. */
        static Kind chosen() {
            String name = System.getProperty("leafd.faults.server", "leafd");
            return valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
        }
    }

    /** Lines for a leafd on a disk that is smaller than the space that it leaves free by default. */
    static final String SMALL_DISK = """
            [store]
            min_free = "8MiB"
            """;

    private final Kind kind;
    private final Path dataDirectory;
    private final Map<String, String> environment = new HashMap<>();
    private String more;
    private boolean shipped;

    private Box(Kind kind, Path directory, Path dataDirectory, String more) {
        super(directory, Ports.free());
        this.kind = kind;
        this.dataDirectory = dataDirectory;
        this.more = more;
    }

    /** A box with its data on this machine's file system. */
    static Box on(Kind kind, String more) {
        Path directory = TestDirectory.create("box");
        return new Box(kind, directory, directory.resolve("data"), more).configured();
    }

    /**
     * A box with its data elsewhere.
     *
     * @param more lines of the server's configuration, in its own language
     */
    static Box on(Kind kind, Path dataDirectory, String more) {
        return new Box(kind, TestDirectory.create("box"), dataDirectory, more).configured();
    }

    Kind kind() {
        return kind;
    }

    Path dataDirectory() {
        return dataDirectory;
    }

    /** From the next start on leafd runs with the flags of the package only, without assertions and leak detection. */
    Box asShipped() {
        shipped = true;
        return this;
    }

    /** Sets variables for the next start. */
    void environment(Map<String, String> variables) {
        environment.clear();
        environment.putAll(variables);
    }

    /** Replaces the additional lines of the configuration, for the next start. */
    void configure(String lines) {
        more = lines;
        configured();
    }

    @Override
    protected List<String> command() {
        return switch (kind) {
            case LEAFD -> {
                String[] run = {"run", "--config", configFile().toString()};
                yield shipped ? LeafdProcess.shipped(run) : LeafdProcess.command(run);
            }
            case NATS_SERVER, NATS_SERVER_SYNC_ALWAYS ->
                List.of(NatsServerBinary.path().toString(), "-c", configFile().toString());
        };
    }

    @Override
    protected Map<String, String> environment() {
        var all = new HashMap<>(environment);
        all.put("MALLOC_ARENA_MAX", "1");
        return all;
    }

    private Box configured() {
        String config = switch (kind) {
            case LEAFD -> """
                        [server]
                        name = "box"
                        listen = "127.0.0.1:%d"
                        data_dir = "%s"
                        max_connections = 8192
                        [http]
                        listen = ""
                        %s
                        """.formatted(clientPort(), dataDirectory, more);
            case NATS_SERVER, NATS_SERVER_SYNC_ALWAYS ->
                """
                        listen: "127.0.0.1:%d"
                        server_name: box
                        jetstream { store_dir: "%s"%s }
                        %s
                        """.formatted(
                                clientPort(),
                                dataDirectory,
                                kind == Kind.NATS_SERVER_SYNC_ALWAYS ? ", sync_interval: always" : "",
                                more);
        };
        try {
            Files.writeString(configFile(), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** The configuration, in the language of the server. */
    Path configFile() {
        return directory().resolve("config");
    }
}
