package io.leafd.app.selftest;

import io.leafd.app.child.LeafdProcess;
import io.leafd.app.child.Trees;
import io.leafd.app.client.Login;
import io.leafd.app.client.NatsClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/**
 * Makes the AOT cache: classes read, checked and linked ahead of time, which a later start maps into memory.
 *
 * <p>Java records from its own start to its end, so what is recorded is another process: a plain {@code leafd run} that finds a stream, as
 * all starts but the first do, and greets one client. It does nothing else, because Java loads the whole cache at each start, needed or not: one recorded from the self-test
 * holds 5,000 classes and costs 0.2 s of processor time and 20 MB more. For the same reason what Java would keep of the recorded run
 * to compile methods earlier is left out (5 MB, and a compiler that competes with the start for the processor).
 *
 * <p>A cache holds only for the same runtime, the same jars in the same order, and the same kind of heap; Java passes over one that does
 * not fit. Source: JEP 514 (one-step caches) and 515 (profiles), JDK 25.
 */
public final class AotCache {
    private static final Duration ENDED_MAX = Duration.ofSeconds(30);
    private static final Duration WRITTEN_MAX = Duration.ofMinutes(5); // a slow box writes for half a minute
    private static final String CONFIG = """
            [server]
            name = "selftest"
            listen = "127.0.0.1:0"
            data_dir = "data"
            [store]
            min_free = "16MiB"
            [http]
            listen = "127.0.0.1:0"
            [[accounts.T.users]]
            name = "%s"
            password_file = "password"
            """.formatted(SelfTest.USER);

    private AotCache() {}

    /**
     * Runs a leafd, recorded.
     *
     * @param file replaced at once when all went well, and untouched otherwise; readable by everybody
     * @throws IOException with what the recorded process said
     */
    public static void make(Path file) throws IOException, InterruptedException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp").toAbsolutePath();
        Path directory = Files.createTempDirectory("leafd-aot-");
        var first = new LeafdProcess("first leafd", directory, List.of());
        var recorded = new LeafdProcess("recorded leafd", directory, flags(unfinished));
        // also when this process is told to end
        Thread end = Thread.ofPlatform().unstarted(() -> remove(List.of(first, recorded), directory, unfinished));
        Runtime.getRuntime().addShutdownHook(end);
        Files.writeString(directory.resolve("leafd.toml"), CONFIG);
        String password = SelfTest.newPassword(directory);
        try (NatsClient client = greeted(first, password)) {
            SelfTest.keep(client, 1); // what a start finds on most boxes
        }
        first.stop(ENDED_MAX);
        greeted(recorded, password).close();
        recorded.stop(WRITTEN_MAX);
        if (!Files.exists(unfinished)) {
            throw new IOException("Java made no AOT cache:\n" + recorded.logTail());
        }
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<String> flags(Path output) {
        return List.of("-XX:AOTCacheOutput=" + output, "-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining");
    }

    private static NatsClient greeted(LeafdProcess leafd, String password) throws IOException, InterruptedException {
        leafd.launch();
        SelfTest.await("the " + leafd.name() + " to serve", leafd::ready);
        return NatsClient.connect(leafd.address("clients"), SelfTest.NAME, Login.of(SelfTest.USER, password));
    }

    private static void remove(List<LeafdProcess> started, Path directory, Path unfinished) {
        try {
            for (LeafdProcess leafd : started) {
                leafd.abandon();
            }
            Files.deleteIfExists(unfinished);
            Trees.delete(directory);
        } catch (IOException e) {
            System.err.println("leafd: " + directory + " is left behind: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
