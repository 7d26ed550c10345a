package io.leafd.app.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code leafd status}. */
@Command(name = "status", description = "Shows how the running leafd is.")
final class StatusCommand extends Question {
    private static final int RANGES_SHOWN_MAX = 5;

    StatusCommand() {
        super("status");
    }

    @Override
    void print(@Nullable Object answer) {
        Answer status = Answer.of(answer);
        line(
                "leafd",
                status.text("name") + ", version " + status.text("version") + ", pid " + status.number("pid") + ", up "
                        + status.time("uptime_ms"));
        line(
                "listens",
                status.inner("listeners").fields().entrySet().stream()
                        .map(listener -> listener.getKey() + " " + listener.getValue())
                        .collect(Collectors.joining(", ")));
        clients(status.inner("clients"));
        storage(status.inner("storage"), status.text("data_dir"));
        lost(status.inner("storage"));
        for (Answer link : status.all("links")) {
            line("upstream", LinkCommand.sentence(link));
            LinkCommand.budget(link).ifPresent(budget -> line("", budget));
            link.all("forwards").forEach(forward -> line("forward", forward(forward)));
            link.all("mirrors").forEach(mirror -> line("mirror", mirror(mirror)));
        }
    }

    private void clients(Answer clients) {
        line(
                "clients",
                clients.count("connections") + " connected, " + clients.count("subscriptions", "subscription") + ", "
                        + clients.count("slow_consumers", "slow consumer") + "; "
                        + clients.count("leafnodes", "leaf node"));
        if (clients.number("subscriptions_refused") > 0) {
            line(
                    "",
                    clients.count("subscriptions_refused", "subscription")
                            + " refused for want of memory: all hold "
                            + clients.bytes("subscriptions_held_bytes")
                            + " and may hold "
                            + clients.bytes("subscriptions_max_bytes"));
        }
        line(
                "traffic",
                "in " + clients.count("in_messages", "message") + " (" + clients.bytes("in_bytes") + "), out "
                        + clients.count("out_messages") + " (" + clients.bytes("out_bytes") + ")");
    }

    private void storage(Answer storage, String dataDir) {
        long max = storage.number("disk_max_bytes");
        line(
                "store",
                storage.textOrNone("state") + ", " + storage.count("streams", "stream") + ", "
                        + storage.count("messages", "message") + ", " + storage.bytes("disk_used_bytes")
                        + (max > 0 ? " of " + Answer.bytes(max) : "") + ", " + storage.bytes("disk_free_bytes")
                        + " free on disk ("
                        + dataDir + ")");
    }

    /** {@code PLANT EVENTS: 12 messages lost or damaged, sequences 5 to 9, 14 (checksum of the record does not match)}. */
    private void lost(Answer storage) {
        for (Answer loss : storage.all("lost")) {
            List<Answer> ranges = loss.all("ranges");
            String shown = ranges.stream()
                    .limit(RANGES_SHOWN_MAX)
                    .map(StatusCommand::sequences)
                    .collect(Collectors.joining(", "));
            String more = ranges.size() > RANGES_SHOWN_MAX
                    ? ", and " + (ranges.size() - RANGES_SHOWN_MAX) + " more ranges, see --json"
                    : "";
            String reason = ranges.isEmpty() ? "" : " (" + ranges.getFirst().text("reason") + ")";
            line(
                    "lost",
                    loss.text("account") + " " + loss.text("stream") + ": " + loss.count("messages", "message")
                            + " lost or damaged, sequences " + shown + more + reason);
        }
        if (storage.number("lost_report_lines") > 0) {
            line(
                    "damage",
                    storage.text("lost_report") + " tells in " + storage.count("lost_report_lines", "line")
                            + " what was found at this start or earlier ones");
        }
    }

    private static String sequences(Answer range) {
        return range.number("first_seq") == range.number("last_seq")
                ? range.text("first_seq")
                : range.text("first_seq") + " to " + range.text("last_seq");
    }

    /** {@code telemetry: sending, 18 201 messages (41.0 MiB) wait since 14m 0s; 12 done, the last 3s ago}. */
    private static String forward(Answer forward) {
        String waiting = forward.number("waiting_messages") == 0
                ? "nothing waits"
                : forward.count("waiting_messages", "message") + " (" + forward.bytes("waiting_bytes")
                        + ") waiting, the oldest for " + forward.time("oldest_age_ms");
        return forward.text("name") + ": " + forward.text("state") + ", " + waiting + "; "
                + forward.count("done_messages") + " done" + last(forward);
    }

    /** {@code RECIPES: in sync, holds 12 messages (3.4 KiB), the last 1s ago}. */
    private static String mirror(Answer mirror) {
        String behind =
                mirror.number("waiting_messages") == 0 ? "" : mirror.count("waiting_messages", "message") + " behind, ";
        return mirror.text("name") + ": " + mirror.text("state") + ", " + behind + "holds "
                + mirror.count("held_messages", "message") + " (" + mirror.bytes("held_bytes") + ")" + last(mirror);
    }

    private static String last(Answer flow) {
        boolean ever = flow.fields().containsKey("last_success_age_ms") && flow.number("last_success_age_ms") >= 0;
        boolean failing = !flow.text("last_error").isEmpty()
                && !List.of("sending", "up to date", "in sync").contains(flow.text("state"));
        return (ever ? ", the last " + flow.time("last_success_age_ms") + " ago" : "")
                + (failing ? "; " + flow.lastError() : "");
    }

    private void line(String name, String text) {
        terminal().out().println(terminal().bold(String.format("%-9s", name)) + text);
    }
}
