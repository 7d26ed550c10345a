package io.leafd.app.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** A command that asks the running leafd one thing and shows the answer: as text, or as it is with {@code --json}. */
abstract class Question extends Verb {
    @Mixin
    private final Running running = new Running();

    private final String verb;

    /** Asks {@code verb} of the administrative socket. */
    Question(String verb) {
        this.verb = verb;
    }

    /** What the verb is asked with. */
    Map<String, @Nullable Object> arguments() {
        return Map.of();
    }

    /** Shows the answer as text. */
    abstract void print(@Nullable Object answer);

    @Override
    public final Integer call() {
        Object answer = running.ask(terminal(), verb, arguments());
        if (running.json()) {
            Running.printJson(terminal(), answer);
        } else {
            print(answer);
        }
        return Cli.OK;
    }
}
