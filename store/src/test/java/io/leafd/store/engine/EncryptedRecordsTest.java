package io.leafd.store.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.store.crypt.RecordCipher;
import io.leafd.store.crypt.StoreKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EncryptedRecordsTest {
    private static final byte[] BODY = "twenty bytes of body".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE_AT = 5;
    private static final int NONCE_BYTES = 24;

    private final Records records = new Records(keys(1));
    private final byte[] key = Keys.of(7, 9);
    private final byte[] record = sealed(records, Family.MESSAGES, key, BODY);

    private static StoreKeys keys(int... each) {
        var keys = new ArrayList<byte[]>();
        for (int one : each) {
            byte[] bytes = new byte[32];
            Arrays.fill(bytes, (byte) one);
            keys.add(bytes);
        }
        return StoreKeys.of(keys);
    }

    private static byte[] sealed(Records records, Family family, byte[] key, byte[] body) {
        ByteBuffer value = ByteBuffer.allocateDirect(Records.HEADER_BYTES + body.length);
        value.position(Records.HEADER_BYTES).put(body).flip();
        ByteBuffer record = records.sealed(family, ByteBuffer.wrap(key), value);
        byte[] bytes = new byte[record.remaining()];
        record.get(bytes);
        return bytes;
    }

    private static byte[] opened(Records records, byte[] key, byte[] record) {
        ByteBuffer value = ByteBuffer.wrap(record.clone());
        assertThat(records.problem(ByteBuffer.wrap(key), value)).isNull();
        byte[] body = new byte[value.remaining()];
        value.get(body);
        return body;
    }

    private static void refused(Records records, byte[] key, byte[] record, String what) {
        ByteBuffer value = ByteBuffer.wrap(record.clone());
        assertThat(records.problem(ByteBuffer.wrap(key), value)).as(what).isNotNull();
        assertThat(value.array()).as(what + ", changed").isEqualTo(record);
    }

    @Test
    void bodyComesBackAndIsNotInTheRecord() {
        assertThat(opened(records, key, record)).isEqualTo(BODY);
        assertThat(record).hasSize(BODY.length + RecordCipher.OVERHEAD_BYTES);
        assertThat(new String(record, StandardCharsets.ISO_8859_1)).doesNotContain("bytes");
    }

    @Test
    void keysMayBeOfAnyLength() {
        for (int bytes : new int[] {0, 1, 59, 60, 300}) {
            byte[] ofThatLength = new byte[bytes];
            Arrays.fill(ofThatLength, (byte) 7);
            byte[] sealed = sealed(new Records(keys(1)), Family.CURSORS, ofThatLength, BODY);
            assertThat(opened(new Records(keys(1)), ofThatLength, sealed))
                    .as("key of %d bytes", bytes)
                    .isEqualTo(BODY);
        }
    }

    @Test
    void everyFlippedBitIsNoticed() {
        for (int bit = 0; bit < record.length * 8; bit++) {
            byte[] flipped = record.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            refused(records, key, flipped, "bit " + bit);
        }
    }

    @Test
    void everyFlippedBitOfTheKeyIsNoticed() {
        for (int bit = 0; bit < key.length * 8; bit++) {
            byte[] flipped = key.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            refused(records, flipped, record, "bit " + bit);
        }
    }

    @Test
    void everyCutOffRecordIsNoticed() {
        for (int length = 0; length < record.length; length++) {
            refused(records, key, Arrays.copyOf(record, length), "length " + length);
        }
        refused(records, key, Arrays.copyOf(record, record.length + 1), "one more byte");
    }

    @Test
    void recordsOfOtherFamiliesAndOlderOnesAreInTheClear() {
        byte[] clear = sealed(records, Family.SUBJECTS, key, BODY);
        assertThat(clear).isEqualTo(sealed(new Records(StoreKeys.NONE), Family.MESSAGES, key, BODY));
        assertThat(opened(records, key, clear)).isEqualTo(BODY);
    }

    @Test
    void messagesAndCursorsAreEncrypted() {
        assertThat(Arrays.stream(Family.values()).filter(Family::encrypted))
                .containsExactly(Family.MESSAGES, Family.CURSORS);
    }

    @Test
    void otherKeysDecryptAndOnlyTheFirstEncrypts() {
        var rotated = new Records(keys(2, 1));
        assertThat(opened(rotated, key, record)).isEqualTo(BODY);
        byte[] newer = sealed(rotated, Family.MESSAGES, key, BODY);
        assertThat(opened(new Records(keys(2)), key, newer)).isEqualTo(BODY);
        refused(records, key, newer, "the new key is not known");
        refused(new Records(StoreKeys.NONE), key, record, "no key");
        assertThat(new Records(StoreKeys.NONE).problem(ByteBuffer.wrap(key), ByteBuffer.wrap(record)))
                .isEqualTo("record is encrypted with the key "
                        + StoreKeys.brief(keys(1).fingerprints().getFirst()) + ", which was not given");
    }

    @Test
    void noNonceComesTwice() {
        Set<String> nonces = new HashSet<>();
        Set<String> prefixes = new HashSet<>();
        for (int writer = 0; writer < 20; writer++) {
            var each = new Records(keys(1));
            for (int i = 0; i < 300; i++) {
                byte[] one = sealed(each, Family.MESSAGES, key, BODY);
                nonces.add(Arrays.toString(Arrays.copyOfRange(one, NONCE_AT, NONCE_AT + NONCE_BYTES)));
                prefixes.add(Arrays.toString(Arrays.copyOfRange(one, NONCE_AT, NONCE_AT + NONCE_BYTES / 2)));
            }
        }
        assertThat(nonces).hasSize(20 * 300);
        assertThat(prefixes).as("one derived key for each writer").hasSize(20);
    }

    @Test
    void recordsOfManyWritersAndOfAnySizeAreReadInAnyOrder() {
        var random = new Random(5);
        var bodies = new ArrayList<byte[]>();
        var sealed = new ArrayList<byte[]>();
        List<Records> writers = java.util.stream.IntStream.range(0, 30)
                .mapToObj(i -> new Records(keys(1)))
                .toList();
        for (int i = 0; i < 200; i++) {
            byte[] body = new byte[i % 50 == 49 ? 3 << 20 : random.nextInt(20_000)];
            random.nextBytes(body);
            bodies.add(body);
            sealed.add(sealed(writers.get(random.nextInt(30)), Family.MESSAGES, Keys.of(1, i), body));
        }
        for (int i = 0; i < 400; i++) {
            int one = random.nextInt(200);
            assertThat(opened(records, Keys.of(1, one), sealed.get(one))).isEqualTo(bodies.get(one));
        }
    }
}
