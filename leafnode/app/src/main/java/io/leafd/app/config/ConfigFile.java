package io.leafd.app.config;

import io.leafd.app.config.schema.ConfigException;
import io.leafd.app.config.schema.Effective;
import io.leafd.app.config.schema.Problems;
import io.leafd.app.config.schema.Schema;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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

    private Loaded checked(Schema.Reading reading, Problems problems) {
        Rules.check(reading.root(), problems);
        problems.throwIfAny();
        return new Loaded(
                LeafdConfig.of(reading.root(), hostName), reading.root().effective(), reading.files());
    }
}
