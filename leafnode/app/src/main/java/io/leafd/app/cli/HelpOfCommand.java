package io.leafd.app.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code leafd help}. */
@Command(name = "help", description = "Explains a command.")
final class HelpOfCommand extends Verb {
    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "For example: streams purge")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() {
        CommandLine command = spec().root().commandLine();
        for (String word : words) {
            CommandLine inner = command.getSubcommands().get(word);
            if (inner == null) {
                throw new CommandLine.UnmatchedArgumentException(command, List.of(word));
            }
            command = inner;
        }
        command.usage(terminal().out());
        return Cli.OK;
    }
}
