package io.leafd.security.nkey;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.security.SecurityConfigException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NkeyTest {
    private static final String USER = "UCX2RHNVON34VVL5W7V77HTW3PRRK776SPV5R42S2BBDJL5B7WO3FORH";
    private static final HexFormat HEX = HexFormat.of();

    /** The order of the group, of which Ed25519's S is a remainder. */
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    /** RFC 8032, section 7.1: secret key, public key, message, signature. */
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
                + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
                + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
                + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
                + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    })
    void signsAndVerifiesTheVectorsOfRfc8032(String secret, String publicKey, String message, String signature) {
        byte[] text = NkeyText.encodeSeed(NkeyType.USER, HEX.parseHex(secret));
        try (NkeySeed seed = NkeySeed.parse(text, "test")) {
            Nkey nkey = Nkey.of(NkeyType.USER, HEX.parseHex(publicKey), "test");

            assertThat(seed.nkey()).isEqualTo(nkey);
            assertThat(HEX.formatHex(seed.sign(HEX.parseHex(message)))).isEqualTo(signature);
            assertThat(nkey.verifies(HEX.parseHex(message), HEX.parseHex(signature)))
                    .isTrue();
        }
    }

    @Test
    void secondSignatureMadeByAddingTheGroupOrderIsRefused() {
        try (NkeySeed seed = NkeySeed.generate(NkeyType.USER, new SecureRandom())) {
            byte[] message = "challenge".getBytes(US_ASCII);
            byte[] signature = seed.sign(message);
            byte[] malleable = withS(signature, s(signature).add(ORDER));

            assertThat(seed.nkey().verifies(message, signature)).isTrue();
            assertThat(malleable).isNotEqualTo(signature);
            assertThat(seed.nkey().verifies(message, malleable)).isFalse();
        }
    }

    private static BigInteger s(byte[] signature) {
        return new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64)));
    }

    private static byte[] withS(byte[] signature, BigInteger s) {
        byte[] bigEndian = s.toByteArray();
        byte[] padded = new byte[32];
        System.arraycopy(bigEndian, 0, padded, 32 - bigEndian.length, bigEndian.length);
        byte[] changed = signature.clone();
        System.arraycopy(reversed(padded), 0, changed, 32, 32);
        return changed;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    /**
     * Public keys that no seed has: of small order (identity, order 2, 4 and 8), not below the field's prime, not on the
     * curve. With the first, R = identity and S = 0 would sign any message.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0200000000000000000000000000000000000000000000000000000000000000"
            })
    void publicKeyThatIsNoPointOfTheGroupIsRefused(String point) {
        byte[] text = NkeyText.encodePublic(NkeyType.USER, HEX.parseHex(point));

        assertThatThrownBy(() -> Nkey.parse(new String(text, US_ASCII)))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("is no valid Ed25519 public key");
    }

    @Test
    void signatureWithNonCanonicalPointIsRefused() {
        try (NkeySeed seed = NkeySeed.generate(NkeyType.USER, new SecureRandom())) {
            byte[] message = "challenge".getBytes(US_ASCII);
            byte[] signature = seed.sign(message);
            byte[] prime = HEX.parseHex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
            System.arraycopy(prime, 0, signature, 0, 32);

            assertThat(seed.nkey().verifies(message, signature)).isFalse();
        }
    }

    @Test
    void changedMessageKeyOrSignatureDoesNotVerify() {
        try (NkeySeed seed = NkeySeed.generate(NkeyType.USER, new SecureRandom());
                NkeySeed other = NkeySeed.generate(NkeyType.USER, new SecureRandom())) {
            byte[] message = "challenge".getBytes(US_ASCII);
            byte[] signature = seed.sign(message);

            assertThat(seed.nkey().verifies("Challenge".getBytes(US_ASCII), signature))
                    .isFalse();
            assertThat(other.nkey().verifies(message, signature)).isFalse();
            for (int at = 0; at < signature.length; at++) {
                byte[] changed = signature.clone();
                changed[at] ^= 1;
                assertThat(seed.nkey().verifies(message, changed)).isFalse();
            }
            assertThat(seed.nkey().verifies(message, Arrays.copyOf(signature, 63)))
                    .isFalse();
            assertThat(seed.nkey().verifies(message, Arrays.copyOf(signature, 65)))
                    .isFalse();
            assertThat(seed.nkey().verifies(message, new byte[0])).isFalse();
        }
    }

    @Test
    void signatureTextIsUnpaddedUrlOrPaddedStandardBase64() {
        try (NkeySeed seed = NkeySeed.generate(NkeyType.USER, new SecureRandom())) {
            String nonce = "LiIL2reR2ag8Els";
            byte[] signature = seed.sign(nonce.getBytes(US_ASCII));
            String url = seed.signNonce(nonce);
            String padded = Base64.getEncoder().encodeToString(signature);

            assertThat(url)
                    .hasSize(86)
                    .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(signature));
            assertThat(seed.nkey().verifies(nonce, url)).isTrue();
            assertThat(seed.nkey().verifies(nonce, padded)).isTrue();
            assertThat(seed.nkey().verifies(nonce, "")).isFalse();
            assertThat(seed.nkey().verifies(nonce, url + "A")).isFalse();
            assertThat(seed.nkey().verifies(nonce, "!" + url.substring(1))).isFalse();
            assertThat(seed.nkey().verifies(nonce, "\u00e9" + url.substring(1))).isFalse();
        }
    }

    /** Keys and signature made by nk (nats-io/nkeys v0.4.16). */
    @Test
    void verifiesWhatNkSigned() {
        Nkey nkey = Nkey.parse(NK_USER);

        assertThat(nkey.verifies("LiIL2reR2ag8Els", NK_SIGNATURE)).isTrue();
        assertThat(nkey.verifies("LiIL2reR2ag8Elt", NK_SIGNATURE)).isFalse();
    }

    private static final String NK_USER = "UCX2RHNVON34VVL5W7V77HTW3PRRK776SPV5R42S2BBDJL5B7WO3FORH";
    private static final String NK_SIGNATURE =
            "dSQ-NhQPgVDlCdUy-umutIz3sv30mAKW15k6S_-q66bMF5I3LZKHeM-7SoJDf2hHpU93wizs8-5JMrXmUpNTCw";

    @Test
    void textRoundTrips() {
        Nkey nkey = Nkey.parse(USER);

        assertThat(nkey.type()).isEqualTo(NkeyType.USER);
        assertThat(nkey.text()).isEqualTo(USER).isEqualTo(nkey.toString());
        assertThat(nkey).isEqualTo(Nkey.parse(USER)).hasSameHashCodeAs(Nkey.parse(USER));
        assertThat(nkey).isNotEqualTo(Nkey.parse("AAIPPJTHGOMV52KPAR5LQ3BFPEGTWAETZSDLTTMSZUIAQQXOEANPDUCA"));
    }

    @Test
    void damagedTextsAreRefusedWithTheirReason() {
        refuses(USER.substring(0, 55), "nkey: has 55 characters, a public key has 56");
        refuses("", "nkey: has 0 characters, a public key has 56");
        refuses(USER.replace('3', '4'), "its checksum does not match: mistyped or damaged");
        refuses(USER.toLowerCase(java.util.Locale.ROOT), "character 1 is 'u', only A-Z and 2-7 may stand there");
        refuses(reencoded((byte) (25 << 3)), "no kind of key begins with Z");
        refuses(
                "XAABUSKD6LYGE7CQHNDFIQFFKHATBRXGEMYGMDPOGTQFXLXQKNKT4P6F",
                "is a curve key: it encrypts and cannot sign");
    }

    private static String reencoded(byte prefix) {
        byte[] binary = Arrays.copyOf(NkeyText.fromBase32(USER.getBytes(US_ASCII), "test"), 35);
        binary[0] = prefix;
        int crc = NkeyText.crc16(binary, 33);
        binary[33] = (byte) crc;
        binary[34] = (byte) (crc >> 8);
        return new String(NkeyText.toBase32(binary), US_ASCII);
    }

    private static void refuses(String text, String reason) {
        assertThatThrownBy(() -> Nkey.parse(text))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void seedInPlaceOfAPublicKeyIsRefusedWithoutRepeatingIt() {
        String seed = "SUABQ73DCGY23QIWJITGJZQQDIYGS62APNC27OVAQPBS7OUYBQI3PFJVSE";

        for (String text : new String[] {seed, seed.substring(0, 56), seed.substring(0, 30)}) {
            assertThatThrownBy(() -> Nkey.parse(text))
                    .isInstanceOf(SecurityConfigException.class)
                    .hasMessageContaining("is a secret (it begins with S), a public key is needed")
                    .hasMessageContaining("leafd nkey inspect")
                    .message()
                    .doesNotContain("SUABQ73");
        }
    }

    @Test
    void keyOfAnotherKindIsRefusedByName() {
        assertThat(Nkey.parse(NkeyType.USER, USER).text()).isEqualTo(USER);
        assertThatThrownBy(() -> Nkey.parse(NkeyType.ACCOUNT, USER))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessage("nkey " + USER
                        + ": is the key of a user, that of an account is needed; use a key that begins with A");
    }
}
