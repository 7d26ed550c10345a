package io.leafd.app.cli;

import io.leafd.app.config.ConfigFile;
import io.leafd.app.config.DefaultFile;
import io.leafd.app.config.HostName;
import io.leafd.app.config.schema.ConfigException;
import io.leafd.app.config.schema.Effective;
import io.leafd.app.config.schema.Position;
import io.leafd.app.config.schema.Problem;
import io.leafd.app.run.Secrets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code leafd check}. */
@Command(
        name = "check",
        description = "Finds every problem of a configuration, or prints what holds. Opens no socket and no store.")
final class CheckCommand extends Verb {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Settings to check. Default: what holds without a file.")
    private @Nullable Path config;

    @Option(
            names = "--defaults",
            description = "Print a file in which every key stands commented out, and check nothing.")
    private boolean defaults;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print problems only.")
    private boolean quiet;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Override
    public Integer call() {
        if (defaults) {
            terminal().out().print(DefaultFile.commented());
            return Cli.OK;
        }
        ConfigFile reader = new ConfigFile(terminal().environment(), HostName.local());
        ConfigFile.Loaded loaded;
        try {
            loaded = config == null ? reader.defaults() : reader.read(config);
            Secrets.check(loaded.config());
        } catch (ConfigException e) {
            if (!json) {
                throw e;
            }
            print(false, "problems", problems(e));
            return Cli.BAD_CONFIG;
        }
        if (json) {
            print(true, "settings", settings(loaded.effective()));
        } else if (!quiet) {
            terminal().out().print(loaded.effective().toToml());
        }
        return Cli.OK;
    }

    private void print(boolean ok, String name, Object tree) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("ok", ok);
        document.put(name, tree);
        Running.printJson(terminal(), document);
    }

    private static List<Map<String, Object>> problems(ConfigException e) {
        return e.problems().stream().map(CheckCommand::problem).toList();
    }

    private static Map<String, Object> problem(Problem problem) {
        Position position = problem.position();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("file", String.valueOf(position.file()));
        tree.put("line", position.line());
        tree.put("column", position.column());
        tree.put("message", problem.message());
        return tree;
    }

    private static Map<String, String> settings(Effective effective) {
        Map<String, String> settings = new LinkedHashMap<>();
        effective.entries().forEach(entry -> settings.put(entry.name(), entry.shown()));
        return settings;
    }
}
