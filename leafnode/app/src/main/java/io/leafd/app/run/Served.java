package io.leafd.app.run;

import io.leafd.app.Version;
import io.leafd.app.admin.AdminSocket;
import io.leafd.app.config.ConfigFile;
import io.leafd.app.config.LeafdConfig;
import io.leafd.app.operate.Answers;
import io.leafd.systemd.Log;
import io.leafd.systemd.LongStart;
import io.leafd.systemd.SdNotify;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** A leafd in this process, from the first part made to the last one closed. Owned by the thread that started it. */
public final class Served implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Served.class);

    private final Wiring wiring;
    private final Wiring.Listening listening;
    private final Operations operations;

    private Served(Wiring wiring, Wiring.Listening listening, Operations operations) {
        this.wiring = wiring;
        this.listening = listening;
        this.operations = operations;
    }

    /**
     * Starts everything. On return leafd serves its clients, and the service manager knows; no upstream is waited for.
     *
     * @param reader      reads the configuration again at a reload
     * @param file        null when leafd runs on defaults
     * @param loaded      what the reader made of that file
     * @param environment of the service manager: {@code NOTIFY_SOCKET}, {@code WATCHDOG_USEC}, {@code RUNTIME_DIRECTORY}
     * @throws IOException if an address can't be had
     * @throws io.leafd.store.loop.StoreException if the store can't be opened
     * @throws io.leafd.security.SecurityConfigException if a key or certificate can't be used
     * @throws IllegalArgumentException if a declared stream is refused
     */
    public static Served start(
            ConfigFile reader, @Nullable Path file, ConfigFile.Loaded loaded, Map<String, String> environment)
            throws IOException {
        var notify = SdNotify.of(environment, System::nanoTime);
        DataDirectory.prepare(loaded.config().server().dataDir());
        notify.status("opening the store");
        var wiring = wiring(notify, loaded.config());
        try {
            Wiring.Listening listening = wiring.start();
            var reloader = new Reloader(notify, reader, file, loaded, changed -> {
                wiring.apply(changed);
                applyLog(changed);
            });
            var answers = new Answers(wiring.running(listening), reloader::reload);
            var operations = new Operations(notify, answers, reloader, wiring.loops(), environment);
            operations.ready(AdminSocket.ofServer(loaded.config().server().dataDir(), environment));
            LOG.info("leafd is ready address={}", Operations.text(listening.clients()));
            return new Served(wiring, listening, operations);
        } catch (IOException | RuntimeException e) {
            wiring.close();
            throw e;
        }
    }

    /** Makes all parts and opens the store, for which systemd waits as long as that advances. */
    private static Wiring wiring(SdNotify notify, LeafdConfig config) {
        LongStart start = LongStart.begin(notify);
        try {
            return new Wiring(config, Version.read().leafd());
        } finally {
            start.close();
        }
    }

    /** Makes the log follow the configuration. */
    static void applyLog(LeafdConfig config) {
        Log.level(Level.valueOf(config.log().level().name()));
    }

    /** Where it listens. */
    public Wiring.Listening listening() {
        return listening;
    }

    /** Tells the service manager and the clients that the end is near, and lets the clients go one by one. Blocks. */
    public void stopping() throws InterruptedException {
        LOG.info("leafd stops");
        operations.stopping();
        wiring.lameDuck();
    }

    @Override
    public void close() {
        operations.close();
        wiring.close();
    }
}
