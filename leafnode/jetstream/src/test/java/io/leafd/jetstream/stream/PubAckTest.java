package io.leafd.jetstream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PubAckTest {
    @Test
    void sequencesOfAllLengthsAreWritten() {
        var ack = new PubAck("S", "edge");

        for (long seq : new long[] {1, 9, 10, 99, 100, 12_345, 999_999_999_999L, Long.MAX_VALUE}) {
            assertThat(text(ack.stored(seq))).isEqualTo("{\"stream\":\"S\",\"domain\":\"edge\",\"seq\":" + seq + "}");
        }
    }

    @Test
    void withoutDomainThereIsNone() {
        assertThat(text(new PubAck("S", null).stored(7))).isEqualTo("{\"stream\":\"S\",\"seq\":7}");
    }

    private static String text(byte[] ack) {
        return new String(ack, StandardCharsets.UTF_8);
    }
}
