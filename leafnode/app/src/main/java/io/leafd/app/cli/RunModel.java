package io.leafd.app.cli;

import io.leafd.app.run.RunCommand;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code leafd run} for help and completion; the program itself dispatches it before this library is loaded. */
@Command(name = "run", description = "Runs the broker until it is stopped by SIGTERM or Ctrl-C.")
final class RunModel extends Verb {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Settings. Without it leafd listens on loopback and keeps its data in ./leafd-data.")
    private @Nullable Path config;

    @Override
    public Integer call() {
        List<String> arguments = config == null ? List.of() : List.of("--config", config.toString());
        return RunCommand.run(arguments.toArray(new String[0]));
    }
}
