package io.leafd.app.cli;

import io.leafd.app.Version;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code leafd version}. */
@Command(name = "version", description = "Prints the versions of leafd and of what it is made of.")
final class VersionCommand extends Verb {
    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Override
    public Integer call() {
        Version version = Version.read();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("leafd", version.leafd());
        tree.put("commit", version.commit());
        tree.put("java", Runtime.version().toString());
        tree.put("rocksdb", version.rocksdb());
        if (json) {
            Running.printJson(terminal(), tree);
        } else {
            tree.forEach((name, value) -> terminal().out().println(String.format("%-13s", name) + value));
        }
        return Cli.OK;
    }
}
