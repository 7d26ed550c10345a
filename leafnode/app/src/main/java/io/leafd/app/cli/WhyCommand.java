package io.leafd.app.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code leafd why}. */
@Command(
        name = "why",
        description =
                "Explains what becomes of a subject: which account's users may use it, which streams keep it, which"
                        + " upstreams let it pass, and by which rule.")
final class WhyCommand extends Verb {
    @Mixin
    private final Running running = new Running();

    @Parameters(paramLabel = "SUBJECT", description = "A subject; quote wildcards.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String subject;

    @Override
    public Integer call() {
        Object tree = running.ask(terminal(), "why", Map.of("subject", subject));
        if (running.json()) {
            Running.printJson(terminal(), tree);
            return Cli.OK;
        }
        TextTable table = new TextTable("WHERE", "PASSES", "BECAUSE");
        for (Answer step : Answer.of(tree).all("steps")) {
            table.row(step.text("where"), step.fact("passes") ? "yes" : "no", step.text("rule"));
        }
        table.print(terminal());
        return Cli.OK;
    }
}
