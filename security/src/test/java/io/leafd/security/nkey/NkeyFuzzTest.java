package io.leafd.security.nkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.leafd.security.Secrets;
import io.leafd.security.SecurityConfigException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Any text is one key, or the exception that repeats no secret; any 32 bytes are a key whose text is read back, or refused. */
class NkeyFuzzTest {
    @FuzzTest(maxDuration = "6m")
    void textsAreKeysOrRefused(byte[] text) {
        refusable(() -> {
            String key = new String(text, StandardCharsets.ISO_8859_1);
            assertThat(Nkey.parse(key).text()).isEqualTo(key);
        });
        refusable(() -> {
            try (NkeySeed seed = NkeySeed.find(text, "x")) {
                assertThat(seed.toString()).doesNotContain(new String(seed.text(), StandardCharsets.US_ASCII));
                byte[] message = {1, 2, 3};
                assertThat(seed.nkey().verifies(message, seed.sign(message))).isTrue();
            }
        });
        byte[] point = Arrays.copyOf(text, NkeyText.KEY_BYTES);
        refusable(() -> {
            String key = new String(NkeyText.encodePublic(NkeyType.USER, point), StandardCharsets.US_ASCII);
            Nkey read = Nkey.parse(key);
            assertThat(read.text()).isEqualTo(key);
            assertThat(read.verifies(text, Arrays.copyOf(text, 64))).isFalse();
        });
        try (NkeySeed seed = NkeySeed.parse(NkeyText.encodeSeed(NkeyType.USER, point), "x")) {
            assertThat(seed.text()).isEqualTo(NkeyText.encodeSeed(NkeyType.USER, point));
        }
    }

    private static void refusable(Runnable reading) {
        try {
            reading.run();
        } catch (SecurityConfigException e) {
            Secrets.assertNoneIn(e);
        }
    }
}
