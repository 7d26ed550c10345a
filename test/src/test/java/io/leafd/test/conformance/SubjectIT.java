package io.leafd.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.RawClient;
import io.leafd.test.setup.ServerSetup;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which subjects are valid, which match, and which are reserved for servers. */
@Conformance
class SubjectIT {

    private static final ServerSetup OPEN = ServerSetup.open("subject");

    private final Brokers brokers;

    SubjectIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", ".a", "a.", ".", ">.a", "a.>.b"})
    void invalidSubscriptionIsRefusedAndTheConnectionStays(String subject) {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB " + subject + " 1\r\n")).isEqualTo("-ERR 'Invalid Subject'\r\n");
            assertThat(client.exchange("SUB ok 2\r\nPUB ok 0\r\n\r\n")).isEqualTo("MSG ok 2 0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a, a",
        "a.b, a.b",
        "*, a",
        "a.*, a.b",
        "*.b, a.b",
        "a.*.c, a.b.c",
        "*.*, a.b",
        "a.>, a.b",
        "a.>, a.b.c.d",
        ">, a",
        ">, a.b.c",
        "*.>, a.b",
        "a*b, a*b",
        "a>, a>",
        "w.*, w.*",
        "w.*, w.>",
        "größe.°, größe.°",
    })
    void matches(String filter, String subject) {
        assertDelivered(filter, subject, true);
    }

    @ParameterizedTest
    @CsvSource({
        "a, A",
        "a, a.b",
        "a.b, a",
        "*, a.b",
        "a.*, a",
        "a.*, a.b.c",
        "a.>, a",
        "*.>, a",
        "a*b, axb",
        "a>, a.b",
        "a.b, a.*",
        ">, a..b",
        "a.>, a..b",
        ">, .a",
        "*.a, .a",
        "a.*, a.",
    })
    void doesNotMatch(String filter, String subject) {
        assertDelivered(filter, subject, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"$GR.x", "_GR_.x.y", "$NRG.x"})
    void subjectsOfServersAreClosedToClients(String subject) {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("PUB " + subject + " 0\r\n\r\n"))
                    .isEqualTo("-ERR 'Permissions Violation for Publish to \"" + subject + "\"'\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"_R_.abc", "$JS.ACK.S.C.1.1.1.1.1", "_GR_.x.y.z"})
    void repliesOfServersAreClosedToClients(String reply) {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB a 1\r\nPUB a " + reply + " 0\r\n\r\n"))
                    .isEqualTo("-ERR 'Permissions Violation for Publish with Reply of \"" + reply + "\"'\r\n");
        }
    }

    @Test
    void pedanticClientIsToldOfAnInvalidSubjectAndItIsStillDelivered() {
        try (RawClient client = brokers.open(OPEN)) {
            client.connect("CONNECT {\"verbose\":false,\"pedantic\":true}\r\n");
            assertThat(client.exchange("SUB p.* 1\r\nPUB p.* 1\r\nx\r\n"))
                    .isEqualTo("-ERR 'Invalid Publish Subject'\r\nMSG p.* 1 1\r\nx\r\n");
        }
    }

    private void assertDelivered(String filter, String subject, boolean delivered) {
        // A subject of more than one byte a character: the raw client speaks bytes, so write UTF-8 as such.
        String wireFilter = utf8(filter);
        String wireSubject = utf8(subject);
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB " + wireFilter + " 1\r\nPUB " + wireSubject + " 1\r\nx\r\n"))
                    .isEqualTo(delivered ? "MSG " + wireSubject + " 1 1\r\nx\r\n" : "");
        }
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
