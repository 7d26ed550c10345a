package io.leafd.app.cli;

import io.leafd.app.selftest.AotCache;
import io.leafd.app.selftest.SelfTest;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code leafd self-test}. */
@Command(
        name = "self-test",
        description =
                "Runs an edge and its hub for some seconds, on loopback and in a temporary directory, and says what"
                        + " works. Touches no other leafd.")
final class SelfTestCommand extends Verb {
    @Option(
            names = "--aot-output",
            paramLabel = "FILE",
            description = "Record how a leafd starts and write FILE: the cache with which leafd starts faster.")
    private @Nullable Path aotOutput;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print problems only.")
    private boolean quiet;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (aotOutput != null) {
            AotCache.make(aotOutput);
            say("wrote " + aotOutput);
            return Cli.OK;
        }
        SelfTest.run(step -> say("ok  " + step));
        say("all works");
        return Cli.OK;
    }

    private void say(String line) {
        if (!quiet) {
            terminal().out().println(line);
        }
    }
}
