package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import io.leafd.store.crypt.StoreKeys;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.LogReader;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that appends and prints what was acknowledged is killed in the middle, again and again; all that it printed is there. */
class KillTest {
    private static final int ROUNDS = 3;

    @TempDir
    Path directory;

    /** The process: appends batches, prints the last acknowledged sequence of each group, removes old messages now and then. */
    public static final class Appender {
        public static void main(String[] args) throws InterruptedException {
            Store store = Store.open(config(Path.of(args[0]), Boolean.parseBoolean(args[1])), System::nanoTime);
            StreamLog found = store.streams().find("A", "S");
            StreamLog log = found == null ? store.streams().create("A", "S", new byte[0], 0) : found;
            store.start();
            var window = new Semaphore(64);
            while (true) {
                window.acquire();
                boolean offered = store.loop().offer(() -> append(store, log, window), 100);
                if (!offered) {
                    window.release();
                }
            }
        }

        private static void append(Store store, StreamLog log, Semaphore window) {
            long seq = log.lastSeq() + 1;
            if (seq % 10 == 0) {
                log.delete(seq - 5, (s, subject, bytes) -> {}); // may read, so it comes before what must stay together
            }
            log.append(
                    subject(seq),
                    body(seq),
                    0,
                    seq,
                    ByteBuffer.allocate(8).putLong(seq).array());
            store.cursors().put("last", ByteBuffer.allocate(8).putLong(seq).array());
            store.loop().afterCommit(() -> {
                System.out.println(seq); // the protocol between test and process
                window.release();
            });
        }
    }

    private static StoreConfig config(Path directory, boolean encrypted) {
        return new StoreConfig(
                directory, null, 1L << 30, 0, 8 * Stores.MIB, encrypted ? Stores.keys(1) : StoreKeys.NONE);
    }

    private static Subject subject(long seq) {
        return Subject.of("s." + seq % 7);
    }

    private static byte[] body(long seq) {
        byte[] body = new byte[100 + (int) (seq % 50)];
        new Random(seq).nextBytes(body);
        return body;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Timeout(120)
    void everythingAcknowledgedSurvivesAKill(boolean encrypted) throws IOException, InterruptedException {
        for (int round = 1; round <= ROUNDS; round++) {
            long acknowledged = appendUntilKilled(round * 700, encrypted);
            try (Stores stores = new Stores(config(directory, encrypted))) {
                check(stores, acknowledged);
            }
        }
    }

    private long appendUntilKilled(int messages, boolean encrypted) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Appender.class.getName(),
                        directory.toString(),
                        Boolean.toString(encrypted))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long last = 0;
        try (BufferedReader out = process.inputReader()) {
            for (int i = 0; i < messages; i++) {
                String line = out.readLine();
                assertThat(line).as("the process ended by itself").isNotNull();
                last = Long.parseLong(line);
            }
            process.toHandle().destroyForcibly(); // Process.destroyForcibly would close the pipe, too
            process.waitFor();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = Math.max(last, Long.parseLong(line));
            }
        }
        return last;
    }

    private static void check(Stores stores, long acknowledged) {
        StreamLog log = stores.stream("S");
        assertThat(log.lastSeq()).isGreaterThanOrEqualTo(acknowledged);
        LogReader reader = log.reader(1, LogFilter.ALL);
        long expected = 1;
        while (!reader.caughtUp()) {
            StoredMessage message = (StoredMessage) reader.next();
            assertThat(message).isNotNull();
            if (expected % 10 == 5 && (expected + 5 <= log.lastSeq() || message.seq() > expected)) {
                expected++; // deleted, at the latest with the message five behind
            }
            assertThat(message.seq()).isEqualTo(expected);
            assertThat(message.body()).isEqualTo(body(expected));
            assertThat(message.subject()).isEqualTo(subject(expected));
            expected++;
        }
        assertThat(expected).isEqualTo(log.lastSeq() + 1);
        byte[] cursor = stores.store.cursors().get("last");
        assertThat(cursor)
                .isEqualTo(ByteBuffer.allocate(8).putLong(log.lastSeq()).array());
        assertThat(log.duplicateOf(ByteBuffer.allocate(8).putLong(acknowledged).array(), 1L << 60, acknowledged))
                .isEqualTo(acknowledged);
        long[] count = new long[1];
        log.subjects(LogFilter.ALL, (subject, messages, last) -> {
            count[0] += messages;
            return true;
        });
        assertThat(count[0]).isEqualTo(log.messages());
    }
}
