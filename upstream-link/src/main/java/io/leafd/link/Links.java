package io.leafd.link;

import io.leafd.link.budget.Ledger;
import io.leafd.link.budget.SendBudget;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
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
 *
 * <p>What was spent of a budget belongs to the upstream's name, not to a link: a link that takes the place of another goes on with it,
 * and with who listened to the other.
 */
public final class Links implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Links.class);
    private static final long WATCH_MS = 1_000;

    private final LeafServer server;
    private final Dialler dialler;
    private final ScheduledExecutorService control;
    private final Ledger ledger;
    private final Map<String, UpstreamLink> byName = new ConcurrentHashMap<>();
    private final Map<String, SendBudget> budgets = new ConcurrentHashMap<>(); // bound: names ever configured
    private final Clock wallClock = Clock.systemUTC();
    private final ClockWatch clockWatch;
    private final Future<?> watching;

    /**
     * No links yet; their state will belong to {@code control}, which has one thread.
     *
     * @param ledger where it is kept what was spent of budgets
     */
    public Links(LeafServer server, Dialler dialler, ScheduledExecutorService control, Ledger ledger) {
        this.server = server;
        this.dialler = dialler;
        this.control = control;
        this.ledger = ledger;
        this.clockWatch = new ClockWatch(wallNs(), System.nanoTime());
        this.watching = control.scheduleWithFixedDelay(this::lookAtClock, WATCH_MS, WATCH_MS, TimeUnit.MILLISECONDS);
    }

    private void lookAtClock() {
        budgets.values().forEach(SendBudget::tick);
        if (clockWatch.wasSet(wallNs(), System.nanoTime())) {
            LOG.info("clock was set, waiting links dial at once now={}", wallClock.instant());
            byName.values().forEach(UpstreamLink::clockWasSet);
        }
    }

    private long wallNs() {
        return TimeUnit.MILLISECONDS.toNanos(wallClock.millis());
    }

    /**
     * A link to a configured upstream, not started yet. It takes the place of a link of the same name, which is closed; who listened
     * to that one listens to this one, and the subjects that its forwards take stay theirs.
     */
    public UpstreamLink add(UpstreamPlan plan) {
        var backoff = new Backoff(plan.timing().retryMax(), RandomGenerator.getDefault());
        SendBudget budget = budgets.computeIfAbsent(plan.name(), this::budget);
        var link = new UpstreamLink(server, plan, budget, dialler, control, backoff);
        UpstreamLink old = byName.put(plan.name(), link);
        if (old != null) {
            old.close();
            link.succeed(old);
        }
        return link;
    }

    private SendBudget budget(String name) {
        return new SendBudget(name, new SendBudget.Surroundings(this::onControl, ledger, wallClock, System::nanoTime));
    }

    private void onControl(Runnable task) {
        try {
            control.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("the process is about to end");
        }
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
