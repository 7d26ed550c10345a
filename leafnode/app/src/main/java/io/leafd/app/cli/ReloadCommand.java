package io.leafd.app.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code leafd reload}. */
@Command(name = "reload", description = "Makes the running leafd read its configuration again and apply what changed.")
final class ReloadCommand extends Question {
    ReloadCommand() {
        super("reload");
    }

    @Override
    void print(@Nullable Object answer) {
        List<?> changes = Answer.of(answer).fields().get("changes") instanceof List<?> list ? list : List.of();
        if (changes.isEmpty()) {
            terminal().out().println("nothing changed; certificates and secret files were read again");
        }
        changes.forEach(change -> terminal().out().println(change));
    }
}
