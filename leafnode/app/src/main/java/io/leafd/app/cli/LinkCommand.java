package io.leafd.app.cli;

import io.leafd.app.admin.AdminException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code leafd link}. */
@Command(
        name = "link",
        description = "Shows the upstreams, and what waits for them. Alone it is the same as: leafd link ls",
        subcommands = {LinkCommand.Ls.class, LinkCommand.Details.class, LinkCommand.Retry.class})
final class LinkCommand extends Verb {
    @Mixin
    private final Running running = new Running();

    @Override
    public Integer call() {
        return list(terminal(), running);
    }

    /** {@code leafd link ls}. */
    @Command(name = "ls", description = "Lists upstreams, forwards and mirrors.")
    static final class Ls extends Verb {
        @Mixin
        private final Running running = new Running();

        @Override
        public Integer call() {
            return list(terminal(), running);
        }
    }

    /** {@code leafd link info}. */
    @Command(name = "info", description = "Shows all that is known of one upstream.")
    static final class Details extends Verb {
        @Mixin
        private final Running running = new Running();

        @Parameters(paramLabel = "NAME", description = "Name of the upstream.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String name;

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
            flows(terminal(), List.of(link));
            return Cli.OK;
        }
    }

    /** {@code leafd link retry}. */
    @Command(name = "retry", description = "Dials an upstream now instead of at its next attempt.")
    static final class Retry extends Verb {
        @Mixin
        private final Running running = new Running();

        @Parameters(paramLabel = "NAME", description = "Name of the upstream.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String name;

        @Override
        public Integer call() {
            running.ask(terminal(), "link-retry", Map.of("name", name));
            terminal().err().println("dialling " + name + "; see: leafd link");
            return Cli.OK;
        }
    }

    private static int list(Terminal terminal, Running running) {
        Object tree = running.ask(terminal, "link", Map.of());
        if (running.json()) {
            Running.printJson(terminal, tree);
            return Cli.OK;
        }
        List<Answer> links = Answer.list(tree);
        if (links.isEmpty()) {
            terminal.err().println("there is no upstream; add [upstream.NAME] to the configuration");
            return Cli.OK;
        }
        TextTable table = new TextTable("UPSTREAM", "STATE", "SINCE", ">RTT", ">IN", ">OUT", "URL", "LAST ERROR");
        for (Answer link : links) {
            table.row(
                    link.text("name"),
                    link.text("state"),
                    link.time("state_ms"),
                    link.number("rtt_us") > 0 ? link.roundTrip("rtt_us") : "-",
                    link.count("in_messages"),
                    link.count("out_messages"),
                    link.textOrNone("url"),
                    link.lastError());
        }
        table.print(terminal);
        flows(terminal, links);
        return Cli.OK;
    }

    private static void flows(Terminal terminal, List<Answer> links) {
        TextTable table = new TextTable(
                "FLOW",
                "DIRECTION",
                "STATE",
                ">WAITING",
                ">BYTES",
                ">OLDEST",
                ">DONE",
                ">PER S",
                ">ETA",
                ">LAST OK",
                "LAST ERROR");
        boolean any = false;
        for (Answer link : links) {
            for (Answer forward : link.all("forwards")) {
                flow(table, link, forward, "up");
                any = true;
            }
            for (Answer mirror : link.all("mirrors")) {
                flow(table, link, mirror, "down");
                any = true;
            }
        }
        if (any) {
            terminal.out().println();
            table.print(terminal);
        }
    }

    private static void flow(TextTable table, Answer link, Answer flow, String direction) {
        table.row(
                link.text("name") + "/" + flow.text("name"),
                direction,
                flow.text("state"),
                flow.count("waiting_messages"),
                flow.fields().containsKey("waiting_bytes") ? flow.bytes("waiting_bytes") : "-",
                flow.number("oldest_age_ms") == 0 ? "-" : flow.time("oldest_age_ms"),
                flow.count("done_messages"),
                flow.fields().containsKey("per_second") ? flow.count("per_second") : "-",
                flow.number("waiting_messages") == 0 ? "-" : flow.time("eta_ms"),
                flow.fields().containsKey("last_success_age_ms") && flow.number("last_success_age_ms") >= 0
                        ? flow.time("last_success_age_ms") + " ago"
                        : "-",
                flow.lastError());
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
