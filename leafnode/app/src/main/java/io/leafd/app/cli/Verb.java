package io.leafd.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands have. */
@Command(sortOptions = false, separator = " ")
abstract class Verb implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 1000,
            description = "This text.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    final CommandSpec spec() {
        return spec;
    }

    final Terminal terminal() {
        return ((LeafdCommand) spec.root().userObject()).terminal();
    }
}
