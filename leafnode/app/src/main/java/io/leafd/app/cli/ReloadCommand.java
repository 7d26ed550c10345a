package io.leafd.app.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code leafd reload}. */
@Command(name = "reload", description = "Makes the running leafd read its configuration again and apply what changed.")
final class ReloadCommand extends Verb {
    @Mixin
    private final Running running = new Running();

    @Override
    public Integer call() {
        Object answer = running.ask(terminal(), "reload", Map.of());
        if (running.json()) {
            Running.printJson(terminal(), answer);
            return Cli.OK;
        }
        List<?> changes = Answer.of(answer).fields().get("changes") instanceof List<?> list ? list : List.of();
        if (changes.isEmpty()) {
            terminal().out().println("nothing changed; certificates and secret files were read again");
        }
        changes.forEach(change -> terminal().out().println(change));
        return Cli.OK;
    }
}
