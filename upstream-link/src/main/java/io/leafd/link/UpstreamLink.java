package io.leafd.link;

import io.leafd.link.budget.SendBudget;
import io.leafd.protocol.Subjects;
import io.leafd.security.SecurityConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One configured upstream: dials it, keeps the connection, dials again. Owned by the control thread, but for what says
 * otherwise.
 *
 * <p>All decisions are {@link LinkState}'s. This class does what they ask for: reads secrets and looks up names on a virtual
 * thread, hands the connection to a session, sets the timer. Addresses are tried in turn; after a connection is lost, the
 * next one is tried first.
 *
 * <p>Whatever happens to the link, nothing here is waited for by local clients.
 */
public final class UpstreamLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamLink.class);

    private final LeafServer server;
    private volatile UpstreamPlan plan; // changed in its shape only
    private final SendBudget budget;
    private final Dialler dialler;
    private final ScheduledExecutorService control;
    private final Backoff backoff;
    private final LinkCounters counters;
    private final LearntRefusals learnt = new LearntRefusals();
    private final LinkHistory history;
    private final List<LinkListener> listeners = new CopyOnWriteArrayList<>();
    private final UrlRing urls;
    private LinkState state;
    private @Nullable Attempt current;
    private volatile LinkRules rules;
    private volatile @Nullable UpstreamSession session;

    /**
     * A link that does nothing before {@link #start}.
     *
     * @param budget of the upstream, whichever links there were before
     */
    UpstreamLink(
            LeafServer server,
            UpstreamPlan plan,
            SendBudget budget,
            Dialler dialler,
            ScheduledExecutorService control,
            Backoff backoff) {
        this.server = server;
        this.plan = plan;
        this.dialler = dialler;
        this.control = control;
        this.backoff = backoff;
        this.budget = budget;
        this.counters = LinkCounters.of(plan.name(), budget.meter());
        this.urls = new UrlRing(plan.urls());
        this.history = new LinkHistory(plan.urls().getFirst());
        this.rules = plan.rules();
        this.state = LinkState.initial(System.nanoTime());
        budget.onChange(() -> listeners.forEach(listener -> listener.onBudget(this)));
        budget.plan(plan.timing().shape().budget());
    }

    /** What was configured. Any thread. */
    public UpstreamPlan plan() {
        return plan;
    }

    /** Begins to dial. Any thread. */
    public void start() {
        control.execute(() -> on(new LinkEvent.Due()));
    }

    /** Drops the connection, if any, and dials at once. Any thread. */
    public void retry() {
        control.execute(() -> {
            learnt.clear();
            on(new LinkEvent.Retry());
        });
    }

    /** On the control thread. Dials at once if it waits; neither a connection nor an attempt is disturbed. */
    void clockWasSet() {
        if (state instanceof LinkState.Waiting) {
            on(new LinkEvent.Retry());
        }
    }

    /** Ends the link for good. Any thread; may be called twice. */
    @Override
    public void close() {
        control.execute(() -> on(new LinkEvent.Stop()));
    }

    /** Takes over what others have said to the link whose place it takes. Call before {@link #start}. */
    void succeed(UpstreamLink old) {
        listeners.addAll(old.listeners);
        rules = plan.rules().withForwarded(old.rules.forwarded());
    }

    /** Hears of connections. Call before {@link #start}. */
    public void listen(LinkListener listener) {
        listeners.add(listener);
    }

    /** Changes which subjects forwards take, and so do not go out live. Any thread. */
    public void forwarded(List<String> filters) {
        rules = plan.rules().withForwarded(filters);
        UpstreamSession now = session;
        if (now != null) {
            now.wire().turn().loop().execute(now::rulesChanged);
        }
    }

    /** Changes how much is sent; the connection stays. Any thread. */
    public void shape(UpstreamPlan.Shape shape) {
        plan = plan.withShape(shape);
        budget.plan(shape.budget());
        UpstreamSession now = session;
        if (now != null) {
            now.wire().turn().loop().execute(() -> now.rate(shape.bytesPerSecond()));
        }
    }

    /** Whether messages and interest flow. Any thread. */
    public boolean connected() {
        UpstreamSession now = session;
        return now != null && now.established();
    }

    /**
     * A way to send on the present connection, for one forward; null unless connected. Any thread.
     *
     * @param domain JetStream domain of the stream that acknowledges; null for the upstream's own
     * @param priority 0 lowest to 9
     * @param room runs on an event loop when it is writable again
     */
    public @Nullable SessionUplink uplink(@Nullable String domain, int priority, Runnable room) {
        UpstreamSession now = session;
        LeafBinding joined = now == null ? null : now.binding();
        return now == null || joined == null ? null : new SessionUplink(now, joined.peer(), domain, priority, room);
    }

    /** What may cross now, null unless connected. Any thread. */
    public @Nullable LinkPermissions permissions() {
        UpstreamSession now = session;
        LeafBinding joined = now == null ? null : now.binding();
        return joined == null ? null : joined.permissions();
    }

    /** The link as the box owner sees it. Any thread. */
    public LinkStatus status() {
        UpstreamSession now = session;
        LeafBinding joined = now == null ? null : now.binding();
        LinkStatus.Peer peer = now == null || joined == null ? null : peer(now, joined.peer());
        return history.status(
                plan,
                peer,
                LinkStatus.Traffic.of(counters.traffic()),
                budget.status(),
                counters.refusals().snapshot());
    }

    private static LinkStatus.Peer peer(UpstreamSession session, LeafPeer peer) {
        return new LinkStatus.Peer(
                peer.name(),
                peer.version(),
                session.wire().remote(),
                peer.domain() == null ? "" : peer.domain(),
                peer.account(),
                session.pings().rttNs(),
                session.interest());
    }

    // --- the state machine's hands ---

    private void on(LinkEvent event) {
        LinkState before = state;
        long now = System.nanoTime();
        LinkState after = LinkState.next(before, event, now, backoff);
        if (after.equals(before)) {
            return;
        }
        state = after;
        if (event instanceof LinkEvent.Failed(int number, LinkFailure failure)) {
            failed(before, after, failure, now);
        }
        switch (after) {
            case LinkState.Waiting(int number, int failures, int timeouts, long dueAtNs) -> {
                drop();
                history.waiting(failures, dueAtNs);
                control.schedule(() -> on(new LinkEvent.Due()), Math.max(0, dueAtNs - now), TimeUnit.NANOSECONDS);
            }
            case LinkState.Handshaking(int number, int failures, int timeouts) -> dial(number, failures, timeouts);
            case LinkState.Connected connected -> up();
            case LinkState.Stopped stopped -> {
                drop();
                history.stopped();
            }
        }
    }

    private void failed(LinkState before, LinkState after, LinkFailure failure, long now) {
        long waitMs = after instanceof LinkState.Waiting w ? (w.dueAtNs() - now) / 1_000_000 : 0;
        boolean wasUp = before instanceof LinkState.Connected;
        boolean news = history.failed(failure);
        urls.next();
        if (wasUp) {
            LOG.warn(
                    "link lost link={} url={} reason=\"{}\" retry_in_ms={}",
                    plan.name(),
                    history.url(),
                    failure.text(),
                    waitMs);
        } else if (news) {
            LOG.warn(
                    "link can't connect link={} url={} reason=\"{}\" retry_in_ms={}",
                    plan.name(),
                    history.url(),
                    failure.text(),
                    waitMs);
        } else {
            LOG.debug("link still can't connect link={} url={} retry_in_ms={}", plan.name(), history.url(), waitMs);
        }
    }

    private void dial(int number, int failures, int timeouts) {
        LinkUrl url = urls.current();
        history.handshaking(url, failures);
        var attempt = new Attempt(number, url, DialTimes.of(timeouts, history.rttNs()));
        current = attempt;
        Thread.ofVirtual().name("link-" + plan.name()).start(attempt::begin);
    }

    private void up() {
        Attempt attempt = current;
        UpstreamSession joined = attempt == null ? null : attempt.session;
        if (joined == null) {
            throw new IllegalStateException("link " + plan.name() + " is connected without a session");
        }
        session = joined;
        history.connected(joined.pings().rttNs());
        LeafBinding binding = joined.binding();
        LOG.info(
                "link connected link={} url={} server={} account={} remote_account={}",
                plan.name(),
                history.url(),
                binding == null ? "" : binding.peer().name(),
                plan.account().name(),
                binding == null ? "" : binding.peer().account());
        listeners.forEach(listener -> listener.onUp(this));
    }

    /** Lets go of the current attempt or connection, if there is one. */
    private void drop() {
        UpstreamSession was = session;
        session = null;
        if (was != null) {
            history.lost(was.pings().rttNs());
            listeners.forEach(listener -> listener.onDown(this));
        }
        if (current != null) {
            current.cancel();
            current = null;
        }
    }

    /** The session of the connection, null unless connected. Any thread. */
    @Nullable
    UpstreamSession session() {
        return session;
    }

    /** One attempt, from the secrets to the end of the connection. Begun on a virtual thread, ended by the event loop. */
    private final class Attempt implements UpstreamAttempt.Events {
        private final int number;
        private final LinkUrl url;
        private final DialTimes times;
        private volatile boolean cancelled;
        private volatile @Nullable UpstreamSession session;

        Attempt(int number, LinkUrl url, DialTimes times) {
            this.number = number;
            this.url = url;
            this.times = times;
        }

        void begin() {
            LinkLogin.Secret secret;
            try {
                secret = plan.login().open();
                plan.tls().read();
            } catch (SecurityConfigException e) {
                ended(LinkFailure.configuration(e.getMessage() == null ? e.toString() : e.getMessage()));
                return;
            }
            var attempt = new UpstreamAttempt(
                    plan,
                    url,
                    times,
                    secret,
                    () -> plan.timing().shape().bytesPerSecond(),
                    () -> rules,
                    learnt.current(System.nanoTime()),
                    this);
            dialler.dial(
                    new Dialler.Target(url, times, plan.tls(), budget.meter()), wire -> open(wire, attempt), why -> {
                        secret.close();
                        ended(why);
                    });
        }

        private LeafSession open(LeafWire wire, UpstreamAttempt attempt) {
            var opened = new UpstreamSession(server, wire, counters, attempt);
            session = opened;
            if (cancelled) {
                wire.hangUp(null);
            }
            return opened;
        }

        void cancel() {
            cancelled = true;
            UpstreamSession opened = session;
            if (opened != null) {
                opened.wire().turn().loop().execute(() -> opened.wire().hangUp(null));
            }
        }

        @Override
        public void accepted(UpstreamSession accepted) {
            control.execute(() -> on(new LinkEvent.Accepted(number)));
        }

        @Override
        public void permissionsChanged() {
            control.execute(() -> listeners.forEach(listener -> listener.onPermissions(UpstreamLink.this)));
        }

        @Override
        public void violated(boolean publish, String subject) {
            control.execute(() -> learnt.add(publish, subject, System.nanoTime()));
        }

        @Override
        public void discovered(List<String> addresses) {
            control.execute(() -> urls.discovered(addresses));
        }

        @Override
        public void ended(LinkFailure why) {
            control.execute(() -> on(new LinkEvent.Failed(number, why)));
        }
    }

    /** Subjects that the upstream closed connections for. Owned by the control thread, read by attempts. */
    private static final class LearntRefusals {
        private static final int SUBJECTS_MAX = 64;
        private static final long KEPT_NS = Duration.ofMinutes(10).toNanos();

        private volatile LinkPermissions.Refused refused = LinkPermissions.Refused.NOTHING;
        private volatile long lastNs;

        void add(boolean publish, String subject, long nowNs) {
            LinkPermissions.Refused before = current(nowNs);
            refused = new LinkPermissions.Refused(
                    publish ? with(before.publish(), subject) : before.publish(),
                    publish ? before.subscribe() : with(before.subscribe(), subject));
            lastNs = nowNs;
        }

        /** What is refused; forgotten after ten minutes without a refusal, as the upstream may have changed its mind. */
        LinkPermissions.Refused current(long nowNs) {
            return nowNs - lastNs > KEPT_NS ? LinkPermissions.Refused.NOTHING : refused;
        }

        void clear() {
            refused = LinkPermissions.Refused.NOTHING;
        }

        private static List<String> with(List<String> subjects, String subject) {
            if (subjects.contains(subject) || subjects.size() >= SUBJECTS_MAX || !Subjects.isValidFilter(subject)) {
                return subjects;
            }
            var more = new ArrayList<>(subjects);
            more.add(subject);
            return List.copyOf(more);
        }
    }
}
