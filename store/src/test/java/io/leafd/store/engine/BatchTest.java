package io.leafd.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is staged is what RocksDB has afterwards, however large the batch. */
class BatchTest {
    private static final int KEYS = 40;
    private static final int LARGE_BYTES = Batch.ARRAY_BYTES_MAX * 2 / 5; // three of them do not fit

    @TempDir
    Path directory;

    private final Map<Family, NavigableMap<Integer, byte[]>> model = new EnumMap<>(Family.class);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theDatabaseHoldsWhatWasStaged(long seed) throws Exception {
        var random = new Random(seed);
        Path database = Files.createDirectory(directory.resolve("db"));
        try (Engine engine = Engines.opened(database, LastSync.UNKNOWN)) {
            for (int group = 0; group < 60; group++) {
                for (int left = random.nextInt(1, 30); left > 0; left--) {
                    stage(engine.group(), random);
                }
                engine.commit(true);
                assertHeld(engine);
            }
        }
        try (Engine again = Engines.opened(database, LastSync.UNKNOWN)) {
            assertHeld(again);
        }
    }

    @Test
    void aRecordLargerThanTheArrayIsWritten() throws Exception {
        try (Engine engine = Engines.opened(Files.createDirectory(directory.resolve("db")), LastSync.UNKNOWN)) {
            put(engine.group(), Family.MESSAGES, 1, new byte[] {1});
            put(engine.group(), Family.MESSAGES, 2, new byte[Batch.ARRAY_BYTES_MAX + 1]);
            put(engine.group(), Family.MESSAGES, 3, new byte[] {3});
            engine.commit(true);
            put(engine.group(), Family.MESSAGES, 4, new byte[] {4}); // the next group begins anew
            engine.commit(true);

            assertHeld(engine);
        }
    }

    private void stage(WriteGroup group, Random random) {
        // without and with its number in each record
        Family family = random.nextBoolean() ? Family.METADATA : Family.MESSAGES;
        int key = random.nextInt(KEYS);
        switch (random.nextInt(8)) {
            case 0 -> {
                group.key(Integer.BYTES).putInt(key);
                group.delete(family);
                held(family).remove(key);
            }
            case 1 -> {
                int to = key + random.nextInt(4);
                group.deleteRange(family, bytes(key), bytes(to));
                held(family).subMap(key, to).clear();
            }
            default -> {
                byte[] body = new byte[random.nextInt(6) == 0 ? random.nextInt(LARGE_BYTES) : random.nextInt(300)];
                random.nextBytes(body);
                put(group, family, key, body);
            }
        }
    }

    private void put(WriteGroup group, Family family, int key, byte[] body) {
        group.key(Integer.BYTES).putInt(key);
        group.value(body.length).put(body);
        group.put(family);
        held(family).put(key, body);
    }

    private NavigableMap<Integer, byte[]> held(Family family) {
        return model.computeIfAbsent(family, f -> new TreeMap<>());
    }

    private void assertHeld(Engine engine) {
        model.forEach((family, expected) -> {
            var found = new TreeMap<Integer, Integer>();
            try (Scan scan = engine.scan(family)) {
                for (boolean more = scan.seek(new byte[0]); more; more = scan.next()) {
                    found.put(scan.key().getInt(0), hash(scan.body()));
                }
            }
            var hashes = new TreeMap<Integer, Integer>();
            expected.forEach((key, body) -> hashes.put(key, Arrays.hashCode(body)));
            assertThat(found).isEqualTo(hashes);
        });
    }

    private static int hash(ByteBuffer body) {
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        return Arrays.hashCode(bytes);
    }

    private static byte[] bytes(int key) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(key).array();
    }
}
