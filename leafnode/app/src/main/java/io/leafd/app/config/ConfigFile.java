package io.leafd.app.config;

import io.leafd.app.config.schema.ConfigException;
import io.leafd.app.config.schema.Effective;
import io.leafd.app.config.schema.Problem;
import io.leafd.app.config.schema.Problems;
import io.leafd.app.config.schema.Schema;
import io.leafd.app.config.schema.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code leafd.toml}. Any thread. */
public final class ConfigFile {
    /** The table of all keys. */
    public static final Schema SCHEMA = new Schema(LeafdConfig.TABLE);

    private final Map<String, String> environment;
    private final String hostName;

    /**
     * @param environment for <code>${NAME}</code> in strings
     * @param hostName    default of {@code server.name}
     */
    public ConfigFile(Map<String, String> environment, String hostName) {
        this.environment = Map.copyOf(environment);
        this.hostName = hostName;
    }

    /**
     * A configuration without problems.
     *
     * @param effective every value that holds, printable and comparable with another reading
     * @param files     that were read; empty for the defaults
     */
    public record Loaded(LeafdConfig config, Effective effective, List<Path> files) {}

    /**
     * Reads a file, and those of {@code conf.d} beside it.
     *
     * @throws ConfigException with every problem found
     */
    public Loaded read(Path file) {
        Problems problems = new Problems();
        return checked(SCHEMA.read(file, environment, problems), problems);
    }

    /** What holds without any file. */
    public Loaded defaults() {
        Problems problems = new Problems();
        return checked(SCHEMA.defaults(problems), problems);
    }

    /**
     * The data directory that a file names, for a command that must find the running leafd although it may read no secret of its
     * configuration.
     *
     * @param file null for the default
     * @throws ConfigException when the file is no TOML, or its data directory is none
     */
    public static Path dataDir(@Nullable Path file, Map<String, String> environment) {
        Problems problems = new Problems();
        Path dataDir = table("server", file, environment, problems).find(ServerConfig.DATA_DIR);
        if (dataDir == null) {
            throw new ConfigException(problems.list());
        }
        return dataDir;
    }

    /**
     * The file with the keys of the store, for a command that reads a stored copy although it may read no other secret.
     *
     * @param file null for the default
     * @return null if the store is not encrypted
     * @throws ConfigException when the file is no TOML, or names no readable file for the keys
     */
    public static @Nullable Path encryptionKeyFile(@Nullable Path file, Map<String, String> environment) {
        Problems problems = new Problems();
        Path keyFile = table("store", file, environment, problems).find(StoreConfig.ENCRYPTION_KEY_FILE);
        List<Problem> concerned = problems.list().stream()
                .filter(problem -> problem.message().contains(StoreConfig.ENCRYPTION_KEY_FILE.name()))
                .toList();
        if (!concerned.isEmpty()) {
            throw new ConfigException(concerned);
        }
        return keyFile;
    }

    private static Section table(String name, @Nullable Path file, Map<String, String> environment, Problems problems) {
        return (file == null ? SCHEMA.defaults(problems) : SCHEMA.read(file, environment, problems))
                .root()
                .get(name);
    }

    private Loaded checked(Schema.Reading reading, Problems problems) {
        Rules.check(reading.root(), problems);
        problems.throwIfAny();
        return new Loaded(
                LeafdConfig.of(reading.root(), hostName), reading.root().effective(), reading.files());
    }
}
