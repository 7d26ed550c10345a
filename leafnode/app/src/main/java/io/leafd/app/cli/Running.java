package io.leafd.app.cli;

import io.leafd.app.admin.AdminClient;
import io.leafd.app.admin.AdminSocket;
import io.leafd.app.config.ConfigFile;
import io.leafd.protocol.json.JsonWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that asks a running leafd. */
final class Running {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration of the leafd that is meant. Default: the one whose data is in ./leafd-data,"
                    + " otherwise the service of this machine.")
    private @Nullable Path config;

    @Option(names = "--socket", paramLabel = "FILE", description = "Its administrative socket.")
    private @Nullable Path socket;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = TimeoutConverter.class,
            description = "How long to wait for its answer. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofSeconds(5);

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    boolean json() {
        return json;
    }

    Duration timeout() {
        return timeout;
    }

    /** The answer of the running leafd. */
    @Nullable
    Object ask(Terminal terminal, String verb, Map<String, @Nullable Object> arguments) {
        return new AdminClient(socket(terminal), timeout).ask(verb, arguments);
    }

    /** The directory that holds its data. */
    Path dataDir(Terminal terminal) {
        return ConfigFile.dataDir(config, terminal.environment());
    }

    private Path socket(Terminal terminal) {
        if (socket != null) {
            return socket;
        }
        return AdminSocket.ofRunning(ConfigFile.dataDir(config, terminal.environment()));
    }

    static void printJson(Terminal terminal, @Nullable Object tree) {
        terminal.out().println(new JsonWriter().tree(tree));
    }
}
