package io.leafd.link;

import io.leafd.broker.interest.Publisher;
import io.leafd.link.budget.BudgetPlan;
import io.leafd.link.forward.Uplink;
import io.leafd.protocol.LeafFrames;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One established connection to the upstream, as one forward sees it. Any thread. When the connection has ended it swallows
 * what it is given.
 *
 * <p>What is sent waits in the bulk lane of the forward's priority: behind control frames, beside live messages. Bound:
 * {@value #WAITING_MAX_BYTES} bytes at a priority make it unwritable. With less, a fast link stands idle while the store's loop syncs;
 * on a slow one the forward's window is smaller than this.
 */
public final class SessionUplink implements Uplink {
    private static final long WAITING_MAX_BYTES = 512 * 1024;

    private final UpstreamSession session;
    private final LeafPeer peer;
    private final @Nullable String domain;
    private final int priority;
    private final Runnable room;
    private final AtomicBoolean full = new AtomicBoolean();

    /** As {@link UpstreamLink#uplink}. */
    SessionUplink(UpstreamSession session, LeafPeer peer, @Nullable String domain, int priority, Runnable room) {
        this.session = session;
        this.peer = peer;
        this.domain = domain == null ? peer.domain() : domain;
        this.priority = priority;
        this.room = room;
    }

    @Override
    public void send(List<Message> batch) {
        for (Message message : batch) {
            session.traffic().out(message.body().length);
        }
        session.wire().bulk(MessageFrames.of(batch, peer.headers()), priority, this::written);
    }

    @Override
    public boolean writable() {
        if (session.wire().bulkBytes(priority) < WAITING_MAX_BYTES) {
            return true;
        }
        full.set(true);
        return session.wire().bulkBytes(priority) < WAITING_MAX_BYTES; // it may have been written just before
    }

    @Override
    public boolean overBudget() {
        return session.meter().usedUp(priority >= BudgetPlan.URGENT_PRIORITY);
    }

    @Override
    public void fence(Runnable passed) {
        session.wire().bulk(LeafFrames.ping(), priority, () -> session.pings().fenced(passed));
    }

    @Override
    public long rttNs() {
        return session.pings().rttNs();
    }

    @Override
    public int payloadMaxBytes() {
        return peer.payloadMaxBytes();
    }

    @Override
    public String apiPrefix() {
        return domain == null ? "$JS.API" : "$JS." + domain + ".API";
    }

    @Override
    public boolean maySend(Subject subject) {
        LeafBinding now = session.binding();
        return now != null
                && now.permissions()
                        .forwardedOut(subject.bytes(), 0, subject.length())
                        .allows();
    }

    @Override
    public boolean mayRequest(Subject subject) {
        return session.mayAnswer(subject);
    }

    @Override
    public boolean isOrigin(Publisher publisher) {
        return publisher == session.wire();
    }

    private void written() {
        if (full.get()
                && session.wire().bulkBytes(priority) < WAITING_MAX_BYTES / 2
                && full.compareAndSet(true, false)) {
            room.run();
        }
    }
}
