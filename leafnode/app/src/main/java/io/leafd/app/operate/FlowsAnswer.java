package io.leafd.app.operate;

import io.leafd.app.config.MirrorConfig;
import io.leafd.app.config.UpstreamConfig;
import io.leafd.jetstream.JetStreamStats;
import io.leafd.link.forward.ForwardStats;
import io.leafd.link.forward.Forwards;
import io.leafd.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The forwards and mirrors of all upstreams at one moment, for {@code leafd link} and {@code leafd status}. Immutable.
 *
 * <p>Times are ages in milliseconds; -1 means that it cannot be told, or never was.
 *
 * @param upstreams as configured
 * @param forwards  by the name of their upstream
 */
record FlowsAnswer(
        List<UpstreamConfig> upstreams, Map<String, List<ForwardStats>> forwards, JetStreamStats streams, long nowMs) {

    static FlowsAnswer now(Running running) {
        Map<String, List<ForwardStats>> forwards = new LinkedHashMap<>();
        for (Forwards of : running.uplinks().forwards()) {
            forwards.put(of.upstream(), Running.fresh(of.measure(), of.stats()));
        }
        return new FlowsAnswer(
                running.config().get().upstreams(), forwards, running.recentStreams(), System.currentTimeMillis());
    }

    /** What goes up to an upstream. */
    List<Map<String, @Nullable Object>> forwards(String upstream) {
        return forwards.getOrDefault(upstream, List.of()).stream()
                .map(this::forward)
                .toList();
    }

    private Map<String, @Nullable Object> forward(ForwardStats stats) {
        boolean idle = stats.state().equals("sending") && stats.messages() == 0;
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", stats.name());
        tree.put("state", idle ? "up to date" : stats.state());
        tree.put("waiting_messages", stats.messages());
        tree.put("waiting_bytes", stats.bytes());
        tree.put("oldest_age_ms", stats.oldestAgeMs());
        tree.put("done_messages", stats.confirmed());
        tree.put("done_bytes", stats.confirmedBytes());
        tree.put("per_second", stats.messagesPerSecond());
        tree.put("eta_ms", stats.etaMs());
        tree.put("last_success_age_ms", age(stats.lastSuccessMs()));
        tree.put("last_error", stats.lastError());
        tree.put("last_error_age_ms", age(stats.lastErrorMs()));
        tree.put("parked", (long) stats.parked());
        tree.put("resends", stats.resends());
        tree.put("restarts", stats.restarts());
        return tree;
    }

    /** What comes down from an upstream, whose link stands or not. */
    List<Map<String, @Nullable Object>> mirrors(String upstream, boolean linked) {
        List<Map<String, @Nullable Object>> flows = new ArrayList<>();
        for (UpstreamConfig config : upstreams) {
            if (config.name().equals(upstream)) {
                config.mirrors().forEach(mirror -> flows.add(mirror(config.account(), mirror, linked)));
            }
        }
        return flows;
    }

    private Map<String, @Nullable Object> mirror(String account, MirrorConfig mirror, boolean linked) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", mirror.as());
        tree.put("state", "missing"); // unless the stream is found below
        for (JetStreamStats.OfAccount served : streams.accounts()) {
            for (JetStreamStats.OfStream stream : served.streams()) {
                if (served.name().equals(account) && stream.name().equals(mirror.as())) {
                    copy(stream, linked, tree);
                }
            }
        }
        return tree;
    }

    /** The stream's own description of its mirror: {@code {"mirror":{"name":"RECIPES","lag":0,"active":12000000}}}. */
    private void copy(JetStreamStats.OfStream stream, boolean linked, Map<String, @Nullable Object> tree) {
        Object origin = Json.parseObject(stream.originDetail().getBytes(StandardCharsets.UTF_8))
                .get("mirror");
        Map<?, ?> mirror = origin instanceof Map<?, ?> map ? map : Map.of();
        long lag = mirror.get("lag") instanceof Long number ? number : 0;
        long activeNs = mirror.get("active") instanceof Long number ? number : -1;
        boolean empty = stream.state().messages() == 0;
        long firstMs = TimeUnit.NANOSECONDS.toMillis(stream.firstTimestampNs());
        String atWork = activeNs < 0 ? "waiting" : lag == 0 ? "in sync" : "copying";
        tree.put("state", linked ? atWork : "offline");
        tree.put("waiting_messages", lag);
        tree.put("held_messages", stream.state().messages());
        tree.put("held_bytes", stream.state().bytes());
        tree.put("held_oldest_age_ms", empty ? -1 : age(firstMs));
        tree.put("done_messages", stream.state().lastSeq());
        tree.put("eta_ms", -1L);
        tree.put("last_success_age_ms", activeNs < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(activeNs));
        tree.put("last_error", mirror.get("error") instanceof Map<?, ?> error ? error.get("description") : null);
        tree.put("last_error_age_ms", -1L);
    }

    /** Age of a moment, -1 for never. */
    private long age(long atMs) {
        return atMs == 0 ? -1 : Math.max(0, nowMs - atMs);
    }
}
