package io.leafd.jetstream.consumer;

import static io.leafd.jetstream.consumer.config.ConsumerConfig.*;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.Nuid;
import io.leafd.jetstream.consumer.ack.AckState;
import io.leafd.jetstream.consumer.config.AckPolicy;
import io.leafd.jetstream.consumer.config.ConsumerConfig;
import io.leafd.jetstream.consumer.push.FlowWindow;
import io.leafd.jetstream.consumer.push.RateLimit;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Delivers to a deliver subject as long as somebody listens there. Owned by the store loop.
 *
 * <p>A flow control request goes out when half of the window is unanswered; for consumers that are acknowledged by its answers,
 * also when no more may be pending, and with the heartbeats while something is.
 */
final class PushMode implements Mode {
    private static final int FLOW_TOKEN_LENGTH = 4;

    private final AccountScope scope;
    private final Frames frames;
    private final AckState acks;
    private final String flowPrefix;
    private final @Nullable FlowWindow window;
    private final boolean acksByFlow;
    private final long heartbeatNs;
    private final long burstBytes;
    private @Nullable RateLimit rate;
    private Subject deliver;
    private boolean active;
    private long sentAtNs;
    private long activeAtNs;

    /**
     * @param flowPrefix what subjects of flow control answers begin with, up to the last dot
     * @param burstBytes size of the largest message, for the rate limit
     */
    PushMode(
            AccountScope scope,
            ConsumerConfig config,
            Frames frames,
            AckState acks,
            String flowPrefix,
            long burstBytes,
            long nowNs) {
        this.scope = scope;
        this.frames = frames;
        this.acks = acks;
        this.flowPrefix = flowPrefix;
        this.window = config.is(FLOW_CONTROL) ? new FlowWindow() : null;
        this.acksByFlow = config.get(ACK_POLICY) == AckPolicy.FLOW_CONTROL;
        this.heartbeatNs = config.get(HEARTBEAT);
        this.burstBytes = burstBytes;
        this.rate = rate(config, nowNs);
        this.deliver = Subject.of(config.get(DELIVER_SUBJECT));
        this.sentAtNs = nowNs;
        this.activeAtNs = nowNs;
        this.active = scope.port().hasInterest(deliver);
    }

    /** Where messages go. */
    Subject deliver() {
        return deliver;
    }

    /** Whether somebody listens there. */
    boolean active() {
        return active;
    }

    /** Looks again whether somebody listens. */
    void onInterest(long nowNs) {
        boolean wasActive = active;
        active = scope.port().hasInterest(deliver);
        if (active || wasActive) {
            activeAtNs = nowNs; // idle counts from the loss
        }
    }

    /** A message came on a subject of flow control. Whether it answers the outstanding request. */
    boolean onFlowControl(Subject subject) {
        return window != null && window.answered(subject);
    }

    @Override
    public boolean ready(long nowNs) {
        return active && (window == null || window.open()) && (rate == null || rate.delayNs(nowNs) == 0);
    }

    @Override
    public Subject claim(long bytes, long pending, int ackPending, long nowNs) {
        return deliver;
    }

    @Override
    public Message dress(Message message) {
        return message;
    }

    @Override
    public void sent(long bytes, long nowNs) {
        sentAtNs = nowNs;
        activeAtNs = nowNs;
        if (rate != null) {
            rate.sent(bytes);
        }
        if (window != null && window.sent(bytes, acksByFlow && acks.full())) {
            requestFlowControl(window);
        }
    }

    @Override
    public void sweep(boolean endOfData, long nowNs) {
        if (heartbeatNs == 0 || nowNs - sentAtNs < heartbeatNs) {
            return;
        }
        sentAtNs = nowNs;
        if (!active) {
            return;
        }
        frames.heartbeat(deliver, window == null ? null : window.outstanding());
        if (acksByFlow && window != null && window.outstanding() == null && acks.pendingCount() > 0) {
            requestFlowControl(window);
        }
    }

    @Override
    public boolean impatient() {
        return false;
    }

    @Override
    public long dueNs(long nowNs) {
        if (!active) {
            return Long.MAX_VALUE;
        }
        long due = heartbeatNs == 0 ? Long.MAX_VALUE : Math.max(0, heartbeatNs - (nowNs - sentAtNs));
        long paced = rate == null ? 0 : rate.delayNs(nowNs);
        return paced > 0 ? Math.min(due, paced) : due;
    }

    @Override
    public long idleNs(long nowNs) {
        return active ? 0 : nowNs - activeAtNs;
    }

    @Override
    public void touch(long nowNs) {
        activeAtNs = nowNs;
    }

    @Override
    public void update(ConsumerConfig config, long nowNs) {
        rate = rate(config, nowNs);
        Subject wanted = Subject.of(config.get(DELIVER_SUBJECT));
        if (!wanted.equals(deliver)) {
            deliver = wanted;
            if (window != null) {
                window.reset();
            }
            onInterest(nowNs);
        }
    }

    private @Nullable RateLimit rate(ConsumerConfig config, long nowNs) {
        long bits = config.get(RATE_LIMIT);
        return bits == 0 ? null : new RateLimit(bits, burstBytes, nowNs);
    }

    private void requestFlowControl(FlowWindow open) {
        Subject reply = Subject.of(flowPrefix + Nuid.next(scope.random(), FLOW_TOKEN_LENGTH));
        open.request(reply);
        frames.flowControl(deliver, reply);
    }
}
