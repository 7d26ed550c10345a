package io.leafd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeadersTest {
    private static final byte[] BLOCK = bytes("NATS/1.0\r\nNats-Msg-Id:  7 \r\nA: 1\r\nNats-Msg-Idle: x\r\n\r\n");

    @Test
    void aHeaderIsFoundByItsExactName() {
        assertThat(Headers.first(BLOCK, 0, BLOCK.length, "Nats-Msg-Id")).isEqualTo("7");
        assertThat(Headers.first(BLOCK, 0, BLOCK.length, "nats-msg-id")).isNull();
        assertThat(Headers.first(BLOCK, 0, BLOCK.length, "Nats-Msg")).isNull();
        assertThat(Headers.has(BLOCK, 0, BLOCK.length, "A")).isTrue();
    }

    @Test
    void headersAreRemovedByPrefix() {
        assertThat(text(Headers.without(BLOCK, "Nats-"))).isEqualTo("NATS/1.0\r\nA: 1\r\n\r\n");
        assertThat(Headers.without(BLOCK, "Nats-", "A")).isEmpty();
    }

    @Test
    void headersAreAppended() {
        assertThat(text(Headers.with(new byte[0], "A", "1"))).isEqualTo("NATS/1.0\r\nA: 1\r\n\r\n");
        assertThat(text(Headers.with(bytes("NATS/1.0\r\nA: 1\r\n\r\n"), "B", "2")))
                .isEqualTo("NATS/1.0\r\nA: 1\r\nB: 2\r\n\r\n");
    }

    @Test
    void statusLines() {
        assertThat(text(Headers.status(503, "", "Nats-Subject", "a")))
                .isEqualTo("NATS/1.0 503\r\nNats-Subject: a\r\n\r\n");
        assertThat(text(Headers.status(404, "No Messages"))).isEqualTo("NATS/1.0 404 No Messages\r\n\r\n");
    }

    @Test
    void rubbishHasNoHeaders() {
        byte[] rubbish = bytes("no line end");
        assertThat(Headers.first(rubbish, 0, rubbish.length, "A")).isNull();
        assertThat(Headers.without(rubbish, "A")).isEmpty();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
