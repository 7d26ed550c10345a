package io.leafd.app.operate;

import io.leafd.app.admin.AdminException;
import io.leafd.app.config.MirrorConfig;
import io.leafd.app.config.UpstreamConfig;
import io.leafd.http.Sources;
import io.leafd.jetstream.JetStreamStats;
import io.leafd.link.LinkStatus;
import io.leafd.link.UpstreamLink;
import io.leafd.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers {@code leafd link}. Immutable; any thread. */
record LinkAnswer(Running running) {
    List<Map<String, @Nullable Object>> list() {
        List<Map<String, @Nullable Object>> links = new ArrayList<>();
        for (UpstreamLink link : running.links().all()) {
            links.add(tree(link.status()));
        }
        return links;
    }

    /** Dials now. */
    Map<String, @Nullable Object> retry(@Nullable Object name) {
        UpstreamLink link = running.links().find(String.valueOf(name));
        if (link == null) {
            throw new AdminException(
                    AdminException.Code.FAILED, "there is no upstream \"" + name + "\"; see: leafd link ls");
        }
        link.retry();
        return Map.of();
    }

    private Map<String, @Nullable Object> tree(LinkStatus status) {
        long now = System.currentTimeMillis();
        LinkStatus.Peer peer = status.peer();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", status.name());
        tree.put("account", status.account());
        tree.put("state", status.state());
        tree.put("url", status.url());
        tree.put("state_ms", Math.max(0, now - status.sinceMs()));
        tree.put("retry_in_ms", status.retryInMs());
        tree.put("failures", status.failures());
        tree.put("connects", status.connects());
        tree.put("last_error", status.lastError());
        tree.put("server", peer == null ? null : peer.name());
        tree.put("server_version", peer == null ? null : peer.version());
        tree.put("domain", peer == null ? null : peer.domain());
        tree.put("rtt_us", peer == null ? 0 : TimeUnit.NANOSECONDS.toMicros(peer.rttNs()));
        traffic(status.traffic(), tree);
        tree.put("forwards", forwards(status.name()));
        tree.put("mirrors", mirrors(status.name()));
        return tree;
    }

    private static void traffic(LinkStatus.Traffic traffic, Map<String, @Nullable Object> tree) {
        tree.put("in_messages", traffic.inMessages());
        tree.put("in_bytes", traffic.inBytes());
        tree.put("out_messages", traffic.outMessages());
        tree.put("out_bytes", traffic.outBytes());
        tree.put("refused", traffic.refused());
        tree.put("overflowed", traffic.overflowed());
        tree.put("oversized", traffic.oversized());
    }

    private List<Map<String, @Nullable Object>> forwards(String upstream) {
        List<Map<String, @Nullable Object>> flows = new ArrayList<>();
        for (Sources.Upstream shown : running.sources().upstreams()) {
            if (shown.name().equals(upstream)) {
                shown.forwards().forEach(backlog -> flows.add(flow(backlog, shown)));
            }
        }
        return flows;
    }

    private static Map<String, @Nullable Object> flow(Sources.Backlog backlog, Sources.Upstream upstream) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", backlog.name());
        tree.put("state", upstream.state().equals("connected") ? "sending" : "offline");
        tree.put("waiting_messages", backlog.messages());
        tree.put("waiting_bytes", backlog.bytes());
        tree.put("oldest_age_ms", backlog.oldestAgeMs());
        tree.put("done_messages", backlog.confirmed());
        tree.put("per_second", backlog.messagesPerSecond());
        tree.put("eta_ms", backlog.etaMs());
        tree.put("parked", backlog.parked());
        tree.put("resends", backlog.resends());
        return tree;
    }

    private List<Map<String, @Nullable Object>> mirrors(String upstream) {
        List<Map<String, @Nullable Object>> flows = new ArrayList<>();
        for (UpstreamConfig config : running.config().get().upstreams()) {
            if (config.name().equals(upstream)) {
                for (MirrorConfig mirror : config.mirrors()) {
                    flows.add(mirror(config.account(), mirror));
                }
            }
        }
        return flows;
    }

    private Map<String, @Nullable Object> mirror(String account, MirrorConfig mirror) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("name", mirror.as());
        for (JetStreamStats.OfAccount served : running.streams().accounts()) {
            for (JetStreamStats.OfStream stream : served.streams()) {
                if (served.name().equals(account) && stream.name().equals(mirror.as())) {
                    copy(stream, tree);
                }
            }
        }
        return tree;
    }

    /** The stream's own description of its mirror: {@code {"mirror":{"name":"RECIPES","lag":0,"active":12000000}}}. */
    private static void copy(JetStreamStats.OfStream stream, Map<String, @Nullable Object> tree) {
        Object origin = Json.parseObject(stream.originDetail().getBytes(StandardCharsets.UTF_8))
                .get("mirror");
        Map<?, ?> mirror = origin instanceof Map<?, ?> map ? map : Map.of();
        long lag = mirror.get("lag") instanceof Long number ? number : 0;
        long activeNs = mirror.get("active") instanceof Long number ? number : -1;
        tree.put("state", activeNs < 0 ? "waiting" : lag == 0 ? "in sync" : "copying");
        tree.put("waiting_messages", lag);
        tree.put("done_messages", stream.state().lastSeq());
        tree.put("eta_ms", -1L);
        tree.put("silent_ms", activeNs < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(activeNs));
        tree.put("last_error", mirror.get("error") instanceof Map<?, ?> error ? error.get("description") : null);
    }
}
