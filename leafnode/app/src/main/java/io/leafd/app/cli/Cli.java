package io.leafd.app.cli;

import io.leafd.app.admin.AdminException;
import io.leafd.app.config.schema.ConfigException;
import io.leafd.app.config.schema.Spelling;
import io.leafd.security.SecurityConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command line. Owned by the main thread. */
public final class Cli {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int BAD_CONFIG = 78;

    private final Terminal terminal;

    Cli(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs the command in this process's terminal and returns the exit code. */
    public static int run(String[] arguments) {
        return new Cli(Terminal.ofProcess()).execute(arguments);
    }

    /** The model of all commands. */
    static CommandLine model(Terminal terminal) {
        return new CommandLine(new LeafdCommand(terminal));
    }

    /** The script with which bash completes commands and options. */
    public static String bashCompletion() {
        return AutoComplete.bash("leafd", model(Terminal.ofProcess()));
    }

    int execute(String... arguments) {
        CommandLine commands = model(terminal)
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler((e, given) -> usage(e))
                .setExecutionExceptionHandler((e, command, parsed) -> failure(e));
        return commands.execute(arguments);
    }

    private int usage(ParameterException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        String reason = reason(e, command);
        terminal.err().println("leafd: " + reason + (reason.endsWith("?") ? " See: " : "; see: ") + helpOf(command));
        return USAGE;
    }

    private static String reason(ParameterException e, CommandSpec command) {
        if (!(e instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return String.valueOf(e.getMessage());
        }
        String word = unmatched.getUnmatched().getFirst();
        boolean option = word.startsWith("-");
        List<String> known = option
                ? command.options().stream().map(OptionSpec::longestName).toList()
                : List.copyOf(command.subcommands().keySet());
        String what = option ? "option" : command.subcommands().isEmpty() ? "argument" : "command";
        return "unknown " + what + " \"" + word + "\"" + Spelling.hint(word, known);
    }

    private static String helpOf(CommandSpec command) {
        List<String> words =
                Stream.of(command.qualifiedName().split(" ", -1)).skip(1).toList();
        return words.isEmpty() ? "leafd help" : "leafd " + String.join(" ", words) + " --help";
    }

    private int failure(Exception e) {
        terminal.err()
                .println(
                        switch (e) {
                            case ConfigException config -> String.valueOf(config.getMessage());
                            case IOException io -> "leafd: " + describe(io);
                            case RuntimeException unexpected
                            when !(e instanceof AdminException) && !(e instanceof SecurityConfigException) ->
                                "leafd: internal error: " + unexpected;
                            default -> "leafd: " + e.getMessage();
                        });
        return switch (e) {
            case AdminException admin -> admin.code().exit();
            case ConfigException config -> BAD_CONFIG;
            case SecurityConfigException security -> BAD_CONFIG;
            default -> FAILED;
        };
    }

    private static String describe(IOException e) {
        return switch (e) {
            case NoSuchFileException gone -> gone.getFile() + " does not exist";
            case FileAlreadyExistsException there -> there.getFile() + " exists already";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }
}
