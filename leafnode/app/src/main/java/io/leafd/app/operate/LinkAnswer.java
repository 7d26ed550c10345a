package io.leafd.app.operate;

import io.leafd.app.admin.AdminException;
import io.leafd.link.LinkStatus;
import io.leafd.link.UpstreamLink;
import io.leafd.link.budget.BudgetStatus;
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
        FlowsAnswer flows = FlowsAnswer.now(running);
        for (UpstreamLink link : running.links().all()) {
            links.add(tree(link.status(), flows));
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

    private static Map<String, @Nullable Object> tree(LinkStatus status, FlowsAnswer flows) {
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
        tree.put("last_error_age_ms", status.lastErrorAtMs() == 0 ? -1 : Math.max(0, now - status.lastErrorAtMs()));
        tree.put("server", peer == null ? null : peer.name());
        tree.put("server_version", peer == null ? null : peer.version());
        tree.put("domain", peer == null ? null : peer.domain());
        tree.put("rtt_us", peer == null ? 0 : TimeUnit.NANOSECONDS.toMicros(peer.rttNs()));
        traffic(status.traffic(), tree);
        tree.put("budget", budget(status.budget()));
        tree.put("forwards", flows.forwards(status.name()));
        tree.put("mirrors", flows.mirrors(status.name(), peer != null));
        return tree;
    }

    private static @Nullable Map<String, @Nullable Object> budget(@Nullable BudgetStatus budget) {
        if (budget == null) {
            return null;
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("spent_bytes", budget.spentBytes());
        tree.put("limit_bytes", budget.limitBytes());
        tree.put("period", budget.period());
        tree.put("next_in_ms", budget.nextInMs());
        tree.put("used_up", budget.ordinaryUsedUp());
        tree.put("urgent_used_up", budget.urgentUsedUp());
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
}
