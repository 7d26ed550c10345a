package io.leafd.systemd;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Beats towards systemd as long as every loop of this process answers. Owned by the thread {@code watchdog}.
 *
 * <p>Each tick asks whether every loop has run the task of the tick before. Only then it sends {@code WATCHDOG=1}. A loop that
 * is stuck in a lock or behind a dead disk therefore ends in a restart by systemd, and in a log line with its stack. Ticks come
 * at a third of {@code WATCHDOG_USEC}: one missed answer is forgiven, two are not.
 */
public final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final int TICKS_IN_TIMEOUT = 3;

    /**
     * Something that must stay alive.
     *
     * @param name  for the log
     * @param tasks runs a task on its thread
     */
    public record Loop(String name, Executor tasks) {}

    /** One loop and whether it has answered. */
    private static final class Pulse {
        private final Loop loop;
        private volatile boolean answered = true;
        private volatile @Nullable Thread thread;
        private boolean reported;

        Pulse(Loop loop) {
            this.loop = loop;
        }

        void ask() {
            answered = false;
            try {
                loop.tasks.execute(() -> {
                    thread = Thread.currentThread();
                    answered = true;
                });
            } catch (RejectedExecutionException e) {
                LOG.debug("loop takes no tasks loop={}", loop.name); // it stays silent, which is reported
            }
        }

        /** What its thread does now; empty before its first answer. */
        String stack() {
            Thread known = thread;
            return known == null
                    ? ""
                    : Stream.of(known.getStackTrace())
                            .map(StackTraceElement::toString)
                            .collect(Collectors.joining(" < "));
        }
    }

    private final SdNotify notify;
    private final List<Pulse> pulses;
    private final @Nullable Duration timeout;
    private @Nullable ScheduledThreadPoolExecutor timer;

    /**
     * Reads {@code WATCHDOG_USEC} and {@code WATCHDOG_PID}; without them it never beats.
     *
     * @param pid of this process
     */
    public Watchdog(SdNotify notify, List<Loop> loops, Map<String, String> environment, long pid) {
        this.notify = notify;
        this.pulses = loops.stream().map(Pulse::new).toList();
        this.timeout = timeout(environment, pid);
    }

    private static @Nullable Duration timeout(Map<String, String> environment, long pid) {
        String microseconds = environment.getOrDefault("WATCHDOG_USEC", "");
        String forPid = environment.getOrDefault("WATCHDOG_PID", "");
        boolean forUs = forPid.isEmpty() || forPid.equals(Long.toString(pid));
        if (!microseconds.matches("[1-9]\\d{0,15}") || !forUs) {
            return null;
        }
        return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(Long.parseLong(microseconds)));
    }

    /** Begins to beat. Does nothing without a watchdog. */
    public void start() {
        if (timeout == null || !notify.active()) {
            return;
        }
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("watchdog").daemon().factory());
        long tickNs = timeout.toNanos() / TICKS_IN_TIMEOUT;
        timer.scheduleAtFixedRate(this::tick, 0, tickNs, TimeUnit.NANOSECONDS);
    }

    /** One tick: beat if all have answered, then ask all again. */
    void tick() {
        List<Pulse> silent = pulses.stream().filter(pulse -> !pulse.answered).toList();
        if (silent.isEmpty()) {
            notify.beat();
        }
        for (Pulse pulse : silent) {
            if (!pulse.reported) {
                pulse.reported = true;
                LOG.error("loop does not answer loop={} stack=\"{}\"", pulse.loop.name, pulse.stack());
            }
        }
        for (Pulse pulse : pulses) {
            if (pulse.answered) {
                pulse.reported = false;
                pulse.ask();
            }
        }
    }

    /** Ends the beats. Idempotent. */
    @Override
    public void close() {
        if (timer != null) {
            timer.shutdownNow();
        }
    }
}
