package io.leafd.broker.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a silent peer whether it is there. Owned by the connection's event loop.
 *
 * <p>The first PING goes out an interval after the accept or two seconds (and up to a fifth more) after the login, whichever is
 * sooner, then one in each interval in which the peer sent nothing. A peer that left {@code pingMax} of them unanswered is stale
 * when the next one is due. Source: observed on nats-server 2.15.1.
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
    private @Nullable ScheduledFuture<?> next;
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

    /** The peer is connected. */
    public void start() {
        in(interval.toMillis(), this::first);
    }

    /** The peer has logged in. */
    public void onLogin() {
        unanswered = 0;
        long first = Math.min(FIRST_MS, interval.toMillis());
        in(first + ThreadLocalRandom.current().nextLong(first / 5 + 1), this::first);
    }

    /** No more PINGs. Leaves nothing behind on the loop that would keep a closed connection in memory. */
    public void stop() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
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
        heard = false; // what came before the first PING is no answer to it
        in(interval.toMillis(), this::tick);
        send();
    }

    private void tick() {
        if (unanswered >= pingMax) {
            stale.run();
            return;
        }
        in(interval.toMillis(), this::tick);
        if (heard) {
            heard = false;
            unanswered = 0;
        } else {
            send();
        }
    }

    /** Replaces what was to come next. */
    private void in(long delayMs, Runnable then) {
        stop();
        next = loop.schedule(then, delayMs, TimeUnit.MILLISECONDS);
    }

    private void send() {
        unanswered++;
        pingedAtNs = System.nanoTime();
        ping.run();
    }
}
