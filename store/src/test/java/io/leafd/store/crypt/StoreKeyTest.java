package io.leafd.store.crypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known answers of the specification of XAES-256-GCM (C2SP). */
class StoreKeyTest {
    private static final byte[] NONCE = "ABCDEFGHIJKLMNOPQRSTUVWX".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PLAINTEXT = "XAES-256-GCM".getBytes(StandardCharsets.US_ASCII);

    /** The first key loses no bit when it is doubled, the second does. */
    @ParameterizedTest
    @CsvSource({
        "1, c8612c9ed53fe43e8e005b828a1631a0bbcb6ab2f46514ec4f439fcfd0fa969b,"
                + " '', ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271",
        "3, e9c621d4cdd9b11b00a6427ad7e559aeedd66b3857646677748f8ca796cb3fd8,"
                + " c2sp.org/XAES-256-GCM, 986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d",
    })
    void derivesTheKeysOfTheSpecification(int each, String derived, String covered, String ciphertext)
            throws GeneralSecurityException {
        SecretKey key = key(each).derived(NONCE, 0);

        assertThat(HexFormat.of().formatHex(key.getEncoded())).isEqualTo(derived);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, NONCE, 12, 12));
        cipher.updateAAD(covered.getBytes(StandardCharsets.US_ASCII));
        assertThat(HexFormat.of().formatHex(cipher.doFinal(PLAINTEXT))).isEqualTo(ciphertext);
    }

    @Test
    void keysAreKnownByAFingerprintThatIsPartOfTheFormat() {
        StoreKeys keys = StoreKeys.of(List.of(bytes(1), bytes(3)));

        assertThat(keys.fingerprints()).containsExactly(sha256(1), sha256(3));
        assertThat(keys)
                .hasToString("[" + sha256(1).substring(0, 8) + ", " + sha256(3).substring(0, 8) + "]");
        assertThat(key(1).toString() + StoreKeys.NONE).doesNotContain("0101");
    }

    /** By hand: {@code (printf 'leafd store key 1\n'; head -c 32 /dev/zero | tr '\0' '\1') | sha256sum | head -c 32}. */
    private static String sha256(int each) {
        return switch (each) {
            case 1 -> "103b9e9b797b77904a6ff32f2ebe61b8";
            case 3 -> "27f8f9a5d26b1ae567435d8d585cda2a";
            default -> throw new IllegalArgumentException();
        };
    }

    @Test
    void aKeyOfAnotherLengthOrTwiceTheSameIsRefused() {
        assertThatThrownBy(() -> StoreKeys.of(List.of(new byte[31]))).hasMessageContaining("31 bytes instead of 32");
        assertThatThrownBy(() -> StoreKeys.of(List.of(bytes(1), bytes(1)))).hasMessageContaining("the same");
        assertThat(StoreKeys.NONE.isEmpty()).isTrue();
    }

    private static StoreKey key(int each) {
        return new StoreKey(bytes(each));
    }

    private static byte[] bytes(int each) {
        byte[] bytes = new byte[StoreKey.BYTES];
        Arrays.fill(bytes, (byte) each);
        return bytes;
    }
}
