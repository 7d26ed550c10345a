package io.leafd.link;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links to all configured upstreams. Any thread.
 *
 * <p>When the clock of the box is set, all links that wait for their next attempt dial at once: what stood in the way may have been
 * the time, for which a certificate was not valid yet, say.
 */
public final class Links implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Links.class);
    private static final long WATCH_MS = 1_000;

    private final LeafServer server;
    private final Dialler dialler;
    private final ScheduledExecutorService control;
    private final Map<String, UpstreamLink> byName = new ConcurrentHashMap<>();
    private final Clock wallClock = Clock.systemUTC();
    private final ClockWatch clockWatch;
    private final Future<?> watching;

    /** No links yet; their state will belong to {@code control}, which has one thread. */
    public Links(LeafServer server, Dialler dialler, ScheduledExecutorService control) {
        this.server = server;
        this.dialler = dialler;
        this.control = control;
        this.clockWatch = new ClockWatch(wallNs(), System.nanoTime());
        this.watching = control.scheduleWithFixedDelay(this::watchClock, WATCH_MS, WATCH_MS, TimeUnit.MILLISECONDS);
    }

    private void watchClock() {
        if (clockWatch.wasSet(wallNs(), System.nanoTime())) {
            LOG.info("clock was set, waiting links dial at once now={}", wallClock.instant());
            byName.values().forEach(UpstreamLink::clockWasSet);
        }
    }

    private long wallNs() {
        return TimeUnit.MILLISECONDS.toNanos(wallClock.millis());
    }

    /**
     * A link to a configured upstream, not started yet. It takes the place of a link of the same name, which is closed.
     */
    public UpstreamLink add(UpstreamPlan plan) {
        var backoff = new Backoff(plan.timing().retryMax(), RandomGenerator.getDefault());
        var link = new UpstreamLink(server, plan, dialler, control, backoff);
        UpstreamLink old = byName.put(plan.name(), link);
        if (old != null) {
            old.close();
        }
        return link;
    }

    /** Closes and forgets a link. */
    public void remove(String name) {
        UpstreamLink old = byName.remove(name);
        if (old != null) {
            old.close();
        }
    }

    /** The link of this name, or null. */
    public @Nullable UpstreamLink find(String name) {
        return byName.get(name);
    }

    /** All links, a snapshot. */
    public Collection<UpstreamLink> all() {
        return List.copyOf(byName.values());
    }

    /** Closes all. */
    @Override
    public void close() {
        watching.cancel(false);
        List.copyOf(byName.keySet()).forEach(this::remove);
    }
}
