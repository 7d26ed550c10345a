package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.protocol.Subject;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Keys;
import io.leafd.store.engine.Tampering;
import io.leafd.store.log.DamagedRange;
import io.leafd.store.log.RemovalVisitor;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looks at stores that are whole, and at harmed ones. */
class StoreCheckTest {
    private static final int MESSAGES = 300;

    @TempDir
    Path directory;

    private void fill() {
        try (Stores stores = Stores.small(directory)) {
            StreamLog log = stores.stream("S");
            for (int i = 1; i <= MESSAGES; i++) {
                log.append(Subject.of("s." + i % 7), new byte[200], 0, i, null);
            }
            stores.run();
            log.delete(100, RemovalVisitor.NONE);
            log.removeFirst(RemovalVisitor.NONE);
            stores.stream("T").append(Subject.of("t"), new byte[10], 0, 1, null);
            stores.store.consumers().create(log, "C", new byte[10], 0).putState(new byte[30]);
            stores.store.cursors().put("hub/telemetry", new byte[8]);
            stores.run();
        }
    }

    private StoreCheck.StreamCheck streamS() {
        return StoreCheck.of(directory).streams().getFirst();
    }

    @Test
    void wholeStoreIsWholeAndNotTouched() throws IOException {
        fill();
        List<String> before = Stores.listing(directory);
        StoreCheck.Report report = StoreCheck.of(directory);
        assertThat(Stores.listing(directory)).isEqualTo(before);
        assertThat(report.whole()).as("%s", report).isTrue();
        assertThat(report.streams()).extracting(StoreCheck.StreamCheck::name).containsExactly("S", "T");
        assertThat(streamS().numbers().messages()).isEqualTo(MESSAGES - 2);
    }

    @Test
    void damagedMessagesAreNamedWithTheirSubjects() {
        fill();
        for (long seq : new long[] {10, 11, 50}) {
            Tampering.flip(directory, Family.MESSAGES, Keys.of(1, seq), 3);
        }
        StoreCheck.StreamCheck found = streamS();
        assertThat(found.lost()).extracting(DamagedRange::firstSeq).containsExactly(10L, 50L);
        assertThat(found.lost()).extracting(DamagedRange::lastSeq).containsExactly(11L, 50L);
        assertThat(found.lostCount()).isEqualTo(3);
        assertThat(found.subjects()).containsExactly("s.1", "s.3", "s.4");
        assertThat(found.problems()).isEmpty();
        assertThat(StoreCheck.of(directory).whole()).isFalse();
    }

    @Test
    void indexThatDisagreesIsFound() {
        fill();
        byte[] key = ByteBuffer.allocate(26)
                .putLong(1)
                .putLong(0)
                .putLong(3)
                .putShort((short) 24)
                .array();
        Tampering.change(directory, Family.INDEX, key, value -> null);
        assertThat(streamS().problems()).containsExactly("message 24 is not in the index");
        assertThat(streamS().lost()).isEmpty();
    }

    @Test
    void damagedCursorAndConsumerAreFound() {
        fill();
        Tampering.flip(directory, Family.CURSORS, "hub/telemetry".getBytes(StandardCharsets.US_ASCII), 0);
        Tampering.flip(directory, Family.CONSUMERS, consumer((byte) 1), 0);
        StoreCheck.Report report = StoreCheck.of(directory);
        assertThat(report.records()).hasSize(2);
        assertThat(report.records().get(0)).startsWith("consumers ").contains("checksum");
        assertThat(report.records().get(1)).startsWith("cursors ").contains("checksum");
    }

    private static byte[] consumer(byte kind) {
        return ByteBuffer.allocate(17).putLong(1).put(kind).putLong(3).array();
    }

    @Test
    void cutOffTableAndLogAreFoundAndTheRangesNamed() throws IOException {
        fill();
        Path log = Tampering.largest(directory, ".log");
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            file.truncate(file.size() / 2);
        }
        StoreCheck.Report report = StoreCheck.of(directory);
        assertThat(report.whole()).isFalse();
        assertThat(report.records()).anyMatch(line -> line.contains("records that had been written are missing"));
    }

    @Test
    @Timeout(60)
    void aDamagedBlockOfSeveralStreamsIsPassedOver() throws IOException {
        fill();
        Stores.small(directory).close(); // what was in the log is in tables now
        try (DirectoryStream<Path> tables = Files.newDirectoryStream(directory.resolve("db"), "*.sst")) {
            for (Path table : tables) {
                Tampering.flip(table, 0.1);
            }
        }
        StoreCheck.Report report = StoreCheck.of(directory);
        assertThat(report.files()).isNotEmpty();
        assertThat(report.records()).isNotEmpty().hasSizeLessThan(50);
    }

    @Test
    void storeInUseIsRefused() {
        fill();
        try (Stores stores = Stores.small(directory)) {
            assertThat(stores.store.available()).isTrue();
            assertThatThrownBy(() -> StoreCheck.of(directory))
                    .isInstanceOf(StoreException.Unusable.class)
                    .hasMessageContaining("is in use by a running leafd")
                    .hasMessageContaining("leafd status");
        }
    }

    @Test
    void whatIsNoStoreIsRefused() throws IOException {
        assertThatThrownBy(() -> StoreCheck.of(directory.resolve("nowhere"))).hasMessageContaining("no such directory");
        Files.createDirectories(directory.resolve("other"));
        assertThatThrownBy(() -> StoreCheck.of(directory.resolve("other"))).hasMessageContaining("not a leafd store");
    }
}
