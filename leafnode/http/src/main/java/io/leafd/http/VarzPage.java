package io.leafd.http;

import io.leafd.broker.account.Account;
import io.leafd.broker.net.ClientLimits;
import io.leafd.broker.net.ServerContext;
import io.leafd.jetstream.JetStreamStats;
import io.leafd.protocol.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** {@code /varz}: the server as a whole, with nats-server's field names. */
final class VarzPage implements Page {
    private static final Path MEMORY = Path.of("/proc/self/statm");
    private static final int PAGE_BYTES = 4096;

    private final ServerContext server;
    private final Sources sources;
    private final Map<String, LongAdder> requests;

    VarzPage(ServerContext server, Sources sources, Map<String, LongAdder> requests) {
        this.server = server;
        this.sources = sources;
        this.requests = requests;
    }

    @Override
    public Answer answer(Query query) {
        long nowMs = System.currentTimeMillis();
        ClientLimits limits = server.limits();
        JsonWriter json = new JsonWriter()
                .object()
                .field("server_id", server.identity().serverId())
                .field("server_name", server.identity().serverName())
                .field("version", server.identity().version())
                .field("proto", 1)
                .field("go", "java" + Runtime.version().feature())
                .field("auth_required", server.users().authRequired())
                .field("max_connections", limits.connectionsMax())
                .field("ping_interval", limits.pingInterval().toNanos())
                .field("ping_max", limits.pingMax())
                .field("auth_timeout", limits.authTimeout().toSeconds())
                .field("max_control_line", limits.controlLineMaxBytes())
                .field("max_payload", limits.payloadMaxBytes())
                .field("max_pending", limits.pendingMaxBytes())
                .field("write_deadline", limits.writeDeadline().toNanos())
                .object("cluster")
                .end()
                .object("gateway")
                .end();
        remotes(json);
        jetStream(json);
        json.field("start", Times.instant(server.startedAtMs()))
                .field("now", Times.instant(nowMs))
                .field("uptime", Times.uptime(Duration.ofMillis(Math.max(0, nowMs - server.startedAtMs()))))
                .field("mem", residentBytes())
                .field("cores", Runtime.getRuntime().availableProcessors())
                .field("connections", server.clients().size())
                .field("total_connections", server.totalConnections().get())
                .field("routes", 0)
                .field("remotes", sources.upstreams().size())
                .field("leafnodes", sources.leafs().size());
        traffic(json);
        json.field("slow_consumers", server.slowConsumers().sum())
                .field("subscriptions", subscriptions())
                .object("http_req_stats");
        new TreeMap<>(requests).forEach((path, count) -> json.field(path, count.sum()));
        json.end();
        leafd(json);
        return Answer.json(200, json.end().toString());
    }

    private void remotes(JsonWriter json) {
        json.object("leaf").array("remotes");
        for (Sources.Upstream upstream : sources.upstreams()) {
            json.object().field("local_account", upstream.account()).end();
        }
        json.end().end();
    }

    private void jetStream(JsonWriter json) {
        JetStreamStats stats = sources.jetStream();
        json.object("jetstream");
        if (stats != null) {
            JszPage.config(json, server, sources).end().object("stats");
            JszPage.totals(json, stats);
            json.end();
        }
        json.end();
    }

    private void traffic(JsonWriter json) {
        long[] sum = new long[4];
        for (int loop = 0; loop < server.loops().count(); loop++) {
            long[] counters = server.loops().turn(loop).counters();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += counters[i];
            }
        }
        json.field("in_msgs", sum[0])
                .field("out_msgs", sum[2])
                .field("in_bytes", sum[1])
                .field("out_bytes", sum[3]);
    }

    private void leafd(JsonWriter json) {
        json.object("leafd").field("version", server.identity().leafdVersion());
        Sources.Disk disk = sources.disk();
        if (disk != null) {
            json.field("disk_used", disk.usedBytes()).field("disk_free", disk.freeBytes());
        }
        json.field("subscriptions_refused", server.subscriptionMemory().refused())
                .field("subscriptions_held_bytes", server.subscriptionMemory().heldBytes())
                .field("subscriptions_max_bytes", server.subscriptionMemory().maxBytes());
        json.array("budgets");
        for (Sources.Upstream upstream : sources.upstreams()) {
            Sources.Budget budget = upstream.budget();
            if (budget != null) {
                json.object()
                        .field("upstream", upstream.name())
                        .field("spent_bytes", budget.spentBytes())
                        .field("limit_bytes", budget.limitBytes())
                        .field("next_in_ms", budget.nextInMs())
                        .field("used_up", budget.usedUp())
                        .end();
            }
        }
        json.end().end();
    }

    private long subscriptions() {
        return server.accounts().all().stream()
                .map(Account::sublist)
                .mapToLong(sublist -> sublist.size())
                .sum();
    }

    /** Resident memory in bytes, 0 where the system does not say. */
    static long residentBytes() {
        try {
            return Long.parseLong(Files.readString(MEMORY).split(" ")[1]) * PAGE_BYTES;
        } catch (IOException e) {
            return 0; // no Linux
        }
    }
}
