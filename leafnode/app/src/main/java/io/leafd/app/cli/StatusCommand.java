package io.leafd.app.cli;

import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code leafd status}. */
@Command(name = "status", description = "Shows how the running leafd is.")
final class StatusCommand extends Verb {
    @Mixin
    private final Running running = new Running();

    @Override
    public Integer call() {
        Object tree = running.ask(terminal(), "status", Map.of());
        if (running.json()) {
            Running.printJson(terminal(), tree);
            return Cli.OK;
        }
        Answer status = Answer.of(tree);
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
        for (Answer link : status.all("links")) {
            line("upstream", LinkCommand.sentence(link));
        }
        return Cli.OK;
    }

    private void clients(Answer clients) {
        line(
                "clients",
                clients.count("connections") + " connected, " + clients.count("subscriptions") + " subscriptions, "
                        + clients.count("slow_consumers") + " slow consumers; " + clients.count("leafnodes")
                        + " leaf nodes");
        line(
                "traffic",
                "in " + clients.count("in_messages") + " messages (" + clients.bytes("in_bytes") + "), out "
                        + clients.count("out_messages") + " (" + clients.bytes("out_bytes") + ")");
    }

    private void storage(Answer storage, String dataDir) {
        long max = storage.number("disk_max_bytes");
        line(
                "store",
                storage.textOrNone("state") + ", " + storage.count("streams") + " streams, "
                        + storage.count("messages") + " messages, " + storage.bytes("disk_used_bytes")
                        + (max > 0 ? " of " + Answer.bytes(max) : "") + ", " + storage.bytes("disk_free_bytes")
                        + " free on disk ("
                        + dataDir + ")");
    }

    private void line(String name, String text) {
        terminal().out().println(terminal().bold(String.format("%-9s", name)) + text);
    }
}
