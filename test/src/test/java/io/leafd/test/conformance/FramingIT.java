package io.leafd.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.RawClient;
import io.leafd.test.setup.ServerSetup;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How bytes become operations: line ends, blanks, cuts at any byte, and what an operation that is none leads to. */
@Conformance
class FramingIT {

    private static final ServerSetup OPEN = ServerSetup.open("framing");

    private final Brokers brokers;

    FramingIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void operationsInLowerCaseWithTabsAndLineFeedsAlone() {
        try (RawClient client = brokers.open(OPEN)) {
            client.info();
            client.send("connect {\"verbose\":false,\"pedantic\":false}\nsub\ta\t 1\npub  a   1\nx\r\nPing\n");
            assertThat(client.until("PONG\r\n")).isEqualTo("MSG a 1 1\r\nx\r\n");
        }
    }

    @Test
    void operationsSplitAtEveryByte() {
        String frames =
                "SUB a.b q 12\r\nSUB a.*  7\r\nPUB a.b r.1 5\r\nhello\r\nHPUB a.c 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\n"
                        + "UNSUB 7 9\r\nUNSUB 12\r\nUNSUB 7\r\nPING\r\n";
        String answers =
                "MSG a.b 12 r.1 5\r\nhello\r\nMSG a.b 7 r.1 5\r\nhello\r\nHMSG a.c 7 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\n";
        for (int cut = 1; cut < frames.length(); cut++) {
            try (RawClient client = brokers.open(OPEN).connect(RawClient.CONNECT_HEADERS)) {
                client.send(frames.substring(0, cut));
                client.send(frames.substring(cut));
                assertThat(sorted(client.until("PONG\r\n")))
                        .as("cut at byte %d", cut)
                        .isEqualTo(sorted(answers));
            }
        }
    }

    @Test
    void operationsByteByByte() {
        try (RawClient client = brokers.connect(OPEN)) {
            for (char c : "SUB slow 1\r\nPUB slow 3\r\nabc\r\nPING\r\n".toCharArray()) {
                client.send(Character.toString(c));
            }
            assertThat(client.until("PONG\r\n")).isEqualTo("MSG slow 1 3\r\nabc\r\n");
        }
    }

    @Test
    void unknownOperationsAreNamedAndClose() {
        for (String line :
                List.of("FOO", "", " PING", "SUB", "PUB", "UNSUB", "MSG a 1 1", "LS+ a", "PUBX a 1", "QUIT")) {
            try (RawClient client = brokers.connect(OPEN)) {
                assertThat(client.send(line + "\r\n").untilClosed())
                        .as("after \"%s\"", line)
                        .isEqualTo("-ERR 'Unknown Protocol Operation'\r\n");
            }
        }
    }

    @Test
    void payloadThatIsNotEndedByItsLineEndCloses() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.send("PUB a 1\r\nxyz\r\n").untilClosed())
                    .isEqualTo("-ERR 'Unknown Protocol Operation'\r\n");
        }
    }

    @Test
    void malformedArgumentsCloseWithoutAWord() {
        for (String line : List.of(
                "SUB a",
                "PUB a",
                "PUB a xx",
                "PUB a -1",
                "HPUB a 10 5",
                "HPUB a 5",
                "UNSUB 1 2 3",
                "CONNECT {\"verbose\":")) {
            try (RawClient client = brokers.open(OPEN).connect(RawClient.CONNECT_HEADERS)) {
                assertThat(client.send(line + "\r\n").untilClosed())
                        .as("after \"%s\"", line)
                        .isEmpty();
            }
        }
    }

    @Test
    void headersWithoutHavingAskedForThemCloseWithoutAWord() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.send("HPUB a 12 13\r\n").untilClosed()).isEmpty();
        }
    }

    @Test
    void infoAndOkOfAClientAreIgnored() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("INFO {}\r\n+OK\r\nSUB i 1\r\nPUB i 0\r\n\r\n"))
                    .isEqualTo("MSG i 1 0\r\n\r\n");
        }
    }

    @Test
    void errorOfAClientClosesWithoutAWord() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.send("-ERR 'enough'\r\n").untilClosed()).isEmpty();
        }
    }

    @Test
    void controlLineOver4096BytesCloses() {
        String subject = "a".repeat(5_000);
        for (String line :
                List.of("SUB " + subject + " 1\r\n", "PUB " + subject + " 1\r\n", "SUB " + subject, "PUB " + subject)) {
            try (RawClient client = brokers.connect(OPEN)) {
                assertThat(client.send(line).untilClosed())
                        .as("after %s… with%s end", line.substring(0, 5), line.endsWith("\n") ? "" : "out")
                        .isEqualTo("-ERR 'maximum control line exceeded'\r\n");
            }
        }
    }

    @Test
    void controlLineOf4096BytesIsTaken() {
        String subject = "a".repeat(4_096 - " 1".length());
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB " + subject + " 1\r\n")).isEmpty();
        }
    }

    @Test
    void sizesWithLeadingZerosAreNumbersAndPassedOnAsWritten() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB z 1\r\nPUB z 0000002\r\nok\r\n")).isEqualTo("MSG z 1 0000002\r\nok\r\n");
        }
    }

    /** Receivers of one message may get it in any order: compares the frames as a set. */
    private static List<String> sorted(String frames) {
        return List.of(frames.split("(?=H?MSG )")).stream().sorted().toList();
    }
}
