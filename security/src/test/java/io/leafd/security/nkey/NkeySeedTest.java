package io.leafd.security.nkey;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.security.SecurityConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NkeySeedTest {
    private static final String SEED = "SUABQ73DCGY23QIWJITGJZQQDIYGS62APNC27OVAQPBS7OUYBQI3PFJVSE";
    private static final String KEY = "UCX2RHNVON34VVL5W7V77HTW3PRRK776SPV5R42S2BBDJL5B7WO3FORH";

    /** Made by nk (nats-io/nkeys v0.4.16). */
    @ParameterizedTest
    @CsvSource({
        "USER,SUABQ73DCGY23QIWJITGJZQQDIYGS62APNC27OVAQPBS7OUYBQI3PFJVSE,"
                + "UCX2RHNVON34VVL5W7V77HTW3PRRK776SPV5R42S2BBDJL5B7WO3FORH",
        "ACCOUNT,SAAFPDHDGKNSG6WFCEFMH63KNTO4LBBBCCTCB4JLCTWMHCYQLMLZDC7BJE,"
                + "AAIPPJTHGOMV52KPAR5LQ3BFPEGTWAETZSDLTTMSZUIAQQXOEANPDUCA",
        "OPERATOR,SOAFIAE24RGXUSZG5TCK4P2OBEI5V6A25YJDDB36ITRITH7XH2VMQ7IS34,"
                + "OCMPFQO3FJIQJOLU5BEZMHEYGABJKD47BGMYCTNC5TJ55LZNYAOBOLQG",
        "SERVER,SNAHPQWKZAVCXNKJ6ZA3Y3SY42UQFED6GHFXHY5UBJ6MY7DC6DUXGWFQ3Y,"
                + "NC4WLZEW4V5ZODLDW3R75KYLPHDOCFCCESECDWMEAKLACYBSJPHME5MW",
        "CLUSTER,SCAC4D7N7QAIKUWLLJVQMICTMCUWEB5OHMOMK36LJW3TL54HPGUW27YISE,"
                + "CDAB5Q7GR7EQXWRXYDKCVZ53WKDR5VUB3EM4IZW4M6UAVE6Y5RLZOPDC"
    })
    void readsWhatNkMade(NkeyType type, String text, String publicKey) {
        try (NkeySeed seed = NkeySeed.parse(text.getBytes(US_ASCII), "test")) {
            assertThat(seed.nkey().type()).isEqualTo(type);
            assertThat(seed.nkey().text()).isEqualTo(publicKey);
            assertThat(new String(seed.text(), US_ASCII)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CURVE")
    void generatedSeedReadsBackAndSigns(NkeyType type) {
        try (NkeySeed seed = NkeySeed.generate(type, new SecureRandom());
                NkeySeed again = NkeySeed.parse(seed.text(), "test")) {
            assertThat(seed.nkey().text())
                    .startsWith(String.valueOf(type.letter()))
                    .hasSize(56);
            assertThat(new String(seed.text(), US_ASCII))
                    .startsWith("S" + type.letter())
                    .hasSize(58);
            assertThat(again.nkey()).isEqualTo(seed.nkey());
            assertThat(seed.nkey().verifies("nonce", again.signNonce("nonce"))).isTrue();
        }
    }

    @Test
    void twoSeedsDiffer() {
        try (NkeySeed one = NkeySeed.generate(NkeyType.USER, new SecureRandom());
                NkeySeed two = NkeySeed.generate(NkeyType.USER, new SecureRandom())) {
            assertThat(one.nkey()).isNotEqualTo(two.nkey());
        }
    }

    @Test
    void curveKeyIsRefused() {
        String curve = "SXAOFQ7XSMSQMGLIOTB74LFFPFT7JHO4GQLPGE2OXNP5RWHBQSKGO7SUWM";

        refuses(curve, "test: is a curve key: it encrypts and cannot sign");
        assertThatThrownBy(() -> NkeySeed.generate(NkeyType.CURVE, new SecureRandom()))
                .isInstanceOf(SecurityConfigException.class);
    }

    @Test
    void damagedSeedIsRefusedWithItsReasonAndNotRepeated() {
        refuses(KEY, "test: is not a seed: seeds begin with S, this begins with 'U'");
        refuses(SEED.substring(0, 57), "test: has 57 characters, a seed has 58");
        refuses(SEED.replace("JZQQ", "JZQR"), "test: its checksum does not match: mistyped or damaged");
        refuses(SEED.replace("JZQQ", "JZ1Q"), "only A-Z and 2-7 may stand there");
        refuses(SEED.substring(0, 57) + "F", "test: its last character carries bits that no key has");
    }

    private static void refuses(String text, String reason) {
        assertThatThrownBy(() -> NkeySeed.parse(text.getBytes(US_ASCII), "test"))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageStartingWith("test: ")
                .hasMessageContaining(reason)
                .message()
                .doesNotContain(text.substring(0, 20));
    }

    @Test
    void closedSeedSignsNoMoreAndShowsNothing() {
        NkeySeed seed = NkeySeed.parse(SEED.getBytes(US_ASCII), "test");
        seed.close();
        seed.close();

        assertThatThrownBy(() -> seed.signNonce("nonce")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(seed::text).isInstanceOf(IllegalStateException.class);
        assertThat(seed.nkey().text()).isEqualTo(KEY);
        assertThat(seed).hasToString("NkeySeed[of " + KEY + "]");
    }

    @Test
    void signingTwiceGivesTheSameAsTheSeedIsNotTouched() {
        try (NkeySeed seed = NkeySeed.parse(SEED.getBytes(US_ASCII), "test")) {
            assertThat(seed.signNonce("nonce")).isEqualTo(seed.signNonce("nonce"));
            assertThat(new String(seed.text(), US_ASCII)).isEqualTo(SEED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SEED,
                SEED + "\n",
                "  " + SEED + " \r\n",
                "# upstream hub, made in May\n\n" + SEED + "\n# end\n",
                KEY + "\n" + SEED,
                "-----BEGIN USER NKEY SEED-----\n" + SEED + "\n------END USER NKEY SEED------\n",
                "SUBJECT: the key of hub\r" + SEED
            })
    void seedIsFoundOnALineOfItsOwn(String content) {
        try (NkeySeed seed = NkeySeed.find(content.getBytes(US_ASCII), "test")) {
            assertThat(seed.nkey().text()).isEqualTo(KEY);
        }
    }

    @Test
    void fileWithoutSeedSaysWhatItLooksFor() {
        for (String content : new String[] {"", "\n\n", KEY, "SUB", "S", "no seed here"}) {
            assertThatThrownBy(() -> NkeySeed.find(content.getBytes(US_ASCII), "hub.nk"))
                    .isInstanceOf(SecurityConfigException.class)
                    .hasMessage("hub.nk: holds no seed: no line begins with SU, SA, SN, SC or SO; "
                            + "write the seed on a line of its own");
        }
    }

    @Test
    void readsItsFileOnlyIfItIsPrivate(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("hub.nk");
        Files.writeString(file, SEED + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        try (NkeySeed seed = NkeySeed.read(file)) {
            assertThat(seed.nkey().text()).isEqualTo(KEY);
        }

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> NkeySeed.read(file))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("run: chmod o-rwx " + file);
    }
}
