package io.leafd.http;

import io.leafd.broker.net.ServerContext;
import io.leafd.broker.net.SubscriptionMemory;
import io.leafd.jetstream.JetStreamStats;
import java.nio.charset.StandardCharsets;
import java.util.function.ToDoubleFunction;

/**
 * {@code /metrics}: Prometheus text format 0.0.4. Names {@code leafd_*} in base units; labels come from the configuration only
 * (upstream, forward, account, stream), never from clients, so their number is bounded.
 */
final class MetricsPage implements Page {
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final ServerContext server;
    private final Sources sources;

    MetricsPage(ServerContext server, Sources sources) {
        this.server = server;
        this.sources = sources;
    }

    @Override
    public Answer answer(Query query) {
        var out = new MetricText();
        out.gauge("leafd_build_info", "Version of leafd; always 1.")
                .value(1, "version", server.identity().leafdVersion());
        out.gauge("leafd_uptime_seconds", "Time since the start.")
                .value((System.currentTimeMillis() - server.startedAtMs()) / 1000.0);
        out.gauge("leafd_connections", "Clients connected now.")
                .value(server.clients().size());
        out.counter("leafd_connections_total", "Clients accepted since the start.")
                .value(server.totalConnections().get());
        out.counter("leafd_slow_consumers_total", "Connections cut off because they read too slowly.")
                .value(server.slowConsumers().sum());
        subscriptions(out);
        out.gauge("leafd_resident_memory_bytes", "Resident memory of the process.")
                .value(VarzPage.residentBytes());
        traffic(out);
        links(out);
        forwards(out);
        streams(out);
        Sources.Disk disk = sources.disk();
        if (disk != null) {
            out.gauge("leafd_disk_used_bytes", "Bytes of the data directory.").value(disk.usedBytes());
            out.gauge("leafd_disk_budget_bytes", "Most bytes the data directory may have.")
                    .value(disk.maxBytes());
            out.gauge("leafd_disk_free_bytes", "Free bytes of its file system.").value(disk.freeBytes());
        }
        out.gauge("leafd_lost_messages", "Messages met as lost or damaged since the start.");
        sources.losses().forEach(l -> out.value(l.messages(), "account", l.account(), "stream", l.stream()));
        out.gauge("leafd_healthy", "1 while local clients are served fully.").value(sources.trouble() == null ? 1 : 0);
        return new Answer(200, CONTENT_TYPE, out.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void subscriptions(MetricText out) {
        SubscriptionMemory memory = server.subscriptionMemory();
        out.gauge("leafd_subscription_memory_bytes", "Heap that all subscriptions take.")
                .value(memory.heldBytes());
        out.gauge("leafd_subscription_memory_max_bytes", "Heap they may take before more are refused.")
                .value(memory.maxBytes());
        out.counter("leafd_subscriptions_refused_total", "Subscriptions refused for that.")
                .value(memory.refused());
    }

    private void traffic(MetricText out) {
        long[] sum = new long[4];
        for (int loop = 0; loop < server.loops().count(); loop++) {
            long[] counters = server.loops().turn(loop).counters();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += counters[i];
            }
        }
        out.counter("leafd_messages_total", "Messages from and to clients.")
                .value(sum[0], "direction", "in")
                .value(sum[2], "direction", "out");
        out.counter("leafd_bytes_total", "Bytes of headers and payloads from and to clients.")
                .value(sum[1], "direction", "in")
                .value(sum[3], "direction", "out");
    }

    private void links(MetricText out) {
        out.gauge("leafd_link_up", "1 while the upstream is connected.");
        sources.upstreams().forEach(u -> out.value(u.state().equals("connected") ? 1 : 0, "upstream", u.name()));
        out.gauge("leafd_link_rtt_seconds", "Last measured round trip to the upstream.");
        sources.upstreams().forEach(u -> out.value(u.rttNs() / 1e9, "upstream", u.name()));
        out.counter("leafd_link_connects_total", "Connections established to the upstream.");
        sources.upstreams().forEach(u -> out.value(u.connects(), "upstream", u.name()));
        budget(
                out.gauge("leafd_link_budget_bytes", "Most bytes that may be sent to the upstream in a period."),
                Sources.Budget::limitBytes);
        budget(
                out.gauge("leafd_link_budget_spent_bytes", "Bytes of these that are spent."),
                Sources.Budget::spentBytes);
        budget(
                out.gauge("leafd_link_budget_next_seconds", "Time until the next period begins."),
                b -> b.nextInMs() / 1000.0);
        budget(
                out.gauge("leafd_link_budget_used_up", "1 while forwards wait for the next period."),
                b -> b.usedUp() ? 1 : 0);
    }

    private void budget(MetricText out, ToDoubleFunction<Sources.Budget> value) {
        for (Sources.Upstream upstream : sources.upstreams()) {
            Sources.Budget budget = upstream.budget();
            if (budget != null) {
                out.value(value.applyAsDouble(budget), "upstream", upstream.name());
            }
        }
    }

    private void forwards(MetricText out) {
        forward(
                out.gauge("leafd_forward_pending_messages", "Messages stored and not confirmed upstream."),
                f -> f.messages());
        forward(out.gauge("leafd_forward_pending_bytes", "Bytes of these."), f -> f.bytes());
        forward(
                out.gauge("leafd_forward_oldest_seconds", "Age of the oldest of these."),
                f -> f.oldestAgeMs() / 1000.0);
        forward(
                out.counter("leafd_forward_confirmed_total", "Messages confirmed upstream since the start."),
                f -> f.confirmed());
        forward(
                out.gauge("leafd_forward_rate", "Messages confirmed per second, smoothed."),
                f -> f.messagesPerSecond());
        forward(
                out.gauge("leafd_forward_eta_seconds", "Time until nothing is pending, -1 if unknown."),
                f -> Math.max(-1, f.etaMs() / 1000.0));
        forward(out.gauge("leafd_forward_parked", "Messages the upstream refuses for good."), f -> f.parked());
        forward(out.counter("leafd_forward_resends_total", "Messages sent more than once."), f -> f.resends());
    }

    private void forward(MetricText out, ToDoubleFunction<Sources.Backlog> value) {
        for (Sources.Upstream upstream : sources.upstreams()) {
            for (Sources.Backlog forward : upstream.forwards()) {
                out.value(value.applyAsDouble(forward), "upstream", upstream.name(), "forward", forward.name());
            }
        }
    }

    private void streams(MetricText out) {
        JetStreamStats stats = sources.jetStream();
        if (stats == null) {
            return;
        }
        stream(
                out.gauge("leafd_stream_messages", "Messages stored."),
                stats,
                s -> s.state().messages());
        stream(
                out.gauge("leafd_stream_bytes", "Bytes stored, as JetStream counts them."),
                stats,
                s -> s.state().bytes());
        stream(
                out.gauge("leafd_stream_first_seq", "Sequence of the oldest message."),
                stats,
                s -> s.state().firstSeq());
        stream(
                out.gauge("leafd_stream_last_seq", "Sequence of the newest message."),
                stats,
                s -> s.state().lastSeq());
        stream(out.gauge("leafd_stream_consumers", "Consumers."), stats, s -> s.consumers());
    }

    private static void stream(MetricText out, JetStreamStats stats, ToDoubleFunction<JetStreamStats.OfStream> value) {
        for (JetStreamStats.OfAccount account : stats.accounts()) {
            for (JetStreamStats.OfStream stream : account.streams()) {
                out.value(value.applyAsDouble(stream), "account", account.name(), "stream", stream.name());
            }
        }
    }
}
