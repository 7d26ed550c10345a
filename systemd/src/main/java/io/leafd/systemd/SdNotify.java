package io.leafd.systemd;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager how this process is. Any thread. Never throws: without a service manager every call does nothing,
 * and a failure is logged once.
 *
 * <p>Source: {@code sd_notify(3)}.
 */
public final class SdNotify {
    private static final Logger LOG = LoggerFactory.getLogger(SdNotify.class);
    /** A status is for people: more often than this nobody reads it. */
    private static final long STATUS_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final @Nullable NotifySocket socket;
    private final LongSupplier nanoTime;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final AtomicLong nextStatusAtNs;

    private SdNotify(@Nullable NotifySocket socket, LongSupplier nanoTime) {
        this.socket = socket;
        this.nanoTime = nanoTime;
        this.nextStatusAtNs = new AtomicLong(nanoTime.getAsLong());
    }

    /**
     * Reads {@code NOTIFY_SOCKET}.
     *
     * @param nanoTime CLOCK_MONOTONIC, which {@link System#nanoTime} is on Linux
     */
    public static SdNotify of(Map<String, String> environment, LongSupplier nanoTime) {
        String name = environment.get("NOTIFY_SOCKET");
        if (name == null || name.isEmpty()) {
            return new SdNotify(null, nanoTime);
        }
        try {
            return new SdNotify(new NotifySocket(name), nanoTime);
        } catch (IOException | RuntimeException | LinkageError e) {
            LOG.warn("cannot notify the service manager socket={} reason=\"{}\"", name, e.getMessage());
            return new SdNotify(null, nanoTime);
        }
    }

    /** Whether a service manager listens at all. */
    public boolean active() {
        return socket != null;
    }

    /** All listeners are bound; also the end of a reload. */
    public void ready(String status) {
        send("READY=1\nSTATUS=" + line(status));
    }

    /** What {@code systemctl status} shows. Dropped when the last one is less than a second ago. */
    public void status(String status) {
        long now = nanoTime.getAsLong();
        long next = nextStatusAtNs.get();
        if (now - next >= 0 && nextStatusAtNs.compareAndSet(next, now + STATUS_INTERVAL_NS)) {
            send("STATUS=" + line(status));
        }
    }

    /** The configuration is being read again; {@link #ready} ends it. */
    public void reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(nanoTime.getAsLong()));
    }

    public void stopping(String status) {
        send("STOPPING=1\nSTATUS=" + line(status));
    }

    /** Starting or stopping takes so much longer than the unit allows. To be called again as long as work advances. */
    public void extendTimeout(Duration by) {
        send("EXTEND_TIMEOUT_USEC=" + TimeUnit.MILLISECONDS.toMicros(by.toMillis()));
    }

    /** This process is alive; see {@link Watchdog}. */
    void beat() {
        send("WATCHDOG=1");
    }

    private void send(String message) {
        if (socket == null) {
            return;
        }
        try {
            socket.send(message);
        } catch (IOException | RuntimeException | LinkageError e) {
            if (failed.compareAndSet(false, true)) {
                LOG.warn("cannot notify the service manager reason=\"{}\"", e.getMessage());
            }
        }
    }

    private static String line(String status) {
        return status.replace('\n', ' ');
    }
}
