package io.leafd.test.hostility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Lines that no client should send, on the port for clients and on that for leafs. */
class BadLineIT {
    private static final long SEED = 20_261_121;
    private static final int ATTACKERS = 4;
    private static final int LINES = 100_000;
    private static final int LEAF_LINES = 10_000;
    private static final int MORE_LINES = 50_000;
    private static final int LINES_OF_A_CONNECTION = 10;
    private static final Pattern ERROR = Pattern.compile("-ERR '([^']*)'");
    private static final Pattern NATS_ERROR = Pattern.compile(
            "Unknown Protocol Operation|maximum control line exceeded|Maximum Payload Violation|Authorization Violation"
                    + "|Authentication Timeout|Invalid Subject|Invalid Publish Subject|Permissions Violation.*|invalid client protocol"
                    + "|Connection throttling is active.*|attempted to connect to leaf node port");
    private static final byte[] LOGIN =
            "CONNECT {\"verbose\":false,\"headers\":true,\"user\":\"%s\",\"pass\":\"%s\"}\r\n"
                    .formatted(Box.USER, Box.PASSWORD)
                    .getBytes(StandardCharsets.US_ASCII);

    @Test
    void aHundredThousandBadLinesHarmNobody() {
        try (Box box = Box.start("bad-lines", "");
                GoodClient good = GoodClient.at(box)) {
            assertThat(attack(box.leafd.clientPort(), LINES, LOGIN)).isEqualTo(LINES);
            assertThat(attack(box.leafPort, LEAF_LINES, new byte[0])).isEqualTo(LEAF_LINES);
            box.measure(); // now: the heap has grown to its bound, pools are filled, code is compiled

            attack(box.leafd.clientPort(), MORE_LINES, LOGIN);
            attack(box.leafPort, LEAF_LINES, new byte[0]);

            good.wasServedThroughout();
            box.settles();
            good.allIsKept(box);
        }
    }

    private static int attack(int port, int lines, byte[] login) {
        return Attack.together(ATTACKERS, number -> {
            var bad = new BadLines(SEED + number);
            int sent = 0;
            for (boolean in = false; sent < lines / ATTACKERS; in = !in) {
                int of = Math.min(LINES_OF_A_CONNECTION, lines / ATTACKERS - sent);
                check(Attack.say(port, lines(bad, of, in ? login : new byte[0])));
                sent += of;
            }
            return sent;
        });
    }

    private static byte[] lines(BadLines bad, int count, byte[] first) throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.write(first);
        for (int i = 0; i < count; i++) {
            bytes.write(bad.next());
        }
        return bytes.toByteArray();
    }

    private static void check(String answer) {
        Matcher errors = ERROR.matcher(answer);
        while (errors.find()) {
            assertThat(errors.group(1)).matches(NATS_ERROR);
        }
    }
}
