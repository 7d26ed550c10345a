package io.leafd.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code leafd} itself: the list of its commands. */
@Command(
        name = "leafd",
        description =
                "Message broker for the edge: serves local NATS clients, keeps streams on disk, forwards them upstream.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunModel.class,
            DemoCommand.class,
            CheckCommand.class,
            ReloadCommand.class,
            StatusCommand.class,
            StreamsCommand.class,
            LinkCommand.class,
            WhyCommand.class,
            StoreCommand.class,
            NkeyCommand.class,
            PasswdCommand.class,
            SelfTestCommand.class,
            VersionCommand.class,
            HelpOfCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 69 no leafd is running, 75 try again, 77 not permitted, 78 bad"
                    + " configuration.",
            "Every command explains itself: leafd COMMAND --help"
        })
final class LeafdCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "This text.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    LeafdCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    Terminal terminal() {
        return terminal;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(terminal.err());
        return Cli.USAGE;
    }
}
