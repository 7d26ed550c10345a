package io.leafd.store.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Any bytes may stand in RocksDB's files where leafd reads them itself, to rescue what is sound in a damaged one. */
class DatabaseFilesFuzzTest {
    private static final int TRAILER_BYTES = 8;
    private static final byte KIND_VALUE = 1;

    private final Path directory;
    private final Path file;

    DatabaseFilesFuzzTest() throws IOException {
        directory = Files.createTempDirectory("leafd-database");
        directory.toFile().deleteOnExit(); // behind the files in it
        file = directory.resolve("MANIFEST-000007");
        file.toFile().deleteOnExit();
        directory.resolve("CURRENT").toFile().deleteOnExit();
    }

    /** A log, which a MANIFEST is too: as it stands, and behind a sound record. */
    @FuzzTest(maxDuration = "6m")
    void aLogIsReadToItsEnd(byte[] content) throws IOException {
        List<byte[]> records = new ArrayList<>();
        long end = read(content, records);
        assertThat(end).isBetween(0L, (long) content.length);
        assertThat(records.stream().mapToLong(record -> record.length).sum()).isLessThanOrEqualTo(end);

        byte[] first = Arrays.copyOf(content, content.length / 2);
        byte[] framed = RecordLog.framed(first, 0);
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(framed);
        bytes.writeBytes(content);
        records.clear();
        assertThat(read(bytes.toByteArray(), records)).isGreaterThanOrEqualTo(framed.length);
        assertThat(records.getFirst()).isEqualTo(first);
    }

    private long read(byte[] content, List<byte[]> records) throws IOException {
        Files.write(file, content);
        return RecordLog.read(file, new RecordLog.Visitor() {
            @Override
            public void record(byte[] bytes) {
                records.add(bytes);
            }
        });
    }

    @FuzzTest(maxDuration = "6m")
    void whatCurrentNamesIsThere(byte[] content) throws IOException {
        Files.write(file, new byte[0]);
        Files.write(directory.resolve("CURRENT"), content);
        assertThat(ManifestFile.current(directory)).isIn(null, file);
    }

    /** A table: as it stands, and behind a sound entry whose key is the first half of the input. */
    @FuzzTest(maxDuration = "6m")
    void aTableIsCarved(byte[] content) throws IOException {
        carve(content);

        byte[] key = Arrays.copyOf(content, Math.min(100, content.length / 2));
        byte[] value = {sum(ByteBuffer.wrap(key)), 42};
        ByteBuffer table = ByteBuffer.allocate(3 + key.length + TRAILER_BYTES + value.length + content.length)
                .put(new byte[] {0, (byte) (key.length + TRAILER_BYTES), (byte) value.length})
                .put(key)
                .put(new byte[] {KIND_VALUE, 0, 0, 0, 0, 0, 0, 0})
                .put(value)
                .put(content);
        assertThat(carve(table.array()).getFirst()).isEqualTo(key);
    }

    /** The keys of all entries whose value begins with the sum of their key, as a checksum. */
    private List<byte[]> carve(byte[] content) throws IOException {
        Files.write(file, content);
        List<byte[]> keys = new ArrayList<>();
        long found = TableCarver.carve(
                file, (key, value) -> value.hasRemaining() && value.get() == sum(key), (key, value) -> {
                    assertThat(value.remaining()).isLessThanOrEqualTo(content.length);
                    assertThat(value.get(0)).isEqualTo(sum(ByteBuffer.wrap(key)));
                    keys.add(key);
                });
        assertThat(found).isEqualTo(keys.size());
        return keys;
    }

    private static byte sum(ByteBuffer key) {
        int sum = 0;
        while (key.hasRemaining()) {
            sum += key.get();
        }
        return (byte) (sum + 1);
    }
}
