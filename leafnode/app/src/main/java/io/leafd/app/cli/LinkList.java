package io.leafd.app.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The upstreams, and what waits for them: {@code leafd link} and {@code leafd link ls}. */
abstract class LinkList extends Question {
    LinkList() {
        super("link");
    }

    @Override
    final void print(@Nullable Object answer) {
        List<Answer> links = Answer.list(answer);
        if (links.isEmpty()) {
            terminal().err().println("there is no upstream; add [upstream.NAME] to the configuration");
            return;
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
        table.print(terminal());
        for (Answer link : links) {
            LinkCommand.budget(link).ifPresent(budget -> terminal().out().println(link.text("name") + ": " + budget));
        }
        flows(terminal(), links);
    }

    /** The forwards and mirrors of these links, if there are any. */
    static void flows(Terminal terminal, List<Answer> links) {
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
}
