package io.leafd.app.cli;

import io.leafd.app.demo.Demo;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code leafd demo}. */
@Command(
        name = "demo",
        description =
                "Shows what leafd is for, in half a minute and without any preparation: starts a hub and an edge, publishes"
                        + " sensor readings, cuts the link, kills the edge, mends the link, and accounts for every reading.")
final class DemoCommand extends Verb {
    @Option(names = "--keep", description = "Keep the directories of hub and edge, and print where they are.")
    private boolean keep;

    @Option(names = "--json", description = "Print the account as one JSON document; the story goes to standard error.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        return Demo.run(
                new Demo.Options(terminal().out(), terminal().err(), terminal().cursor(), json, keep));
    }
}
