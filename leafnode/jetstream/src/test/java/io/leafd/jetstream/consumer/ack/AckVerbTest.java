package io.leafd.jetstream.consumer.ack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AckVerbTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "+ACK", "+OK"})
    void acknowledges(String payload) {
        assertThat(parse(payload)).isEqualTo(new AckVerb.Ack());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-NAK|-1",
                "-NAK {\"delay\":1000000000}|1000000000",
                "-NAK {\"delay\": 5} |5",
                "-NAK 500ms|500000000",
                "-NAK {}|0",
                "-NAK soon|-1",
                "-NAK {\"delay\"|-1",
                "-NAK -5s|0"
            })
    void naksWithOrWithoutDelay(String payload, long delayNs) {
        assertThat(parse(payload)).isEqualTo(new AckVerb.Nak(delayNs));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"+TERM|``", "+TERM  bad format |bad format", "+TERM|``"})
    void terminatesWithReason(String payload, String reason) {
        assertThat(parse(payload)).isEqualTo(new AckVerb.Term(reason));
    }

    @Test
    void nextCarriesItsRequest() {
        assertThat(parse("+NXT {\"batch\":5}"))
                .isInstanceOfSatisfying(
                        AckVerb.Next.class,
                        next -> assertThat(next.request())
                                .asString(StandardCharsets.UTF_8)
                                .isEqualTo(" {\"batch\":5}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+ACKNOWLEDGED", "ack", "+WP", "-NA", "hello"})
    void otherPayloadsAreUnknown(String payload) {
        assertThat(parse(payload)).isEqualTo(new AckVerb.Unknown());
    }

    @Test
    void progress() {
        assertThat(parse("+WPI")).isEqualTo(new AckVerb.Progress());
        assertThat(parse("+WPI ")).isEqualTo(new AckVerb.Unknown());
    }

    private static AckVerb parse(String payload) {
        byte[] bytes = ("..." + payload + "...").getBytes(StandardCharsets.UTF_8);
        return AckVerb.parse(bytes, 3, bytes.length - 6);
    }
}
