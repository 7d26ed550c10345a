package io.leafd.app.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code leafd why}. */
@Command(
        name = "why",
        description =
                "Explains what becomes of a subject: which account's users may use it, which streams keep it, which"
                        + " upstreams let it pass, and by which rule.")
final class WhyCommand extends Question {
    @Parameters(paramLabel = "SUBJECT", description = "A subject; quote wildcards.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String subject;

    WhyCommand() {
        super("why");
    }

    @Override
    Map<String, @Nullable Object> arguments() {
        return Map.of("subject", subject);
    }

    @Override
    void print(@Nullable Object answer) {
        TextTable table = new TextTable("WHERE", "PASSES", "BECAUSE");
        for (Answer step : Answer.of(answer).all("steps")) {
            table.row(step.text("where"), step.fact("passes") ? "yes" : "no", step.text("rule"));
        }
        table.print(terminal());
    }
}
