package io.leafd.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.store.crypt.StoreKeys;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class RecordsTest {
    private final Records records = new Records(StoreKeys.NONE);
    private final ByteBuffer key = ByteBuffer.wrap(Keys.of(7, 9));
    private final ByteBuffer value = ByteBuffer.allocate(25);

    RecordsTest() {
        value.position(Records.HEADER_BYTES)
                .put("twenty bytes of body".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        value.flip();
        records.seal(key, value);
    }

    @Test
    void soundRecordIsPositionedAtItsBody() {
        assertThat(records.problem(key, value)).isNull();
        assertThat(value.remaining()).isEqualTo(20);
        assertThat(key.position()).isZero();
    }

    @Test
    void everyFlippedBitIsNoticed() {
        for (int bit = 0; bit < value.capacity() * 8; bit++) {
            ByteBuffer flipped = ByteBuffer.wrap(value.array().clone());
            flipped.array()[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(records.problem(key, flipped)).as("bit %s", bit).isNotNull();
        }
    }

    @Test
    void everyFlippedBitOfTheKeyIsNoticed() {
        for (int bit = 0; bit < key.capacity() * 8; bit++) {
            ByteBuffer flipped = ByteBuffer.wrap(key.array().clone());
            flipped.array()[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(records.problem(flipped, value.duplicate()))
                    .as("bit %s", bit)
                    .isNotNull();
        }
    }

    @Test
    void everyCutOffRecordIsNoticed() {
        for (int length = 0; length < value.capacity(); length++) {
            ByteBuffer cut = ByteBuffer.wrap(value.array(), 0, length);
            assertThat(records.problem(key, cut)).as("length %s", length).isNotNull();
        }
    }
}
