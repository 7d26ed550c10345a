package io.leafd.app.admin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where the administrative socket is. A leafd that systemd started has it in its runtime directory, any other one in its data
 * directory.
 */
public final class AdminSocket {
    static final String NAME = "admin.sock";
    /** Where the packaged service has it. */
    static final Path SYSTEM = Path.of("/run/leafd", NAME);

    private AdminSocket() {}

    /** The socket that a leafd with this data directory opens. */
    public static Path ofServer(Path dataDir, Map<String, String> environment) {
        String runtime = environment.getOrDefault("RUNTIME_DIRECTORY", "");
        return runtime.isEmpty() ? dataDir.resolve(NAME) : Path.of(runtime, NAME);
    }

    /**
     * The socket of the leafd that somebody probably means.
     *
     * @param dataDir of the configuration in question, or the default one
     */
    public static Path ofRunning(Path dataDir) {
        List<Path> candidates = List.of(dataDir.resolve(NAME), SYSTEM);
        return candidates.stream().filter(Files::exists).findFirst().orElse(candidates.getFirst());
    }
}
