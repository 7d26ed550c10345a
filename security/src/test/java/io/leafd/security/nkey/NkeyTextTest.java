package io.leafd.security.nkey;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.security.SecurityConfigException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NkeyTextTest {
    @ParameterizedTest
    @CsvSource({"f,MY", "fo,MZXQ", "foo,MZXW6", "foob,MZXW6YQ", "fooba,MZXW6YTB", "foobar,MZXW6YTBOI"})
    void base32IsThatOfRfc4648WithoutPadding(String plain, String encoded) {
        assertThat(NkeyText.toBase32(plain.getBytes(US_ASCII))).isEqualTo(encoded.getBytes(US_ASCII));
        assertThat(NkeyText.fromBase32(encoded.getBytes(US_ASCII), "test")).isEqualTo(plain.getBytes(US_ASCII));
    }

    @Test
    void base32RoundTripsAnyBytes() {
        Random random = new Random(1);
        for (int length = 0; length < 100; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertThat(NkeyText.fromBase32(NkeyText.toBase32(bytes), "test")).isEqualTo(bytes);
        }
    }

    @Test
    void base32RefusesASecondSpellingOfTheSameBytes() {
        assertThatThrownBy(() -> NkeyText.fromBase32("MZ".getBytes(US_ASCII), "test"))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("its last character carries bits that no key has");
    }

    @ParameterizedTest
    @CsvSource({"m,'m'", "1,'1'", "=,'='", "' ',0x20", "\u00e9,0xc3"})
    void base32NamesTheCharacterThatIsWrong(String character, String shown) {
        assertThatThrownBy(() -> NkeyText.fromBase32(
                        ("MZ" + character).getBytes(java.nio.charset.StandardCharsets.UTF_8), "test"))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageStartingWith("test: character 3 is ")
                .hasMessageContaining(shown.replace("'", ""));
    }

    @Test
    void checksumIsCrc16Xmodem() {
        byte[] check = "123456789".getBytes(US_ASCII);

        assertThat(NkeyText.crc16(check, check.length)).isEqualTo(0x31C3);
        assertThat(NkeyText.crc16(check, 0)).isZero();
    }
}
