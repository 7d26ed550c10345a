package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    @TempDir
    Path directory;

    private final List<Stores> opened = new ArrayList<>();

    private Stores open() {
        Stores stores = Stores.small(directory);
        opened.add(stores);
        return stores;
    }

    @AfterEach
    void close() {
        opened.forEach(Stores::close);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void streamsAndTheirConfigurationSurvive() {
        Stores stores = open();
        StreamLog a = stores.store.streams().create("PLANT", "A", bytes(1), 11);
        StreamLog b = stores.store.streams().create("OFFICE", "A", bytes(2), 12);
        stores.store.streams().update(a, bytes(9, 9));
        a.append(Subject.of("x"), bytes(1, 2), 0, 5, null);
        assertThatThrownBy(() -> stores.store.streams().create("PLANT", "A", bytes(), 0))
                .isInstanceOf(IllegalArgumentException.class);
        stores.run();
        stores.reopen();

        assertThat(stores.store.streams().list()).extracting(StreamLog::id).containsExactly(a.id(), b.id());
        StreamLog found = stores.store.streams().list().getFirst();
        assertThat(found.account()).isEqualTo("PLANT");
        assertThat(found.config()).isEqualTo(bytes(9, 9));
        assertThat(found.createdNs()).isEqualTo(11);
        assertThat(found.messages()).isEqualTo(1);
    }

    @Test
    void deletedStreamIsGoneWithAllItsRecordsAndItsIdIsNotGivenAgain() {
        Stores stores = open();
        StreamLog doomed = stores.stream("S");
        for (int i = 0; i < 500; i++) {
            doomed.append(Subject.of("s." + i), new byte[100], 0, i, bytes(i, i >> 8));
        }
        doomed.delete(7, RemovalVisitor.NONE);
        ConsumerStore consumer = stores.store.consumers().create(doomed, "C", bytes(1), 1);
        consumer.putPending(3, bytes(1));
        stores.run();
        doomed.append(Subject.of("late"), bytes(1), 0, 1, null);
        stores.store.streams().delete(doomed);
        stores.run();

        assertThatThrownBy(() -> doomed.get(1)).isInstanceOf(StoreException.Gone.class);
        assertThatThrownBy(() -> consumer.putState(bytes(1))).isInstanceOf(StoreException.Gone.class);
        StreamLog next = stores.stream("S");
        assertThat(next.id()).isGreaterThan(doomed.id());
        assertThat(next.messages()).isZero();
        stores.run();
        stores.reopen();
        assertThat(stores.store.streams().list()).hasSize(1);
        assertThat(stores.store.consumers().list(stores.stream("S"))).isEmpty();
    }

    @Test
    void consumersKeepConfigurationStateAndPending() {
        Stores stores = open();
        StreamLog log = stores.stream("S");
        ConsumerStore c = stores.store.consumers().create(log, "C", bytes(1), 21);
        ConsumerStore d = stores.store.consumers().create(log, "D", bytes(2), 22);
        c.updateConfig(bytes(1, 1));
        c.putState(bytes(5));
        c.putState(bytes(6));
        for (int seq = 300; seq > 0; seq -= 3) {
            c.putPending(seq, bytes(seq));
        }
        c.removePending(3);
        d.putPending(1, bytes(9));
        d.clearPending();
        d.putPending(2, bytes(8));
        stores.run();
        stores.reopen();

        List<ConsumerStore> found = stores.store.consumers().list(stores.stream("S"));
        assertThat(found).extracting(ConsumerStore::name).containsExactly("C", "D");
        assertThat(found.getFirst().config()).isEqualTo(bytes(1, 1));
        assertThat(found.getFirst().state()).isEqualTo(bytes(6));
        assertThat(found.get(1).state()).isEmpty();
        assertThat(found.getFirst().createdNs()).isEqualTo(21);
        var pending = new ArrayList<Long>();
        found.getFirst().forEachPending((seq, entry) -> pending.add(seq));
        assertThat(pending).hasSize(99).isSorted().doesNotContain(3L).contains(6L, 300L);
        pending.clear();
        found.get(1).forEachPending((seq, entry) -> pending.add(seq));
        assertThat(pending).containsExactly(2L);

        found.getFirst().delete();
        assertThatThrownBy(() -> found.getFirst().putPending(1, bytes())).isInstanceOf(StoreException.Gone.class);
        stores.run();
        assertThat(stores.store.consumers().list(stores.stream("S"))).hasSize(1);
    }

    @Test
    void cursorsAreReadAsStagedAndSurvive() {
        Stores stores = open();
        CursorStore cursors = stores.store.cursors();
        cursors.put("hub/a", bytes(1));
        cursors.put("hub/b", bytes(2));
        cursors.put("site", bytes(3));
        assertThat(cursors.get("hub/a")).isEqualTo(bytes(1));
        cursors.put("hub/a", bytes(4));
        cursors.remove("hub/b");
        assertThat(cursors.get("hub/b")).isNull();
        stores.run();
        stores.reopen();
        assertThat(stores.store.cursors().get("hub/a")).isEqualTo(bytes(4));
        assertThat(stores.store.cursors().get("hub/b")).isNull();
        var names = new TreeMap<String, byte[]>();
        stores.store.cursors().forEach("hub/", names::put);
        assertThat(names).containsOnlyKeys("hub/a");
    }

    @Test
    void newerFormatIsRefusedAndNothingTouched() throws IOException {
        Stores stores = open();
        stores.stream("S").append(Subject.of("x"), bytes(1), 0, 1, null);
        stores.run();
        stores.close();
        Path format = directory.resolve("FORMAT");
        Files.writeString(format, FormatFile.text(9, "leafd 7.1"));
        List<String> before = listing();
        assertThatThrownBy(() -> Stores.small(directory))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("format 9")
                .hasMessageContaining("leafd 7.1");
        assertThat(listing()).isEqualTo(before);
        Files.writeString(format, "leafd store\nformat 1\nwritten by leafd 0.1.0\n");
        assertThat(open().stream("S").messages()).isEqualTo(1);
    }

    private List<String> listing() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("LOCK"))
                    .map(file -> file + " " + file.toFile().length() + " "
                            + file.toFile().lastModified())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void damagedOrLostFormatIsMadeAnew() throws IOException {
        open().close();
        Path format = directory.resolve("FORMAT");
        String sound = Files.readString(format);
        for (String damaged : List.of("something else", "", sound.replace("format 1", "format 3"))) {
            Files.writeString(format, damaged);
            open().close();
            assertThat(Files.readString(format)).isEqualTo(sound);
        }
        Files.delete(format);
        open().close();
        assertThat(Files.readString(format)).isEqualTo(sound);
        assertThat(directory.resolve("lost/FORMAT")).hasContent("something else");
    }

    @Test
    void foreignDirectoryIsRefusedAndLeftAlone() throws IOException {
        Path database = Files.createDirectories(directory.resolve("db"));
        Files.writeString(database.resolve("CURRENT"), "MANIFEST-000005\n");
        assertThatThrownBy(() -> Stores.small(directory))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("no valid file FORMAT");
        assertThat(directory.resolve("FORMAT")).doesNotExist();
    }

    @Test
    void storeInUseIsRefusedAndStaysInUse() {
        Stores stores = open();
        assertThatThrownBy(() -> Stores.small(directory))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("in use");
        stores.stream("S").append(Subject.of("x"), bytes(1), 0, 1, null);
        stores.run();
        assertThat(stores.stream("S").messages()).isEqualTo(1);
    }

    @Test
    void whatWasCommittedTogetherIsThereTogether() {
        Stores stores = open();
        StreamLog log = stores.stream("S");
        stores.run();
        stores.store
                .loop()
                .offer(
                        () -> {
                            log.append(Subject.of("x"), bytes(1), 0, 1, null);
                            stores.store.cursors().put("c", bytes(1));
                        },
                        1);
        long before = stores.store.engine().counters().syncs();
        stores.run();
        assertThat(stores.store.engine().counters().syncs()).isEqualTo(before + 1);
        assertThat(stores.store.engine().counters().writes()).isEqualTo(before + 1);
    }

    @Test
    void messageIdsAreKnownWithinTheWindowAlsoAfterARestart() {
        Stores stores = open();
        long window = Duration.ofSeconds(10).toNanos();
        StreamLog log = stores.stream("S");
        assertThat(log.duplicateOf(bytes(1), window, 0)).isZero();
        log.append(Subject.of("x"), bytes(1), 0, 1_000, bytes(1));
        assertThat(log.duplicateOf(bytes(1), window, 2_000)).as("staged").isEqualTo(1);
        byte[] giant = new byte[1000];
        log.append(Subject.of("x"), bytes(1), 0, 1_000, giant);
        stores.run();
        assertThat(log.duplicateOf(bytes(1), window, 2_000)).isEqualTo(1);
        log.purge(Purge.ALL, Long.MAX_VALUE, RemovalVisitor.NONE);
        stores.run();
        stores.reopen();
        StreamLog again = stores.stream("S");
        assertThat(again.duplicateOf(bytes(1), window, 2_000))
                .as("removed, still counts")
                .isEqualTo(1);
        assertThat(again.duplicateOf(giant, window, 2_000)).isEqualTo(2);
        assertThat(again.duplicateOf(bytes(2), window, 2_000)).isZero();
        assertThat(again.duplicateOf(bytes(1), window, 1_000 + window))
                .as("expired")
                .isZero();
    }

    @Test
    void oldMessageIdsAreDropped() {
        Stores stores = open();
        long window = 1_000;
        StreamLog log = stores.stream("S");
        for (int i = 1; i <= 200; i++) {
            assertThat(log.duplicateOf(bytes(i, i >> 8), window, i * 100L)).isZero();
            log.append(Subject.of("x"), bytes(1), 0, i * 100L, bytes(i, i >> 8));
            stores.run();
            assertThat(log.duplicateOf(bytes(i, i >> 8), window, i * 100L)).isEqualTo(i);
            if (i > 9) {
                assertThat(log.duplicateOf(bytes(i - 9, i - 9 >> 8), window, i * 100L))
                        .isEqualTo(i - 9);
            }
            if (i % 50 == 0) {
                stores.reopen();
                log = stores.stream("S");
            }
        }
        assertThat(log.messageIdSlices()).isLessThanOrEqualTo(3);
        // the clock jumps a day ahead and back again: slices from the future do not pile up
        long day = Duration.ofDays(1).toNanos();
        log.duplicateOf(bytes(0), window, day);
        log.append(Subject.of("x"), bytes(1), 0, day, bytes(7, 7, 7));
        for (int i = 201; i < 260; i++) {
            log.append(Subject.of("x"), bytes(1), 0, i * 100L, bytes(i, i >> 8));
        }
        assertThat(log.messageIdSlices()).isLessThanOrEqualTo(3);
    }

    @Test
    void intervalSyncCompletesAfterTheWriteAndSyncsByTimer() {
        var stores = new Stores(new StoreConfig(directory, Duration.ofMillis(100), 1L << 30, 0, 8 * Stores.MIB));
        opened.add(stores);
        StreamLog log = stores.stream("S");
        stores.run();
        long synced = stores.store.engine().counters().syncs();
        var done = new ArrayList<String>();
        stores.store
                .loop()
                .offer(
                        () -> {
                            log.append(Subject.of("x"), bytes(1), 0, 1, null);
                            stores.store.loop().afterCommit(() -> done.add("acked"));
                        },
                        1);
        stores.run();
        assertThat(done).containsExactly("acked");
        assertThat(stores.store.engine().counters().syncs()).isEqualTo(synced);
        stores.nanoTime.addAndGet(Duration.ofMillis(101).toNanos());
        stores.run();
        assertThat(stores.store.engine().counters().syncs()).isEqualTo(synced + 1);
        stores.nanoTime.addAndGet(Duration.ofMillis(101).toNanos());
        stores.run();
        assertThat(stores.store.engine().counters().syncs())
                .as("nothing to sync")
                .isEqualTo(synced + 1);
    }

    @Test
    void consumersPositionsAloneAreSyncedByTheTimer() {
        Stores stores = open();
        ConsumerStore consumer = stores.store.consumers().create(stores.stream("S"), "C", bytes(1), 1);
        stores.run();
        long synced = stores.store.engine().counters().syncs();
        var done = new ArrayList<String>();
        stores.store
                .loop()
                .offer(
                        () -> {
                            consumer.putState(bytes(1));
                            consumer.putPending(1, bytes(2));
                            consumer.removePending(1);
                            stores.store.loop().afterWrite(() -> done.add("delivered"));
                        },
                        1);
        stores.run();
        assertThat(done).containsExactly("delivered");
        assertThat(stores.store.engine().counters().syncs()).isEqualTo(synced);
        stores.nanoTime.addAndGet(Duration.ofMillis(101).toNanos());
        stores.run();
        assertThat(stores.store.engine().counters().syncs()).isEqualTo(synced + 1);
    }

    @Test
    void whoPromisesGetsTheSyncOfEarlierPositionsToo() {
        Stores stores = open();
        ConsumerStore consumer = stores.store.consumers().create(stores.stream("S"), "C", bytes(1), 1);
        stores.run();
        long synced = stores.store.engine().counters().syncs();
        consumer.putState(bytes(1));
        stores.run();
        stores.store.loop().afterCommit(() -> {});
        stores.run();
        assertThat(stores.store.engine().counters().syncs()).isEqualTo(synced + 1);
        stores.store.loop().afterCommit(() -> {});
        stores.run();
        assertThat(stores.store.engine().counters().syncs())
                .as("nothing left to sync")
                .isEqualTo(synced + 1);
    }

    @Test
    void aStoredMessageIsSyncedWhoeverWaits() {
        Stores stores = open();
        StreamLog log = stores.stream("S");
        ConsumerStore consumer = stores.store.consumers().create(log, "C", bytes(1), 1);
        stores.run();
        long synced = stores.store.engine().counters().syncs();
        log.append(Subject.of("x"), bytes(1), 0, 1, null);
        stores.store.engine().readThrough();
        consumer.putState(bytes(1));
        stores.store.loop().afterWrite(() -> {});
        stores.run();
        assertThat(stores.store.engine().counters().syncs())
                .as("also when it was written ahead of the group")
                .isEqualTo(synced + 1);
    }

    @Test
    void threadedStoreAcknowledgesAndCloses() throws InterruptedException {
        Store store = Store.open(new StoreConfig(directory, null, 1L << 30, 0, 8 * Stores.MIB), System::nanoTime);
        StreamLog log = store.streams().create("A", "S", bytes(), 0);
        store.start();
        var acked = new java.util.concurrent.CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            store.loop()
                    .offer(
                            () -> {
                                log.append(Subject.of("x"), bytes(1), 0, 1, null);
                                store.loop().afterCommit(acked::countDown);
                            },
                            1);
        }
        assertThat(acked.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        store.close();
        store.close();
        assertThat(open().stream("S").countFrom(0, LogFilter.ALL)).isEqualTo(100);
    }
}
