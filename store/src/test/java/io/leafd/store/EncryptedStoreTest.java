package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.protocol.Subject;
import io.leafd.store.crypt.StoreKeys;
import io.leafd.store.engine.Compactions;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Keys;
import io.leafd.store.engine.Tampering;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.LogEntry;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

/** Stores with keys: what is in the files, and who may open them. */
class EncryptedStoreTest {
    private static final String PAYLOAD = "marker-of-the-payload";
    private static final String HEADER = "marker-of-the-header";
    private static final String CURSOR = "marker-of-the-cursor";

    @TempDir
    Path directory;

    private Path at() {
        return directory.resolve("store");
    }

    private static void append(Stores stores, int messages) {
        for (int i = 0; i < messages; i++) {
            byte[] body = ("NATS/1.0\r\nA: " + HEADER + "\r\n\r\n" + PAYLOAD).getBytes(StandardCharsets.US_ASCII);
            stores.stream("S").append(Subject.of("s.a"), body, body.length - PAYLOAD.length(), 1, null);
        }
        stores.store.cursors().put("c", CURSOR.getBytes(StandardCharsets.US_ASCII));
        stores.run();
    }

    /** A store with so many messages, closed. */
    private void filled(int messages, StoreKeys keys) {
        try (Stores stores = Stores.small(at(), keys)) {
            append(stores, messages);
        }
    }

    private static void holds(Path store, StoreKeys keys, int messages) {
        try (Stores stores = Stores.small(store, keys)) {
            assertThat(stores.stream("S").messages()).isEqualTo(messages);
            for (long seq = 1; seq <= messages; seq++) {
                LogEntry entry = stores.stream("S").get(seq);
                assertThat(entry).isInstanceOf(StoredMessage.class);
                assertThat(new String(((StoredMessage) entry).body(), StandardCharsets.US_ASCII))
                        .endsWith(PAYLOAD);
            }
            assertThat(stores.store.cursors().get("c")).isEqualTo(CURSOR.getBytes(StandardCharsets.US_ASCII));
            assertThat(stores.store.losses()).isEmpty();
        }
        assertThat(store.resolve("lost")).doesNotExist();
    }

    /** Files that hold a text, below a directory. */
    private static List<Path> filesWith(Path store, String text) throws IOException {
        Predicate<Path> holds = file -> {
            try {
                return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(Files::isRegularFile).filter(holds).toList();
        }
    }

    private static void showsNothing(Path store) throws IOException {
        for (String secret : List.of(PAYLOAD, HEADER, CURSOR)) {
            assertThat(filesWith(store, secret)).as(secret).isEmpty();
        }
    }

    private String format() throws IOException {
        return Files.readString(at().resolve(FormatFile.NAME));
    }

    /** What a store consists of; the lock names the process that looked at it last. */
    private List<String> contents() throws IOException {
        return Stores.listing(at()).stream()
                .filter(line -> !line.contains("/LOCK "))
                .toList();
    }

    private void refused(StoreKeys keys, String... words) throws IOException {
        List<String> before = contents();
        assertThatThrownBy(() -> Stores.small(at(), keys))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContainingAll(words)
                .hasMessageEndingWith("Nothing was changed");
        assertThatThrownBy(() -> StoreCheck.of(at(), keys)).hasMessageContainingAll(words);
        assertThatThrownBy(() -> StoreRepair.run(at(), keys)).hasMessageContainingAll(words);
        assertThat(contents()).isEqualTo(before);
    }

    private static String name(int key) {
        return StoreKeys.brief(Stores.keys(key).fingerprints().getFirst());
    }

    @Test
    void noFileShowsWhatIsStored() throws IOException, RocksDBException {
        try (Stores stores = Stores.small(at(), Stores.keys(1))) {
            append(stores, 100);
            Path killed = directory.resolve("killed");
            FileFaultPropertyTest.copy(at(), killed);
            showsNothing(killed);
            stores.reopen(); // what the log held is in tables now
            append(stores, 100);
            Compactions.all(stores.store.engine());
            showsNothing(at());
            holds(killed, Stores.keys(1), 100);
        }
        showsNothing(at());
        assertThat(filesWith(at(), "s.a")).as("subjects are in the clear").isNotEmpty();
        holds(at(), Stores.keys(1), 200);
        showsNothing(at());
    }

    @Test
    void storeInTheClearShowsAllAndKeepsItsFormat() throws IOException {
        filled(10, StoreKeys.NONE);
        assertThat(filesWith(at(), PAYLOAD)).isNotEmpty();
        assertThat(format()).startsWith("leafd store\nformat 1\n").hasLineCount(4);
    }

    @Test
    void withoutItsKeyItIsRefusedAndLeftAsItIs() throws IOException {
        filled(10, Stores.keys(1));
        refused(StoreKeys.NONE, "is encrypted with the key " + name(1), "no key was given", "encryption_key_file");
        refused(Stores.keys(2), "is encrypted with the key " + name(1), "not among those given, [" + name(2) + "]");
        holds(at(), Stores.keys(1), 10);
    }

    @Test
    void afterAKillItIsRefusedAndLeftAsItIs() throws IOException {
        Path killed = directory.resolve("killed");
        try (Stores stores = Stores.small(killed, Stores.keys(1))) {
            append(stores, 10);
            FileFaultPropertyTest.copy(killed, at());
        }
        refused(StoreKeys.NONE, "no key was given");
        holds(at(), Stores.keys(1), 10);
    }

    @Test
    void lostFormatFileDoesNotMakeItADamagedOne() throws IOException {
        filled(10, Stores.keys(1));
        Files.delete(at().resolve(FormatFile.NAME));
        refused(StoreKeys.NONE, "no key was given");
        Files.writeString(at().resolve(FormatFile.NAME), "leafd st");
        refused(Stores.keys(2), "not among those given");
        try (Stores stores = Stores.small(at(), Stores.keys(1))) {
            append(stores, 1);
        }
        assertThat(format()).startsWith("leafd store\nformat 2\n");
        refused(StoreKeys.NONE, "no key was given");
        Files.delete(at().resolve(FormatFile.NAME));
        try (Stream<Path> files = Files.list(at().resolve("db"))) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("MANIFEST"))
                    .toList()) {
                Files.writeString(file, "not a list");
            }
        }
        refused(StoreKeys.NONE, "no key was given"); // by the file definitions
    }

    @Test
    void olderFormatFileDoesNotMakeItADamagedOne() throws IOException {
        filled(10, StoreKeys.NONE);
        byte[] clear = Files.readAllBytes(at().resolve(FormatFile.NAME));
        filled(10, Stores.keys(1));
        Files.write(at().resolve(FormatFile.NAME), clear);
        assertThatThrownBy(() -> Stores.small(at())).hasMessageContaining("no key was given");
        assertThat(at().resolve("lost")).doesNotExist();
        holds(at(), Stores.keys(1), 20);
    }

    @Test
    void damagedTableIsSalvagedByWhoHasTheKeyOnly() throws IOException {
        filled(2000, Stores.keys(1));
        filled(1, Stores.keys(1)); // what the log held is in tables now
        byte[] sound = Files.readAllBytes(at().resolve(FormatFile.NAME));
        Files.writeString(at().resolve(FormatFile.NAME), FormatFile.text(FormatFile.FORMAT, "leafd 0.1.0"));
        Path table = Tampering.largest(at(), ".sst");
        byte[] bytes = Files.readAllBytes(table);
        Files.write(table, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> Stores.small(at())).hasMessageContaining("no key was given");
        Files.write(at().resolve(FormatFile.NAME), sound);
        try (Stores stores = Stores.small(at(), Stores.keys(1))) {
            assertThat(stores.store.losses()).isEmpty();
            for (long seq = 1; seq <= 2001; seq++) {
                assertThat(stores.stream("S").get(seq)).isInstanceOf(StoredMessage.class);
            }
        }
    }

    @Test
    void olderReleaseReadsOfANewerFormat() throws IOException {
        filled(1, Stores.keys(1));
        assertThat(format())
                .as("four lines as before, so that it is not taken for damaged")
                .matches(
                        "leafd store\nformat 2\nwritten by leafd [0-9.]+\ncheck [0-9a-f]{8}\nkeys [0-9a-f]{32}\ncheck [0-9a-f]{8}\n");
    }

    @Test
    void anotherKeyMayTakeOver() throws IOException {
        filled(10, Stores.keys(1));
        filled(10, Stores.keys(2, 1));
        refused(Stores.keys(2), "is encrypted with the key " + name(1));
        refused(Stores.keys(1), "is encrypted with the key " + name(2));
        holds(at(), Stores.keys(2, 1), 20);
        holds(at(), Stores.keys(1, 2), 20);
        showsNothing(at());
    }

    @Test
    void storeInTheClearTakesAKey() throws IOException {
        filled(10, StoreKeys.NONE);
        filled(10, Stores.keys(1));
        assertThat(filesWith(at(), PAYLOAD)).as("what was there stays as it is").isNotEmpty();
        holds(at(), Stores.keys(1), 20);
        refused(StoreKeys.NONE, "no key was given");
    }

    @Test
    void whatWasInTheClearIsEncryptedOnDemand() throws IOException {
        filled(3000, StoreKeys.NONE);
        filled(10, Stores.keys(1));
        StoreEncryption.Encrypted done = StoreEncryption.run(at(), Stores.keys(1));
        assertThat(done).isEqualTo(new StoreEncryption.Encrypted(3000, 0, 0));
        showsNothing(at());
        holds(at(), Stores.keys(1), 3010);
        assertThat(StoreEncryption.run(at(), Stores.keys(1)).records()).isZero();
        assertThat(StoreCheck.of(at(), Stores.keys(1)).whole()).isTrue();
    }

    @Test
    void olderKeyIsNotNeededOnceAllIsUnderTheNewOne() throws IOException {
        filled(10, Stores.keys(1));
        assertThatThrownBy(() -> StoreEncryption.run(at(), Stores.keys(2))).hasMessageContaining(name(1));
        assertThatThrownBy(() -> StoreEncryption.run(at(), StoreKeys.NONE)).hasMessageContaining("no key to encrypt");
        assertThat(StoreEncryption.run(at(), Stores.keys(2, 1)).records()).isEqualTo(11);
        holds(at(), Stores.keys(2), 10);
        refused(Stores.keys(1), "is encrypted with the key " + name(2));
        Files.delete(at().resolve(FormatFile.NAME));
        holds(at(), Stores.keys(2), 10);
    }

    @Test
    void damagedRecordKeepsItsKeyNeeded() throws IOException {
        filled(10, Stores.keys(1));
        Tampering.flip(at(), Family.MESSAGES, Keys.of(1, 4), 3);
        StoreEncryption.Encrypted done = StoreEncryption.run(at(), Stores.keys(2, 1));
        assertThat(done).isEqualTo(new StoreEncryption.Encrypted(10, 1, 0));
        assertThatThrownBy(() -> Stores.small(at(), Stores.keys(2))).hasMessageContaining(name(1));
        try (Stores stores = Stores.small(at(), Stores.keys(2, 1))) {
            assertThat(stores.stream("S").get(4)).isInstanceOf(DamagedRange.class);
            assertThat(stores.stream("S").get(5)).isInstanceOf(StoredMessage.class);
        }
    }

    @Test
    void encryptedStoreIsCheckedRepairedAndCopied() throws IOException {
        filled(50, Stores.keys(1));
        List<String> before = contents();
        StoreCheck.Report report = StoreCheck.of(at(), Stores.keys(1));
        assertThat(report.whole()).as("%s", report).isTrue();
        assertThat(contents()).isEqualTo(before);
        assertThat(StoreRepair.run(at(), Stores.keys(1))).isEmpty();
        Path backup = directory.resolve("backup");
        StoreBackup.ofStopped(at(), backup);
        showsNothing(backup);
        Path restored = directory.resolve("restored");
        StoreBackup.restore(backup, restored);
        assertThat(StoreCheck.of(restored, Stores.keys(1)).whole()).isTrue();
        assertThatThrownBy(() -> Stores.small(restored)).hasMessageContaining("no key was given");
        holds(restored, Stores.keys(1), 50);
    }

    @Test
    void runningEncryptedStoreIsCopiedAndChecked() throws IOException {
        try (Stores stores = Stores.small(at(), Stores.keys(1))) {
            append(stores, 50);
            Path snapshot = stores.store.snapshot();
            assertThat(StoreCheck.of(snapshot, Stores.keys(1)).whole()).isTrue();
            Path backup = directory.resolve("backup");
            StoreBackup.ofSnapshot(snapshot, backup);
            stores.store.dropSnapshot();
            showsNothing(backup);
            holds(backup, Stores.keys(1), 50);
        }
    }
}
