package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.protocol.Subject;
import io.leafd.store.engine.FailingDisk;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.LogReader;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.Completion;
import io.leafd.store.loop.StoreException;
import io.leafd.store.loop.Work;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that fail: nothing is acknowledged that is not on disk, and the store comes back by itself. */
class StoreFailureTest {
    @TempDir
    Path directory;

    private Stores stores;
    private StreamLog log;
    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void open() {
        stores = Stores.small(directory);
        log = stores.stream("S");
        append("before");
        stores.run();
        heard.clear();
        stores.store.listen(new StoreListener() {
            @Override
            public void onFailed(StoreException.Unavailable cause) {
                heard.add("store failed");
            }

            @Override
            public void onReopened(long generation) {
                heard.add("reopened " + generation);
            }
        });
    }

    @AfterEach
    void close() {
        stores.close();
    }

    private void append(String name) {
        stores.store
                .loop()
                .offer(
                        () -> {
                            log.append(Subject.of(name), new byte[10], 0, 1, null);
                            stores.store.loop().afterCommit(new Completion() {
                                @Override
                                public void committed() {
                                    heard.add("acked " + name);
                                }

                                @Override
                                public void failed(StoreException cause) {
                                    heard.add("failed " + name);
                                }
                            });
                        },
                        10);
    }

    @Test
    void failedWriteAcknowledgesNothingAndTheStoreReopens() {
        FailingDisk.under(stores.store.engine()).failWrites();
        append("lost");
        append("lost2");
        stores.store.loop().runOnce();
        assertThat(heard).containsExactly("failed lost", "failed lost2");
        assertThat(stores.store.available()).isFalse();

        stores.run();
        assertThat(heard).endsWith("store failed", "reopened 2");
        assertThat(stores.store.available()).isTrue();
        assertThat(log.lastSeq()).isEqualTo(1);
        assertThat(log.messages(Subject.of("lost"))).isZero();
        append("after");
        stores.run();
        assertThat(heard).endsWith("acked after");
        assertThat(log.lastSeq()).isEqualTo(2);
    }

    @Test
    void whoWaitsInTheInboxIsToldBeforeTheReopening() {
        FailingDisk.under(stores.store.engine()).failWrites();
        append("lost");
        stores.store.loop().runOnce();
        stores.store
                .loop()
                .offer(
                        new Work() {
                            @Override
                            public void run() {
                                log.append(Subject.of("waiting"), new byte[10], 0, 1, null);
                            }

                            @Override
                            public void failed(StoreException cause) {
                                heard.add("told");
                            }
                        },
                        10);
        stores.run();
        assertThat(heard).containsExactly("failed lost", "store failed", "told");
        stores.nanoTime.addAndGet(Duration.ofMillis(1).toNanos());
        stores.run();
        assertThat(heard).endsWith("reopened 2");
    }

    @Test
    void failedSyncAcknowledgesNothing() {
        FailingDisk.under(stores.store.engine()).failSyncs();
        append("unknown");
        stores.run();
        assertThat(heard).startsWith("failed unknown").endsWith("reopened 2").doesNotContain("acked unknown");
        // the disk may have it or not; what the log says is what the disk says
        long last = log.lastSeq();
        stores.reopen();
        assertThat(stores.stream("S").lastSeq()).isEqualTo(last);
    }

    @Test
    void everythingIsRefusedWhileTheStoreIsDown() {
        FailingDisk.under(stores.store.engine()).failWrites();
        append("lost");
        stores.store.loop().runOnce();
        assertThatThrownBy(() -> log.append(Subject.of("x"), new byte[1], 0, 1, null))
                .isInstanceOf(StoreException.Unavailable.class);
        assertThatThrownBy(() -> log.get(1)).isInstanceOf(StoreException.Unavailable.class);
        assertThatThrownBy(() -> stores.store.cursors().put("c", new byte[1]))
                .isInstanceOf(StoreException.Unavailable.class);
        assertThatThrownBy(() -> stores.store.streams().create("A", "N", new byte[0], 0))
                .isInstanceOf(StoreException.Unavailable.class);
    }

    @Test
    void streamsAndConsumersOfALostGroupAreGone() {
        stores.run();
        FailingDisk.under(stores.store.engine()).failWrites();
        StreamLog made = stores.stream("NEW");
        ConsumerStore consumer = stores.store.consumers().create(log, "C", new byte[0], 0);
        stores.run();
        assertThat(made.isGone()).isTrue();
        assertThat(stores.store.streams().find("A", "NEW")).isNull();
        assertThatThrownBy(() -> consumer.putState(new byte[1])).isInstanceOf(StoreException.Gone.class);
        assertThat(stores.store.consumers().list(log)).isEmpty();
    }

    @Test
    void readersStartAnewAfterTheReopening() {
        for (int i = 0; i < 50; i++) {
            append("m" + i);
        }
        stores.run();
        stores.reopen();
        log = stores.stream("S");
        LogReader reader = log.reader(1, LogFilter.ALL);
        assertThat(reader.next()).isNotNull();
        long position = reader.position();
        FailingDisk.under(stores.store.engine()).failWrites();
        append("lost");
        stores.run();
        assertThat(reader.position()).isEqualTo(position);
        int read = 1;
        while (reader.next() != null) {
            read++;
        }
        assertThat(read).isEqualTo(51);
    }

    @Test
    void reopeningIsTriedUntilItWorks() throws IOException {
        Path database = directory.resolve("db"); // a mount, say
        Path away = directory.resolve("away");
        FailingDisk.under(stores.store.engine()).failWrites();
        Files.move(database, away);
        append("lost");
        for (int i = 0; i < 5; i++) {
            stores.run();
            assertThat(heard).doesNotContain("reopened 2");
            stores.nanoTime.addAndGet(Duration.ofSeconds(3).toNanos());
        }
        Files.move(away, database);
        stores.nanoTime.addAndGet(Duration.ofSeconds(3).toNanos());
        stores.run();
        assertThat(heard).contains("reopened 2");
        assertThat(log.lastSeq()).isEqualTo(1);
    }

    @Test
    void failingIntervalSyncReopens() {
        stores.close();
        stores = new Stores(new StoreConfig(directory, Duration.ofMillis(10), 1L << 30, 0, 8 * Stores.MIB));
        log = stores.stream("S");
        FailingDisk.under(stores.store.engine()).failSyncs();
        append("acked early");
        stores.run();
        stores.nanoTime.addAndGet(Duration.ofMillis(11).toNanos());
        stores.run();
        assertThat(stores.store.generation()).isEqualTo(2);
        assertThat(stores.store.available()).isTrue();
    }
}
