package io.leafd.app.run;

import io.leafd.app.config.ConfigFile;
import io.leafd.app.config.HostName;
import io.leafd.app.config.schema.ConfigException;
import io.leafd.security.SecurityConfigException;
import io.leafd.store.loop.StoreException;
import io.leafd.systemd.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** {@code leafd run}: reads the configuration, starts everything, and waits to be stopped. Owned by the main thread. */
public final class RunCommand {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int BAD_CONFIG = 78;
    private static final String HELP = """
            Usage: leafd run [--config FILE]
            Runs the broker until it is stopped by SIGTERM or Ctrl-C.

              -c, --config FILE   settings; without it leafd listens on loopback and keeps its data in ./leafd-data
              -h, --help          this text
            """;

    private RunCommand() {}

    /** Runs with the arguments behind {@code run} and returns the exit code. */
    public static int run(String[] args) {
        Path file = null;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "-h", "--help" -> {
                    System.out.print(HELP);
                    return OK;
                }
                case "-c", "--config" -> {
                    if (i + 1 == args.length) {
                        return usage("option " + args[i] + " needs a file");
                    }
                    file = Path.of(args[++i]);
                }
                default -> {
                    if (!args[i].startsWith("--config=")) {
                        return usage("unknown option \"" + args[i] + "\"");
                    }
                    file = Path.of(args[i].substring("--config=".length()));
                }
            }
        }
        return run(file);
    }

    private static int usage(String problem) {
        System.err.println("leafd run: " + problem);
        System.err.print(HELP);
        return USAGE;
    }

    private static int run(@Nullable Path file) {
        var closed = new CountDownLatch(1);
        try {
            return run(file, closed);
        } finally {
            closed.countDown();
        }
    }

    private static int run(@Nullable Path file, CountDownLatch closed) {
        ConfigFile.Loaded loaded;
        try {
            var reader = new ConfigFile(System.getenv(), HostName.local());
            loaded = file == null ? reader.defaults() : reader.read(file);
        } catch (ConfigException e) {
            System.err.println(e.getMessage());
            return BAD_CONFIG;
        }
        Log.open(System.getenv());
        Log.level(Level.valueOf(loaded.config().log().level().name()));
        Logger log = LoggerFactory.getLogger(RunCommand.class);
        try (var wiring = new Wiring(loaded.config(), "0.1.0")) {
            Wiring.Listening listening = wiring.start();
            log.info("leafd is ready address={}", listening.clients());
            if (file == null) {
                System.out.println(Welcome.text(loaded.config(), listening));
            }
            waitForStop(closed);
            wiring.lameDuck();
            return OK;
        } catch (SecurityConfigException e) {
            System.err.println(e.getMessage());
            return BAD_CONFIG;
        } catch (IllegalArgumentException e) {
            System.err.println("leafd: " + e.getMessage());
            return BAD_CONFIG;
        } catch (IOException | StoreException e) {
            System.err.println("leafd: " + e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /** Returns on SIGTERM or SIGINT; the JVM then lives until everything is {@code closed}, but not longer than a while. */
    private static void waitForStop(CountDownLatch closed) throws InterruptedException {
        var stop = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stop.countDown();
                            try {
                                // Not Thread.join: the main thread ends in System.exit, which waits for this hook.
                                closed.await(30, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "stop"));
        stop.await();
    }
}
