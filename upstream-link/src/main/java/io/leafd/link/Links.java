package io.leafd.link;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The links to all configured upstreams. Any thread. */
public final class Links implements AutoCloseable {
    private final LeafServer server;
    private final Dialler dialler;
    private final ScheduledExecutorService control;
    private final Map<String, UpstreamLink> byName = new ConcurrentHashMap<>();

    /** No links yet; their state will belong to {@code control}, which has one thread. */
    public Links(LeafServer server, Dialler dialler, ScheduledExecutorService control) {
        this.server = server;
        this.dialler = dialler;
        this.control = control;
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
        List.copyOf(byName.keySet()).forEach(this::remove);
    }
}
