package io.leafd.app.run;

import io.leafd.app.admin.AdminException;
import io.leafd.app.admin.AdminServer;
import io.leafd.app.operate.Answers;
import io.leafd.systemd.SdNotify;
import io.leafd.systemd.Watchdog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a running leafd in touch with systemd and with its owner: readiness, status, watchdog, the administrative socket, and
 * SIGHUP. Opened and closed by the main thread.
 */
final class Operations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);
    private static final long STATUS_INTERVAL_SECONDS = 5;

    private final SdNotify notify;
    private final Answers answers;
    private final Reloader reloader;
    private final Watchdog watchdog;
    private final ScheduledThreadPoolExecutor ticker = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("status").daemon().factory());
    private @Nullable AdminServer admin;

    /** @param environment with {@code WATCHDOG_USEC}, when there is a watchdog */
    Operations(
            SdNotify notify,
            Answers answers,
            Reloader reloader,
            List<Watchdog.Loop> loops,
            Map<String, String> environment) {
        this.notify = notify;
        this.answers = answers;
        this.reloader = reloader;
        this.watchdog =
                new Watchdog(notify, loops, environment, ProcessHandle.current().pid());
    }

    /** Everything listens: opens the administrative socket and says so to systemd. */
    void ready(Path socket) {
        try {
            admin = AdminServer.open(socket, answers.verbs());
        } catch (IOException e) {
            // leafd serves its clients all the same
            LOG.warn(
                    "no administrative socket, so no leafd status and the like path={} reason=\"{}\"",
                    socket,
                    e.getMessage());
        }
        HangUp.handle(this::reloadBySignal);
        notify.ready(answers.line());
        watchdog.start();
        if (notify.active()) {
            ticker.scheduleWithFixedDelay(
                    () -> notify.status(answers.line()),
                    STATUS_INTERVAL_SECONDS,
                    STATUS_INTERVAL_SECONDS,
                    TimeUnit.SECONDS);
        }
    }

    private void reloadBySignal() {
        try {
            reloader.reload();
        } catch (AdminException e) {
            LOG.error("configuration not reloaded reason=\"{}\"", e.getMessage());
        }
    }

    /** The end begins. */
    void stopping() {
        notify.stopping("stopping");
        ticker.shutdownNow();
    }

    /** Removes the socket and ends the beats. Idempotent. */
    @Override
    public void close() {
        ticker.shutdownNow();
        watchdog.close();
        if (admin != null) {
            admin.close();
        }
    }

    /** Where leafd listens, by the name of the key in the configuration. */
    static Map<String, String> listeners(Wiring.Listening listening) {
        var listeners = new LinkedHashMap<String, String>();
        listeners.put("clients", text(listening.clients()));
        if (listening.leafs() != null) {
            listeners.put("leafnodes", text(listening.leafs()));
        }
        if (listening.http() != null) {
            listeners.put("http", text(listening.http()));
        }
        return listeners;
    }

    static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
