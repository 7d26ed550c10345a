package io.leafd.app.operate;

import io.leafd.broker.net.ServerContext;
import io.leafd.http.Sources;
import io.leafd.store.StoreMetrics;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers {@code leafd status}. Immutable; any thread. */
record StatusAnswer(Running running) {
    Map<String, @Nullable Object> tree() {
        ServerContext server = running.server();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", server.identity().serverName());
        tree.put("version", server.identity().leafdVersion());
        tree.put("pid", ProcessHandle.current().pid());
        tree.put("uptime_ms", Math.max(0, System.currentTimeMillis() - server.startedAtMs()));
        tree.put("data_dir", running.config().get().server().dataDir().toString());
        tree.put("listeners", new LinkedHashMap<>(running.listeners()));
        tree.put("clients", clients(server));
        tree.put("storage", storage());
        tree.put("links", new LinkAnswer(running).list());
        return tree;
    }

    private Map<String, @Nullable Object> clients(ServerContext server) {
        long[] traffic = new long[4];
        for (int loop = 0; loop < server.loops().count(); loop++) {
            long[] counters = server.loops().turn(loop).counters();
            for (int i = 0; i < traffic.length; i++) {
                traffic[i] += counters[i];
            }
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("connections", (long) server.clients().size());
        tree.put(
                "leafnodes",
                running.sources().leafs().stream().filter(leaf -> !leaf.spoke()).count());
        tree.put("subscriptions", subscriptions(server));
        tree.put("in_messages", traffic[0]);
        tree.put("in_bytes", traffic[1]);
        tree.put("out_messages", traffic[2]);
        tree.put("out_bytes", traffic[3]);
        tree.put("slow_consumers", server.slowConsumers().sum());
        tree.put("subscriptions_refused", server.subscriptionMemory().refused());
        tree.put("subscriptions_held_bytes", server.subscriptionMemory().heldBytes());
        tree.put("subscriptions_max_bytes", server.subscriptionMemory().maxBytes());
        return tree;
    }

    /** Those of clients: neither what leafd itself listens to, nor what leaf nodes and upstreams want. */
    private static long subscriptions(ServerContext server) {
        return server.clients().values().stream()
                .mapToLong(client -> client.snapshot().subscriptions())
                .sum();
    }

    private Map<String, @Nullable Object> storage() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        if (running.store() == null) {
            tree.put("state", "off");
            return tree;
        }
        StoreMetrics metrics = running.store().metrics();
        String trouble = running.sources().trouble();
        tree.put("state", trouble == null ? "ok" : trouble);
        tree.put("streams", metrics.streams());
        tree.put(
                "messages",
                running.recentStreams().accounts().stream()
                        .flatMap(account -> account.streams().stream())
                        .mapToLong(stream -> stream.state().messages())
                        .sum());
        Sources.Disk disk = running.sources().disk();
        if (disk != null) {
            boolean bounded = running.config().get().store().diskMaxBytes() != null;
            tree.put("disk_used_bytes", disk.usedBytes());
            tree.put("disk_max_bytes", bounded ? disk.maxBytes() : 0);
            tree.put("disk_free_bytes", disk.freeBytes());
        }
        tree.put("writes", metrics.writes());
        tree.put("syncs", metrics.syncs());
        tree.put(
                "lost",
                running.sources().losses().stream().map(StatusAnswer::lost).toList());
        tree.put("lost_report", running.store().report().toString());
        tree.put("lost_report_lines", running.store().reportLines());
        return tree;
    }

    private static Map<String, @Nullable Object> lost(Sources.Loss loss) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("account", loss.account());
        tree.put("stream", loss.stream());
        tree.put("messages", loss.messages());
        tree.put(
                "ranges",
                loss.ranges().stream()
                        .map(range -> {
                            Map<String, @Nullable Object> one = new LinkedHashMap<>();
                            one.put("first_seq", range.firstSeq());
                            one.put("last_seq", range.lastSeq());
                            one.put("reason", range.reason());
                            return one;
                        })
                        .toList());
        return tree;
    }

    /** One line for {@code systemctl status}. */
    String line() {
        StringBuilder line = new StringBuilder();
        line.append(running.server().clients().size()).append(" clients");
        if (running.store() != null) {
            line.append(", ").append(running.store().metrics().streams()).append(" streams");
        }
        for (Sources.Upstream upstream : running.sources().upstreams()) {
            long waiting = upstream.forwards().stream()
                    .mapToLong(Sources.Backlog::messages)
                    .sum();
            line.append(", upstream ").append(upstream.name()).append(": ").append(upstream.state());
            line.append(waiting > 0 ? ", " + waiting + " messages wait" : "");
        }
        long lost = running.sources().losses().stream()
                .mapToLong(Sources.Loss::messages)
                .sum();
        line.append(lost > 0 ? "; " + lost + " messages lost or damaged, see leafd status" : "");
        String trouble = running.sources().trouble();
        return trouble == null ? line.toString() : line + "; " + trouble;
    }
}
