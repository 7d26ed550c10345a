package io.leafd.link;

import io.leafd.link.budget.BudgetStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to a link, for those who look at it. Written by the control thread, read by any.
 */
final class LinkHistory {
    private record View(
            String state,
            LinkUrl url,
            long sinceMs,
            long dueAtNs,
            int failures,
            long connects,
            @Nullable LinkFailure lastFailure,
            long lastFailureAtMs,
            long rttNs) {}

    private volatile View view;

    LinkHistory(LinkUrl first) {
        view = new View("waiting", first, System.currentTimeMillis(), System.nanoTime(), 0, 0, null, 0, 0);
    }

    void waiting(int failures, long dueAtNs) {
        change("waiting", view.url, dueAtNs, failures);
    }

    void handshaking(LinkUrl url, int failures) {
        change("handshaking", url, 0, failures);
    }

    void connected(long rttNs) {
        View v = view;
        view = new View(
                "connected",
                v.url,
                System.currentTimeMillis(),
                0,
                0,
                v.connects + 1,
                v.lastFailure,
                v.lastFailureAtMs,
                rttNs);
    }

    void stopped() {
        change("stopped", view.url, 0, 0);
    }

    /** A connection with this round trip has ended. */
    void lost(long rttNs) {
        View v = view;
        view = new View(
                v.state, v.url, v.sinceMs, v.dueAtNs, v.failures, v.connects, v.lastFailure, v.lastFailureAtMs, rttNs);
    }

    /** An attempt or a connection has ended; true if it ended otherwise than the one before. */
    boolean failed(LinkFailure failure) {
        View v = view;
        view = new View(
                v.state,
                v.url,
                v.sinceMs,
                v.dueAtNs,
                v.failures,
                v.connects,
                failure,
                System.currentTimeMillis(),
                v.rttNs);
        return v.failures == 0 || !failure.equals(v.lastFailure);
    }

    LinkUrl url() {
        return view.url;
    }

    /** Round trip of the last connection, 0 if unknown. */
    long rttNs() {
        return view.rttNs;
    }

    LinkStatus status(
            UpstreamPlan plan,
            LinkStatus.@Nullable Peer peer,
            LinkStatus.Traffic traffic,
            @Nullable BudgetStatus budget,
            List<LinkStatus.RefusedSubject> refused) {
        View v = view;
        long retryInMs = v.state.equals("waiting") ? Math.max(0, (v.dueAtNs - System.nanoTime()) / 1_000_000) : 0;
        return new LinkStatus(
                plan.name(),
                plan.account().name(),
                v.state,
                v.url.toString(),
                v.sinceMs,
                retryInMs,
                v.failures,
                v.connects,
                v.lastFailure == null ? null : v.lastFailure.text(),
                v.lastFailureAtMs,
                peer,
                traffic,
                budget,
                refused);
    }

    private void change(String state, LinkUrl url, long dueAtNs, int failures) {
        View v = view;
        view = new View(
                state,
                url,
                System.currentTimeMillis(),
                dueAtNs,
                failures,
                v.connects,
                v.lastFailure,
                v.lastFailureAtMs,
                v.rttNs);
    }
}
