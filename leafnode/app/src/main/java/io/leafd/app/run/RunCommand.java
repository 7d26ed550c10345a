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
        LastWord.listen();
        FirstUse.begin();
        var closed = new CountDownLatch(1);
        try {
            return run(file, closed);
        } finally {
            closed.countDown();
        }
    }

    private static int run(@Nullable Path file, CountDownLatch closed) {
        var reader = new ConfigFile(System.getenv(), HostName.local());
        ConfigFile.Loaded loaded;
        try {
            loaded = file == null ? reader.defaults() : reader.read(file);
        } catch (ConfigException e) {
            System.err.println(e.getMessage());
            return BAD_CONFIG;
        }
        Log.open(System.getenv());
        Served.applyLog(loaded.config());
        try {
            live(reader, file, loaded, closed);
            return OK;
        } catch (SecurityConfigException | IllegalArgumentException e) {
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

    /** From the first part made to the last one closed. */
    private static void live(ConfigFile reader, @Nullable Path file, ConfigFile.Loaded loaded, CountDownLatch closed)
            throws IOException, InterruptedException {
        try (var leafd = Served.start(reader, file, loaded, System.getenv())) {
            if (file == null) {
                System.out.println(Welcome.text(loaded.config(), leafd.listening()));
            }
            waitForStop(closed);
            leafd.stopping();
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
