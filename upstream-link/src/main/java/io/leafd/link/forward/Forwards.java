package io.leafd.link.forward;

import io.leafd.broker.Broker;
import io.leafd.jetstream.AccountJetStream;
import io.leafd.jetstream.JetStream;
import io.leafd.jetstream.api.Nuid;
import io.leafd.jetstream.stream.Discard;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamConfig;
import io.leafd.jetstream.stream.StreamField;
import io.leafd.protocol.SubjectFilter;
import io.leafd.store.Store;
import io.leafd.store.StoreListener;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The forwards of one upstream link. Made by the main thread before the store loop starts; from then on owned by the store
 * loop, but for what says otherwise.
 *
 * <p>The messages of captured subjects wait in a stream of their own, {@code FORWARD_<upstream>_<name>}, which users can read but
 * not delete, purge or change: whoever published there was promised that the message goes up. Live messages on those subjects do
 * not go up: the forward brings them, in order. A stream that the configuration names belongs to its users. If it is deleted, the
 * forward waits for another one of that name and begins anew with it.
 */
public final class Forwards implements StoreListener {
    private static final Logger LOG = LoggerFactory.getLogger(Forwards.class);
    private static final long MISSING_RETRY_NS = 2_000_000_000L;
    private static final String SITE = "site";
    private static final int SITE_LENGTH = 8;

    private final Upstream link;
    private final List<ForwardConfig> configs;
    private final AccountJetStream account;
    private final Broker broker;
    private final Store store;
    private final InstantSource wall;
    private final RandomGenerator random;
    private final Map<String, RunningForward> running = new ConcurrentSkipListMap<>(); // others only look
    private boolean up;
    private boolean closed;

    /**
     * The forwards of {@code link}; declares the streams they need.
     *
     * @throws IllegalArgumentException if the link's account has no JetStream, or a stream is refused
     */
    public Forwards(
            Upstream link,
            List<ForwardConfig> configs,
            JetStream jetStream,
            Broker broker,
            Store store,
            InstantSource wall) {
        this.link = link;
        this.configs = List.copyOf(configs);
        this.broker = broker;
        this.store = store;
        this.wall = wall;
        this.random = RandomGenerator.getDefault();
        String name = link.account().name();
        AccountJetStream found = jetStream.account(name);
        if (found == null) {
            throw new IllegalArgumentException("upstream \"" + link.name()
                    + "\": forwards need JetStream, which account \"" + name + "\" does not have");
        }
        this.account = found;
        for (ForwardConfig config : configs) {
            if (config.from() instanceof ForwardConfig.Captured captured) {
                jetStream.declare(name, streamOf(config, captured));
            }
        }
    }

    /** Begins to read. Before the store loop starts. */
    public void start() {
        store.listen(this);
        openAll();
    }

    /** Name of the upstream. Any thread. */
    public String upstream() {
        return link.name();
    }

    /** What each shows of itself. Any thread. */
    public List<ForwardStats> stats() {
        var all = new ArrayList<ForwardStats>();
        for (RunningForward forward : List.copyOf(running.values())) {
            store.loop().control(forward::refreshStats);
            ForwardStats stats = forward.stats();
            if (stats != null) {
                all.add(stats);
            }
        }
        return all;
    }

    /** {@link #stats}, measured now by the store loop; never completed while that does not run. Any thread. */
    public CompletableFuture<List<ForwardStats>> measure() {
        var answer = new CompletableFuture<List<ForwardStats>>();
        store.loop().control(() -> {
            var all = new ArrayList<ForwardStats>();
            for (RunningForward forward : running.values()) {
                forward.refreshStats();
                ForwardStats stats = forward.stats();
                if (stats != null) {
                    all.add(stats);
                }
            }
            answer.complete(List.copyOf(all));
        });
        return answer;
    }

    /** The link came up. Any thread. */
    public void onUp() {
        store.loop().control(() -> {
            up = true;
            running.values().forEach(forward -> forward.online(link));
        });
    }

    /** The link is gone. Any thread. */
    public void onDown() {
        store.loop().control(() -> {
            up = false;
            running.values().forEach(RunningForward::offline);
        });
    }

    /** What may cross has changed. Any thread. */
    public void onPermissions() {
        store.loop().control(() -> running.values().forEach(RunningForward::permissionsChanged));
    }

    /** Whether data waits for the link's budget has changed. Any thread. */
    public void onBudget() {
        store.loop().control(() -> running.values().forEach(RunningForward::budgetChanged));
    }

    @Override
    public void onReopened(long generation) {
        running.values().forEach(RunningForward::stop);
        running.clear();
        openAll();
    }

    /** Ends all; what is not confirmed stays where it is. On the store loop. */
    public void close() {
        closed = true;
        running.values().forEach(RunningForward::stop);
    }

    private void openAll() {
        boolean missing = false;
        var live = new ArrayList<String>();
        for (ForwardConfig config : configs) {
            Stream stream = account.streams().find(streamName(config));
            if (stream == null) {
                missing = true;
                LOG.warn(
                        "forward waits for its stream link={} forward={} stream={}",
                        link.name(),
                        config.name(),
                        streamName(config));
                continue;
            }
            live.addAll(stream.config().subjects());
            if (!running.containsKey(config.name())) {
                open(config, stream);
            }
        }
        link.forwarded(live);
        if (missing) {
            again();
        }
    }

    private void open(ForwardConfig config, Stream stream) {
        String upstream = link.name();
        boolean own = config.from() instanceof ForwardConfig.Captured;
        if (own) {
            stream.keepFor("forward \"" + config.name() + "\" of upstream \"" + upstream + "\"");
        }
        String cursor =
                "forward/" + upstream + "/" + config.name() + "/" + stream.log().id(); // a stream made anew begins anew
        var backlog = new StreamBacklog(stream, cursor, own);
        var client = broker.internalClient(link.account(), "forward " + config.name());
        String inbox = "_INBOX.leafd." + Nuid.next(random);
        var names = new RunningForward.Names(site(), inbox);
        var forward = new RunningForward(config, stream, backlog, client, names, wall, () -> streamDeleted(config));
        running.put(config.name(), forward);
        if (up) {
            forward.online(link);
        }
    }

    private void streamDeleted(ForwardConfig config) {
        running.remove(config.name());
        LOG.warn("stream of a forward was deleted link={} forward={}", link.name(), config.name());
        again();
    }

    private void again() {
        store.loop().schedule(MISSING_RETRY_NS, () -> {
            if (!closed) {
                openAll();
            }
        });
    }

    /** Who we are to upstreams, for ever: it belongs to the data, not to the machine. */
    private String site() {
        byte[] kept = store.cursors().get(SITE);
        if (kept != null) {
            return new String(kept, StandardCharsets.US_ASCII);
        }
        String made = Nuid.next(random, SITE_LENGTH);
        store.cursors().put(SITE, made.getBytes(StandardCharsets.US_ASCII));
        return made;
    }

    private String streamName(ForwardConfig config) {
        return switch (config.from()) {
            case ForwardConfig.Stream(String name) -> name;
            case ForwardConfig.Captured captured -> "FORWARD_" + link.name() + "_" + config.name();
        };
    }

    private StreamConfig streamOf(ForwardConfig config, ForwardConfig.Captured captured) {
        return StreamConfig.named(streamName(config))
                .with(
                        StreamField.SUBJECTS,
                        captured.subjects().stream()
                                .map(SubjectFilter::toString)
                                .toList())
                .with(StreamField.DESCRIPTION, "waits for upstream " + link.name())
                .with(StreamField.MAX_BYTES, captured.maxBytes())
                .with(StreamField.MAX_AGE, captured.maxAge().toNanos())
                .with(StreamField.MAX_MSGS_PER_SUBJECT, captured.latest() ? 1L : -1L)
                .with(StreamField.DISCARD, captured.reject() ? Discard.NEW : Discard.OLD)
                .with(StreamField.ALLOW_ROLLUP, true);
    }
}
