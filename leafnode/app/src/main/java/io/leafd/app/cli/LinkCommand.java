package io.leafd.app.cli;

import io.leafd.app.admin.AdminException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code leafd link}. */
@Command(
        name = "link",
        description = "Shows the upstreams, and what waits for them. Alone it is the same as: leafd link ls",
        subcommands = {LinkCommand.Ls.class, LinkCommand.Details.class, LinkCommand.Retry.class})
final class LinkCommand extends LinkList {
    /** {@code leafd link ls}. */
    @Command(name = "ls", description = "Lists upstreams, forwards and mirrors.")
    static final class Ls extends LinkList {}

    /** A command about one upstream. */
    abstract static class OfOne extends Verb {
        @Mixin
        final Running running = new Running();

        @Parameters(paramLabel = "NAME", description = "Name of the upstream.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        String name;
    }

    /** {@code leafd link info}. */
    @Command(name = "info", description = "Shows all that is known of one upstream.")
    static final class Details extends OfOne {
        @Override
        public Integer call() {
            Answer link = Answer.list(running.ask(terminal(), "link", Map.of())).stream()
                    .filter(found -> found.text("name").equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AdminException(
                            AdminException.Code.FAILED, "there is no upstream \"" + name + "\"; see: leafd link ls"));
            if (running.json()) {
                Running.printJson(terminal(), link.fields());
                return Cli.OK;
            }
            terminal().out().println(sentence(link));
            terminal()
                    .out()
                    .println("account " + link.text("account") + ", url " + link.text("url") + ", "
                            + link.count("connects", "connection") + " since the start");
            terminal()
                    .out()
                    .println("in " + link.count("in_messages", "message") + " (" + link.bytes("in_bytes") + "), out "
                            + link.count("out_messages") + " (" + link.bytes("out_bytes") + "), kept back by a rule "
                            + link.count("refused"));
            budget(link).ifPresent(terminal().out()::println);
            LinkList.flows(terminal(), List.of(link));
            return Cli.OK;
        }
    }

    /** {@code leafd link retry}. */
    @Command(name = "retry", description = "Dials an upstream now instead of at its next attempt.")
    static final class Retry extends OfOne {
        @Override
        public Integer call() {
            running.ask(terminal(), "link-retry", Map.of("name", name));
            terminal().err().println("dialling " + name + "; see: leafd link");
            return Cli.OK;
        }
    }

    /**
     * {@code budget of the day: 120.3 MiB of 190.7 MiB sent, the next begins in 3h 4m}; empty without one. Says what waits when it is
     * used up.
     */
    static Optional<String> budget(Answer link) {
        Answer budget = link.inner("budget");
        if (budget.fields().isEmpty()) {
            return Optional.empty();
        }
        String waits = budget.fact("urgent_used_up") ? "; used up, data waits" : "; used up but for what is urgent";
        return Optional.of("budget of the " + budget.text("period") + ": " + budget.bytes("spent_bytes") + " of "
                + budget.bytes("limit_bytes") + " sent, the next begins in " + budget.time("next_in_ms")
                + (budget.fact("used_up") ? waits : ""));
    }

    /** {@code hq: connected for 3d 4h} or {@code hq: waiting for 12s, next attempt in 3s: connection refused}. */
    static String sentence(Answer link) {
        String retry = link.number("retry_in_ms") > 0 ? ", next attempt in " + link.time("retry_in_ms") : "";
        boolean connected = link.text("state").equals("connected");
        String error = connected || link.text("last_error").isEmpty() ? "" : ": " + link.text("last_error");
        long waiting = link.all("forwards").stream()
                .mapToLong(forward -> forward.number("waiting_messages"))
                .sum();
        return link.text("name") + ": " + link.text("state") + " for " + link.time("state_ms") + retry + error
                + (waiting > 0 ? "; " + (waiting == 1 ? "1 message waits" : waiting + " messages wait") : "");
    }
}
