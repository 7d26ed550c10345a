package io.leafd.bench.line;

import io.leafd.test.peer.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** leafd as its owner runs it, with the flags of the package: no assertions, no leak detection. */
final class InstalledLeafd extends ServerProcess {
    private final Path config;
    private final List<String> program;

    InstalledLeafd(Path directory, int clientPort, List<String> program, String more) {
        super(directory, clientPort);
        this.config = directory.resolve("leafd.toml");
        this.program = program;
        try {
            Files.writeString(config, """
                    [server]
                    name = "edge"
                    listen = "127.0.0.1:%d"
                    data_dir = "%s/data"
                    [http]
                    listen = ""
                    [log]
                    level = "warn"
                    %s""".formatted(clientPort, directory, more));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected List<String> command() {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("run", "--config", config.toString()));
        return command;
    }

    @Override
    protected Map<String, String> environment() {
        return Map.of("MALLOC_ARENA_MAX", "1");
    }
}
