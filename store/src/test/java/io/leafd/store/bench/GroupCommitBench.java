package io.leafd.store.bench;

import io.leafd.protocol.Subject;
import io.leafd.store.Store;
import io.leafd.store.StoreConfig;
import io.leafd.store.log.StreamLog;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rate and latency of durable appends through the store loop. Run by hand, not by the tests:
 *
 * <pre>
 *   java -cp … io.leafd.store.bench.GroupCommitBench DIRECTORY [messages per run]
 * </pre>
 *
 * One line per case: outstanding appends, payload bytes, subjects, sync mode; messages per second, processor time
 * of the loop per message, p50 and p99 from offer to completion in microseconds, syncs.
 */
public final class GroupCommitBench {
    private static final int WARM_UP = 20_000;

    private GroupCommitBench() {}

    private record Case(
            int outstanding,
            int payloadBytes,
            int subjects,
            @Nullable Duration syncInterval) {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        int messages = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        Case[] cases = {
            new Case(1, 128, 1, null),
            new Case(16, 128, 1, null),
            new Case(256, 128, 1, null),
            new Case(4096, 128, 1, null),
            new Case(4096, 128, 1000, null),
            new Case(4096, 128, 1_000_000, null),
            new Case(4096, 1024, 1, null),
            new Case(4096, 128, 1, Duration.ofMillis(100)),
        };
        for (Case one : cases) {
            int count = Math.min(messages, one.outstanding * 2000);
            System.out.println(measure(directory, one, count)); // a bench prints
            delete(directory);
        }
    }

    private static String measure(Path directory, Case one, int messages) throws Exception {
        var config = new StoreConfig(directory, one.syncInterval, 20L << 30, 0, 64L << 20);
        try (Store store = Store.open(config, System::nanoTime)) {
            StreamLog log = store.streams().create("A", "S", new byte[0], 0);
            store.start();
            run(store, log, one, Math.min(WARM_UP, messages), new long[Math.min(WARM_UP, messages)]);
            long[] latencies = new long[messages];
            long syncsBefore = store.metrics().syncs();
            long cpuBeforeNs = loopCpuNs();
            long startNs = System.nanoTime();
            run(store, log, one, messages, latencies);
            double seconds = (System.nanoTime() - startNs) / 1e9;
            double cpuNs = (double) (loopCpuNs() - cpuBeforeNs) / messages;
            Arrays.sort(latencies);
            return "outstanding=%d bytes=%d subjects=%d sync=%s rate=%.0f/s loop cpu=%.0fns/message p50=%dus p99=%dus syncs>=%d"
                    .formatted(
                            one.outstanding,
                            one.payloadBytes,
                            one.subjects,
                            one.syncInterval == null ? "always" : one.syncInterval,
                            messages / seconds,
                            cpuNs,
                            latencies[messages / 2] / 1000,
                            latencies[(int) (messages * 0.99)] / 1000,
                            store.metrics().syncs() - syncsBefore);
        }
    }

    private static void run(Store store, StreamLog log, Case one, int messages, long[] latencies) throws Exception {
        var window = new Semaphore(one.outstanding);
        var done = new Semaphore(0);
        var next = new AtomicLong();
        Subject[] subjects = new Subject[one.subjects];
        for (int i = 0; i < subjects.length; i++) {
            subjects[i] = Subject.of("plant.line7.sensor." + i);
        }
        for (int i = 0; i < messages; i++) {
            window.acquire();
            Subject subject = subjects[i % subjects.length];
            byte[] body = new byte[one.payloadBytes];
            long offeredNs = System.nanoTime();
            boolean offered;
            do {
                offered = store.loop()
                        .offer(
                                () -> {
                                    log.append(subject, body, 0, offeredNs, null);
                                    store.loop().afterCommit(() -> {
                                        latencies[(int) next.getAndIncrement()] = System.nanoTime() - offeredNs;
                                        window.release();
                                        done.release();
                                    });
                                },
                                body.length);
            } while (!offered);
        }
        done.acquire(messages);
    }

    /** Processor time of the store loop: the figure that other load on the machine does not spoil. */
    private static long loopCpuNs() {
        var threads = ManagementFactory.getThreadMXBean();
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().equals("store-1")) {
                return threads.getThreadCpuTime(id);
            }
        }
        throw new IllegalStateException("no store loop");
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
