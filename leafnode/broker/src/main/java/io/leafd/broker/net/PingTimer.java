package io.leafd.broker.net;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Asks a silent peer whether it is there. Owned by the connection's event loop.
 *
 * <p>The first PING goes out two seconds (and up to a fifth more) after the login, then one in each interval in which the
 * peer sent nothing. A peer that left {@code pingMax} of them unanswered is stale when the next one is due.
 */
public final class PingTimer {
    private static final long FIRST_MS = 2_000;

    private final EventLoop loop;
    private final Duration interval;
    private final int pingMax;
    private final Runnable ping;
    private final Runnable stale;
    private int unanswered;
    private boolean heard;
    private boolean stopped;
    private long pingedAtNs;
    private volatile long rttNs;

    /** A timer that is not running yet. */
    public PingTimer(EventLoop loop, Duration interval, int pingMax, Runnable ping, Runnable stale) {
        this.loop = loop;
        this.interval = interval;
        this.pingMax = pingMax;
        this.ping = ping;
        this.stale = stale;
    }

    /** Begins, once. */
    public void start() {
        long first = Math.min(FIRST_MS, interval.toMillis());
        long spread = ThreadLocalRandom.current().nextLong(first / 5 + 1);
        loop.schedule(this::first, first + spread, TimeUnit.MILLISECONDS);
    }

    /** No more PINGs. */
    public void stop() {
        stopped = true;
    }

    /** The peer sent something. */
    public void heard() {
        heard = true;
    }

    /** The peer answered. */
    public void onPong() {
        if (unanswered > 0) {
            rttNs = System.nanoTime() - pingedAtNs;
        }
        unanswered = 0;
        heard = true;
    }

    /** Last measured round trip in ns, 0 before the first. Any thread. */
    public long rttNs() {
        return rttNs;
    }

    private void first() {
        if (!stopped) {
            heard = false; // what came before the first PING is no answer to it
            send();
            loop.schedule(this::tick, interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        if (stopped) {
            return;
        }
        if (unanswered >= pingMax) {
            stale.run();
            return;
        }
        if (heard) {
            heard = false;
            unanswered = 0;
        } else {
            send();
        }
        loop.schedule(this::tick, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void send() {
        unanswered++;
        pingedAtNs = System.nanoTime();
        ping.run();
    }
}
