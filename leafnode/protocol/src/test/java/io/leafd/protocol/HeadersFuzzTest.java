package io.leafd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Any bytes may stand where a header block should be: reading one finds something or nothing. */
class HeadersFuzzTest {
    @FuzzTest(maxDuration = "6m")
    void anyBlockCanBeReadAndCut(byte[] block) {
        String value = Headers.first(block, 0, block.length, "Nats-Msg-Id");
        assertThat(Headers.has(block, 0, block.length, "Nats-Msg-Id")).isEqualTo(value != null);

        byte[] without = Headers.without(block, "Nats-", "A");
        assertThat(Headers.has(without, 0, without.length, "Nats-Msg-Id")).isFalse();
        assertThat(Headers.without(without, "Nats-", "A")).isEqualTo(without);

        byte[] sound = wellFormed(block) ? block : new byte[0];
        byte[] with = Headers.with(sound, "Added", "v");
        assertThat(Headers.has(with, 0, with.length, "Added")).isTrue();
        assertThat(Headers.first(with, 0, with.length, "Nats-Msg-Id"))
                .isEqualTo(Headers.first(sound, 0, sound.length, "Nats-Msg-Id"));
    }

    private static boolean wellFormed(byte[] block) {
        byte[] end = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        return block.length >= end.length && Arrays.equals(block, block.length - 4, block.length, end, 0, 4);
    }
}
