package io.leafd.app.config;

import static io.leafd.app.config.schema.Key.withDefault;

import io.leafd.app.config.schema.Key;
import io.leafd.app.config.schema.Kinds;
import io.leafd.app.config.schema.Section;
import io.leafd.app.config.schema.Table;

/** {@code [log]}. Immutable. */
public record LogConfig(Level level) {
    /** The least important lines that are written. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    static final Key<Level> LEVEL = withDefault("level", Kinds.choice(Level.class), "info")
            .reload()
            .doc(
                    "Lines of this importance and above are written to standard output; under systemd they reach the journal"
                            + " with their priority.");
    static final Table TABLE = Table.of("What is logged.", LEVEL);

    static LogConfig of(Section log) {
        return new LogConfig(log.get(LEVEL));
    }
}
