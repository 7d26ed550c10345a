package io.leafd.bench.micro;

import io.leafd.protocol.Subject;
import io.leafd.store.Store;
import io.leafd.store.StoreConfig;
import io.leafd.store.log.StreamLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A group of messages staged in one RocksDB batch and written: with a sync, what group commit costs; without, what it costs the processor. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED"})
public class AppendBenchmark {
    @Param({"1", "100", "1000"})
    int group;

    @Param({"128", "1024"})
    int payloadBytes;

    @Param({"true", "false"})
    boolean synced;

    private final Subject subject = Subject.of("plant.line1.temperature");
    private @Nullable Path directory;
    private @Nullable Store store;
    private @Nullable StreamLog log;

    /** Opens an empty store. */
    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "append");
        Duration interval = synced ? null : Duration.ofSeconds(1);
        store = Store.open(new StoreConfig(directory, interval, 20L << 30, 0, 64L << 20), System::nanoTime);
        log = store.streams().create("A", "S", new byte[0], 0);
    }

    /** Time for the whole group. */
    @Benchmark
    public int append() {
        StreamLog to = log;
        Store on = store;
        if (to == null || on == null) {
            throw new IllegalStateException("not open");
        }
        for (int i = 0; i < group; i++) {
            to.append(subject, new byte[payloadBytes], 0, System.nanoTime(), null);
        }
        return on.loop().runOnce();
    }

    /** Closes and removes the store. */
    @TearDown
    public void close() throws IOException {
        if (store != null && directory != null) {
            store.close();
            List<Path> all;
            try (Stream<Path> files = Files.walk(directory)) {
                all = files.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : all) {
                Files.delete(file);
            }
        }
    }
}
