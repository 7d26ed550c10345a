package io.leafd.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.leafd.store.crypt.StoreKeys;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Any bytes are a damaged record unless they were sealed, and a sealed one is whole under its own key only. */
class RecordsFuzzTest {
    private final Records records = new Records(StoreKeys.NONE);

    /** The first byte says how many of the others are the key. */
    @FuzzTest(maxDuration = "6m")
    void onlyWhatWasSealedIsWhole(byte[] data) {
        if (data.length == 0) {
            return;
        }
        int keyBytes = Math.min(data.length - 1, data[0] & 0x1f);
        byte[] key = Arrays.copyOfRange(data, 1, 1 + keyBytes);
        byte[] value = Arrays.copyOfRange(data, 1 + keyBytes, data.length);
        String unsealed = records.problem(ByteBuffer.wrap(key), ByteBuffer.wrap(value));

        ByteBuffer sealed = ByteBuffer.allocate(Records.HEADER_BYTES + value.length);
        sealed.put(Records.HEADER_BYTES, value);
        records.seal(ByteBuffer.wrap(key), sealed);
        ByteBuffer body = sealed.duplicate();
        assertThat(records.problem(ByteBuffer.wrap(key), body)).isNull();
        assertThat(body).isEqualTo(ByteBuffer.wrap(value));
        assertThat(unsealed == null).isEqualTo(isSealed(key, value));

        byte[] other = Arrays.copyOf(key, keyBytes + 1);
        other[keyBytes] = 1;
        assertThat(records.problem(ByteBuffer.wrap(other), sealed.duplicate())).isNotNull();
    }

    private boolean isSealed(byte[] key, byte[] value) {
        if (value.length < Records.HEADER_BYTES) {
            return false;
        }
        ByteBuffer again = ByteBuffer.wrap(value.clone());
        records.seal(ByteBuffer.wrap(key), again);
        return Arrays.equals(again.array(), value);
    }
}
