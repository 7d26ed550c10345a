package io.leafd.link;

import io.leafd.link.Heartbeat.Action;
import io.leafd.protocol.LeafFrames;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PINGs of one leaf connection: those of the {@link Heartbeat}, and fences, which tell when the peer has read everything
 * before them. Owned by the connection's event loop.
 *
 * <p>PONGs say nothing but their order, so what they answer is kept in the order in which the PINGs went out. Bound: one
 * heartbeat at a time may be out but for two, and fences are as many as their askers allow themselves.
 */
final class Pings {
    private static final Logger LOG = LoggerFactory.getLogger(Pings.class);
    private static final long FIRST_NS = Duration.ofSeconds(1).toNanos();

    private final LeafWire wire;
    private final Runnable stale;
    private final Queue<Ping> unanswered = new ArrayDeque<>();
    private @Nullable Heartbeat heartbeat;
    private LeafWire.@Nullable Timer timer;
    private long heardNs = System.nanoTime();
    private volatile long rttNs;

    private record Ping(long sentNs, @Nullable Runnable fence) {}

    /** Pings over {@code wire}; {@code stale} runs when the peer turns out to be gone, before the connection is closed. */
    Pings(LeafWire wire, Runnable stale) {
        this.wire = wire;
        this.stale = stale;
    }

    /**
     * Begins to ask, first after 1 to 1.2 s.
     *
     * @param knownRttNs a round trip that was measured by other means, 0 if none
     */
    void start(Duration interval, long knownRttNs) {
        long now = System.nanoTime();
        long first = FIRST_NS + ThreadLocalRandom.current().nextLong(FIRST_NS / 5);
        rttNs = knownRttNs;
        heartbeat = new Heartbeat(interval, now + first, knownRttNs);
        timer = wire.after(first, this::tick);
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        unanswered.clear();
    }

    /** Something came from the peer. */
    void heard() {
        heardNs = System.nanoTime();
    }

    /** A PING has just been written whose PONG is waited for by {@code fence}. */
    void fenced(Runnable fence) {
        unanswered.add(new Ping(System.nanoTime(), fence));
    }

    void onPong() {
        Ping ping = unanswered.poll();
        if (ping == null) {
            return;
        }
        if (ping.fence != null) {
            ping.fence.run();
        } else if (heartbeat != null) {
            heartbeat.onPong(ping.sentNs, System.nanoTime());
            rttNs = heartbeat.rttNs();
        }
    }

    /** Last measured round trip in nanoseconds, 0 before the first. Any thread. */
    long rttNs() {
        return rttNs;
    }

    private void tick() {
        if (heartbeat == null || wire.closed()) {
            return;
        }
        long now = System.nanoTime();
        long alive = aliveNs(now);
        Action action = heartbeat.tick(now, alive);
        if (action == Action.STALE) {
            LOG.warn(
                    "leaf connection is stale, closing it remote={} silent_ms={}",
                    wire.remote(),
                    (now - alive) / 1_000_000);
            stale.run();
            wire.hangUp("Stale Connection");
            return;
        }
        if (action == Action.PING) {
            unanswered.add(new Ping(now, null));
            wire.control(LeafFrames.ping());
        }
        timer = wire.after(heartbeat.nextNs(now, alive), this::tick);
    }

    private long aliveNs(long now) {
        long ackAgo = wire.lastAckAgoNs();
        return ackAgo >= 0 && now - ackAgo - heardNs > 0 ? now - ackAgo : heardNs;
    }
}
