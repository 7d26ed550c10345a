package io.leafd.link;

import io.leafd.broker.account.Account;
import io.leafd.link.budget.BudgetPlan;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configured upstream. Immutable, any thread.
 *
 * @param name in the configuration
 * @param urls tried in turn
 * @param discover whether addresses that the upstream tells are dialled, before the configured ones
 * @param account local account that is joined
 * @param rules what may cross
 * @param timing how patient it is
 * @param wishes what is asked of the upstream
 */
public record UpstreamPlan(
        String name,
        List<LinkUrl> urls,
        boolean discover,
        LinkLogin login,
        LinkTls tls,
        Account account,
        LinkRules rules,
        Timing timing,
        Wishes wishes) {
    /** Copies the list. */
    public UpstreamPlan {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("upstream \"" + name + "\" has no urls");
        }
    }

    /** The same with another shape. */
    UpstreamPlan withShape(Shape shape) {
        var changed = new Timing(timing.pingInterval(), timing.retryMax(), shape);
        return new UpstreamPlan(name, urls, discover, login, tls, account, rules, changed, wishes);
    }

    /**
     * How patient and how fast a link is.
     *
     * @param pingInterval between PINGs: a dead connection is noticed this and some seconds later
     * @param retryMax longest wait between attempts, but for those after refusals
     * @param shape how much is sent
     */
    public record Timing(Duration pingInterval, Duration retryMax, Shape shape) {
        /** What suits most links. */
        public static final Timing DEFAULT = new Timing(Duration.ofSeconds(10), Backoff.CAP_DEFAULT, Shape.UNBOUNDED);
    }

    /**
     * How much is sent. May be changed while the link stands.
     *
     * @param bytesPerSecond most that is sent; 0 for no bound
     * @param budget most that is sent in a period; null for no bound
     */
    public record Shape(long bytesPerSecond, @Nullable BudgetPlan budget) {
        /** As much as there is. */
        public static final Shape UNBOUNDED = new Shape(0, null);
    }

    /**
     * What is asked of the upstream.
     *
     * @param isolate not to be told of other leafs' interest
     * @param responsesMax answers that the upstream's user may publish to each request that it receives
     *     ({@code allow_responses}, which the upstream does not tell); 0 if it has no such permission
     */
    public record Wishes(boolean isolate, int responsesMax) {
        /** Nothing special. */
        public static final Wishes NONE = new Wishes(false, 0);
    }
}
