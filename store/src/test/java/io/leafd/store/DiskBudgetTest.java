package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.leafd.protocol.Subject;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.Purge;
import io.leafd.store.log.RemovalVisitor;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store of 64 MiB that is given more than that. */
class DiskBudgetTest {
    private static final long MAX_BYTES = 64 * Stores.MIB;
    private static final int PAYLOAD_BYTES = 16 << 10;

    @TempDir
    Path directory;

    private Stores stores;
    private final Random random = new Random(5);
    private final List<Boolean> full = new ArrayList<>();

    @BeforeEach
    void open() {
        stores = new Stores(new StoreConfig(directory, null, MAX_BYTES, 0, 8 * Stores.MIB));
        stores.store.listen(new StoreListener() {
            @Override
            public void onFull(boolean now) {
                full.add(now);
            }
        });
    }

    @AfterEach
    void close() {
        stores.close();
    }

    /** Appends until refused, a megabyte per group; answers how many were taken. */
    private int fill(StreamLog log) {
        int taken = 0;
        while (stores.store.budget().mayAppend(PAYLOAD_BYTES)) {
            byte[] body = new byte[PAYLOAD_BYTES];
            random.nextBytes(body);
            log.append(Subject.of("s." + taken % 10), body, 0, taken, null);
            if (++taken % 64 == 0) {
                tick();
                // a look at the files while they are being compacted sees a moment's more on a machine that is slow
                // enough
                assertThat(diskBytes()).as("%s", stores.store.budget().usage()).isLessThan(MAX_BYTES * 11 / 10);
            }
        }
        tick();
        return taken;
    }

    private void tick() {
        stores.nanoTime.addAndGet(Duration.ofSeconds(2).toNanos());
        stores.run();
    }

    /** RocksDB deletes files in the background. */
    private void awaitRoom(long bytes) {
        await().pollInSameThread().until(() -> {
            tick();
            return stores.store.budget().mayAppend(bytes / 2); // what is written counts twice
        });
    }

    private long diskBytes() {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(
                            file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0; // a file vanished while it was looked at
        }
    }

    @Test
    void fullStoreRefusesWithNumbersAndStillDeletesAndComesBackByItself() {
        StreamLog log = stores.stream("S");
        int taken = fill(log);
        assertThat((long) taken * PAYLOAD_BYTES).isGreaterThan(MAX_BYTES / 3);
        assertThatThrownBy(() -> stores.store.budget().checkAppend(MAX_BYTES))
                .isInstanceOf(StoreException.Full.class)
                .hasMessageContaining("of " + MAX_BYTES + " bytes used")
                .hasMessageContaining("max_disk");

        // acknowledgements, cursors and deletes go on at the limit
        ConsumerStore consumer = stores.store.consumers().create(log, "C", new byte[10], 0);
        for (int i = 0; i < 1000; i++) {
            consumer.putPending(i, new byte[20]);
        }
        stores.store.cursors().put("c", new byte[8]);
        assertThat(log.purge(Purge.below(log.firstSeq() + taken / 2), Long.MAX_VALUE, RemovalVisitor.NONE))
                .isEqualTo(taken / 2);
        awaitRoom(MAX_BYTES / 4);
        if (!full.isEmpty()) {
            assertThat(full.getLast())
                    .as("listeners heard last that there is room")
                    .isFalse();
        }
        assertThat(log.countFrom(0, LogFilter.ALL)).isEqualTo(taken - taken / 2);
    }

    @Test
    void filledAndEmptiedAgainAndAgainNothingIsLeftOver() {
        StreamLog log = stores.stream("S");
        for (int round = 0; round < 4; round++) {
            int taken = fill(log);
            assertThat(taken).as("round %s", round).isGreaterThan(300);
            log.purge(Purge.ALL, Long.MAX_VALUE, RemovalVisitor.NONE);
            awaitRoom(MAX_BYTES / 2);
        }
    }

    @Test
    void smallFreeSpaceOfTheFileSystemRefuses() {
        stores.close();
        stores = new Stores(new StoreConfig(directory, null, MAX_BYTES, Long.MAX_VALUE / 2, 8 * Stores.MIB));
        assertThat(stores.store.budget().mayAppend(1)).isFalse();
        assertThatThrownBy(() -> stores.store.budget().checkAppend(1)).hasMessageContaining("must stay free");
    }

    @Test
    void reserveFileGrowsWhenThereIsRoomAndIsGivenBackWhenThereIsNone() {
        var file = directory.resolve("reserve");
        for (int i = 0; i < 10; i++) {
            tick();
        }
        assertThat(file).exists();
        assertThat(file.toFile().length()).isEqualTo(4 * Stores.MIB);
        new ReserveFile(directory, 4 * Stores.MIB).tend(1000, 0);
        assertThat(file).doesNotExist();
    }
}
