package io.leafd.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.store.files.RecordLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs as crashes leave them: the database under test is copied while it is open, harmed, and opened anew. */
class LogEndTest {
    private static final int SECTOR_BYTES = 512;
    private static final int VALUE_BYTES = 700;
    private static final int COPIES_MAX = 100;
    private static final LastSync STALE = new LastSync(0, false);

    @TempDir
    Path directory;

    private Engine engine;
    private int records;

    @BeforeEach
    void open() throws IOException {
        engine = Engines.opened(Files.createDirectory(directory.resolve("db")), LastSync.UNKNOWN);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void roomBehindTheLastRecordIsNoDamage() throws IOException {
        write(5, true);

        Path copy = copy("copy");

        assertThat(Files.size(log(copy))).isGreaterThanOrEqualTo(LogRoom.STEP_BYTES);
        try (Engine found = Engines.opened(copy, LastSync.UNKNOWN)) {
            assertThat(found.wreckage()).isEqualTo(Wreckage.NONE);
            assertThat(last(found)).isEqualTo(5);
        }
    }

    @Test
    void closedLogHasNoRoom() throws IOException {
        write(3, true);
        long end = RecordLog.read(log(directory.resolve("db")), new RecordLog.Visitor() {});

        engine.close();

        assertThat(Files.size(log(directory.resolve("db")))).isEqualTo(end);
    }

    /** A power cut while groups are on their way leaves any version of any sector that was not synced. */
    @Test
    void unsyncedGroupsThatArriveInPiecesAreNoDamage() throws IOException {
        write(20, true);
        byte[] synced = Files.readAllBytes(log(copy("synced")));
        int syncedRecords = records;
        int end = (int) RecordLog.read(log(copy("end")), new RecordLog.Visitor() {});
        for (int group = 0; group < 40; group++) {
            write(3, false);
        }
        byte[] written = Files.readAllBytes(log(copy("written")));
        for (int seed = 0; seed < 25; seed++) {
            Path copy = copy("torn" + seed);
            Files.write(log(copy), torn(synced, written, end, new Random(seed)));

            try (Engine found = Engines.opened(copy, STALE)) {
                assertThat(found.wreckage()).as("seed %d", seed).isEqualTo(Wreckage.NONE);
                int last = last(found);
                assertThat(last).as("seed %d", seed).isBetween(syncedRecords, records);
                assertThat(count(found)).as("seed %d", seed).isEqualTo(last);
            }
        }
    }

    @Test
    void syncedRecordThatIsDamagedIsDamageWhateverTheTipSays() throws IOException {
        for (int group = 0; group < 10; group++) {
            write(3, true);
        }

        Path copy = copy("copy");
        Path log = log(copy);
        flip(log, 4 * 3 * VALUE_BYTES);

        try (Engine found = Engines.opened(copy, STALE)) {
            assertThat(found.wreckage().logDamaged()).isTrue();
            assertThat(directory.resolve("lost").resolve(log.getFileName())).exists();
            assertThat(count(found)).isLessThan(30);
        }
    }

    @Test
    void lastRecordThatIsDamagedIsDamageIfTheTipKnowsIt() throws IOException {
        write(3, true);
        long end = RecordLog.read(log(directory.resolve("db")), new RecordLog.Visitor() {});
        write(3, true);
        long sequence = engine.latestSequence();

        Path copy = copy("copy");
        flip(log(copy), (int) end + VALUE_BYTES);

        try (Engine found = Engines.opened(copy, new LastSync(sequence, false))) {
            assertThat(found.wreckage().logDamaged()).isTrue();
            assertThat(last(found)).isEqualTo(3);
        }
    }

    @Test
    void withoutTipWhatCannotBeReadIsDamage() throws IOException {
        write(3, true);

        Path copy = copy("copy");
        flip(log(copy), VALUE_BYTES);

        try (Engine found = Engines.opened(copy, LastSync.UNKNOWN)) {
            assertThat(found.wreckage().logDamaged()).isTrue();
        }
    }

    @Test
    void logIsLengthenedAsItFills() throws IOException {
        for (int group = 0; group < 3 * LogRoom.STEP_BYTES / VALUE_BYTES / 10; group++) {
            write(10, false);
        }

        Path log = log(directory.resolve("db"));
        long end = RecordLog.read(log, new RecordLog.Visitor() {});

        assertThat(end).isGreaterThan(2 * LogRoom.STEP_BYTES);
        assertThat(Files.size(log)).isGreaterThan(end);
    }

    /** Writes records of the next numbers as one group. */
    private void write(int count, boolean synced) {
        for (int i = 0; i < count; i++) {
            engine.group().key(Integer.BYTES).putInt(++records);
            engine.group()
                    .value(VALUE_BYTES)
                    .put(new byte[VALUE_BYTES - Integer.BYTES])
                    .putInt(records);
            engine.group().putSoftly(Family.MESSAGES);
        }
        engine.commit(synced);
    }

    private static byte[] torn(byte[] synced, byte[] written, int syncedBytes, Random random) {
        byte[] torn = written.clone();
        for (int at = syncedBytes / SECTOR_BYTES * SECTOR_BYTES; at < torn.length; at += SECTOR_BYTES) {
            if (random.nextInt(4) == 0) {
                for (int i = at; i < Math.min(at + SECTOR_BYTES, torn.length); i++) {
                    torn[i] = i < synced.length ? synced[i] : 0;
                }
            }
        }
        return torn;
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    private static int last(Engine found) {
        try (Scan scan = found.scan(Family.MESSAGES)) {
            ByteBuffer beyond = ByteBuffer.allocateDirect(Integer.BYTES).putInt(Integer.MAX_VALUE);
            return scan.seekForPrev(beyond.flip()) ? scan.key().getInt(0) : 0;
        }
    }

    private static int count(Engine found) {
        int count = 0;
        try (Scan scan = found.scan(Family.MESSAGES)) {
            for (boolean more = scan.seek(new byte[0]); more; more = scan.next()) {
                count++;
            }
        }
        return count;
    }

    /**
     * A copy of the database under test. RocksDB may begin a new MANIFEST meanwhile and remove the old one, so the files are copied anew
     * until they were the same ones before and afterwards; CURRENT first, because the MANIFEST that it names is whole by then.
     */
    private Path copy(String name) throws IOException {
        Path database = directory.resolve("db");
        for (int attempt = 0; attempt < COPIES_MAX; attempt++) {
            Path copy = Files.createDirectory(directory.resolve(name + "." + attempt));
            Set<Path> before = files(database);
            try {
                Files.copy(database.resolve("CURRENT"), copy.resolve("CURRENT"));
                for (Path file : before) {
                    if (!file.endsWith("CURRENT")) {
                        Files.copy(file, copy.resolve(file.getFileName().toString()));
                    }
                }
            } catch (NoSuchFileException removedMeanwhile) {
                continue;
            }
            if (files(database).equals(before)) {
                return copy;
            }
        }
        throw new AssertionError("the files of " + database + " change all the time");
    }

    private static Set<Path> files(Path database) throws IOException {
        try (Stream<Path> files = Files.list(database)) {
            return files.collect(Collectors.toSet());
        }
    }

    private static Path log(Path database) throws IOException {
        return Objects.requireNonNull(LogFiles.newest(database));
    }
}
