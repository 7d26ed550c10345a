package io.leafd.jetstream.mirror;

import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamSource;
import io.leafd.store.Store;
import io.leafd.store.log.StreamLog;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches what a mirror has lost in its midst from its origin once more, beside the copying that goes on at its end. Owned by the store
 * loop.
 *
 * <pre>
 *   nothing lost ──damage──▶ asking the origin ──▶ unreadable messages? store is opened anew without their tables ─┐
 *        ▲                        ▲   │ consumer                                                                  │
 *        │                        │   ▼                                                                           │
 *        └──── all settled ──── putting back ◀──────────────── what is lost is known exactly ◀────────────────────┘
 * </pre>
 *
 * It uses a consumer of its own at the origin, from the first lost sequence on, and so needs nothing that mirroring does not need. The
 * consumer's flow control bounds what is on the way. Only an origin that answers is worth the interruption of taking tables out.
 *
 * <p>Rejected: going back with the mirror's own consumer, because a mirror must not wait for old messages; and asking for each sequence
 * by direct get, because a stock server may not allow it and a thin link would pay a round trip for each.
 */
final class Refill {
    private static final Logger LOG = LoggerFactory.getLogger(Refill.class);
    /** Who meets one damaged place often meets the next. */
    private static final long SETTLING_NS = TimeUnit.SECONDS.toNanos(1);

    private final Stream stream;
    private final StreamSource source;
    private final IntakeGate gate;
    private @Nullable Copying copying;
    private boolean looking;
    private boolean stopped;
    private long backCount;
    private long goneCount;

    Refill(Stream stream, StreamSource source, IntakeGate gate) {
        this.stream = stream;
        this.source = source;
        this.gate = gate;
    }

    /** Begins if anything is lost. */
    void start() {
        if (!stopped && copying == null && isDue()) {
            var request = new OriginRequest(OriginRequest.Kind.REFILL, stream.name(), source);
            copying = new Copying(request, new RefillTarget(stream, source, this), stream.scope(), gate);
            copying.start();
        }
    }

    /** Ends for good. */
    void stop() {
        stopped = true;
        leave();
    }

    /** Damage was met; perhaps in the middle of a read. */
    void onDamage() {
        if (!looking && !stopped) {
            looking = true;
            store().loop().schedule(SETTLING_NS, () -> {
                looking = false;
                start();
            });
        }
    }

    /** Somebody outside began or ceased to listen to {@code filter}, which may be the origin's API. */
    void onInterest(String filter, boolean added) {
        if (copying != null) {
            copying.onInterest(filter, added);
        }
    }

    /** Has the store opened anew if that makes losses out of messages that cannot be read; this ends then, and another one begins. */
    boolean takesOutUnreadable() {
        return store().hasUnreadable(log()) && store().takeOutUnreadable(log());
    }

    /** What was waited for may have been removed here meanwhile. */
    void endUnlessDue() {
        if (!isDue()) {
            again();
        }
    }

    private boolean isDue() {
        return log().nextLost(1) > 0 || store().hasUnreadable(log());
    }

    /** One message is back. */
    void back() {
        backCount++;
    }

    /** So many are gone at the origin too. */
    void gone(long messages) {
        goneCount += messages;
    }

    /** The consumer has told what it can: goes on with the next lost sequence, or is done. Once the present delivery is dealt with. */
    void again() {
        Copying present = copying;
        store().loop().control(() -> {
            if (copying == null || copying != present) {
                return;
            }
            if (log().nextLost(1) > 0) {
                copying.start();
            } else {
                done();
            }
        });
    }

    private void done() {
        leave();
        if (backCount + goneCount > 0) {
            LOG.info(
                    "lost messages were fetched again stream={} origin={} back={} gone_at_origin={}",
                    stream.name(),
                    source.name(),
                    backCount,
                    goneCount);
        }
        backCount = 0;
        goneCount = 0;
    }

    private void leave() {
        if (copying != null) {
            copying.stop();
            copying = null;
        }
    }

    private StreamLog log() {
        return stream.log();
    }

    private Store store() {
        return stream.scope().store();
    }
}
