package io.leafd.test.hostility;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.LeafdProcess;
import io.leafd.test.peer.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** CONNECTs that let nobody in: malformed ones, and guesses. */
class BadLoginIT {
    private static final int ATTACKERS = 4;
    private static final int MALFORMED = 4_000;
    private static final int GUESSES = 400;
    private static final String SECRET = "correct-horse-battery-staple";
    private static final List<String> MALFORMED_CONNECTS = List.of(
            "CONNECT \r\n",
            "CONNECT {\r\n",
            "CONNECT {}}\r\n",
            "CONNECT []\r\n",
            "CONNECT null\r\n",
            "CONNECT \"x\"\r\n",
            "CONNECT {\"pass\":" + SECRET + "}\r\n",
            "CONNECT {\"user\":\"good\",\"pass\":\"" + SECRET + "\"\r\n",
            "CONNECT {\"pass\":[\"" + SECRET + "\"]}\r\n",
            "CONNECT {\"auth_token\":\"" + SECRET + "\\q\"}\r\n",
            "CONNECT {\"protocol\":1e99}\r\n",
            "CONNECT {\"protocol\":-7}\r\n",
            "CONNECT {\"verbose\":\"yes\"}\r\n",
            "CONNECT {\"user\":\"\u00ff\u00fe\"}\r\n",
            "CONNECT " + "[".repeat(3_000) + "\r\n",
            "CONNECT {\"a\":".repeat(300) + "\r\n",
            "CONNECT {\"nkey\":\"U\",\"sig\":\"\u0000\"}\r\n",
            "CONNECT {\"new_account\":true,\"account\":\"PLANT\"}\r\n",
            "CONNECT {\"no_responders\":true,\"headers\":false}\r\n");

    @Test
    void malformedConnectsAreRefusedAndWrittenDownOnce() {
        try (Box box = Box.start("bad-connect", "[log]\nlevel = \"trace\"\n");
                GoodClient good = GoodClient.at(box)) {
            box.measure();
            Attack.together(ATTACKERS, number -> {
                var random = new Random(number);
                for (int i = 0; i < MALFORMED / ATTACKERS; i++) {
                    String connect = MALFORMED_CONNECTS.get(random.nextInt(MALFORMED_CONNECTS.size()));
                    int port = i % 8 == 0 ? box.leafPort : box.leafd.clientPort();
                    assertThat(Attack.say(port, connect.getBytes(StandardCharsets.ISO_8859_1)))
                            .doesNotContain("+OK", "Exception", "PONG");
                }
                return 0;
            });
            good.wasServedThroughout();
            box.settles();
            assertThat(box.leafd.logText()).doesNotContain(SECRET).doesNotContain("horse");
            assertThat(box.leafd
                            .logText()
                            .lines()
                            .filter(line -> line.toUpperCase(Locale.ROOT).contains("REFUSED")))
                    .hasSizeLessThan(10);
        }
    }

    @Test
    void guessesAreSlowedAndTheNeighboursComeIn() {
        try (Box box = Box.start("guesses", """
                        [[accounts.PLANT.users]]
                        name = "slow"
                        password_hash = "%s"
                        """.formatted(hash(SECRET)));
                GoodClient good = GoodClient.at(box)) {
            box.measure();
            var refused = new AtomicInteger();
            var unchecked = new AtomicInteger();
            long begunNs = System.nanoTime();
            Attack.together(ATTACKERS, number -> {
                for (int i = 0; i < GUESSES / ATTACKERS; i++) {
                    String answer = Attack.hear(
                            i % 4 == 0 ? box.leafPort : box.leafd.clientPort(),
                            connect("slow", "guess-" + number + "-" + i).getBytes(StandardCharsets.ISO_8859_1));
                    assertThat(answer)
                            .containsAnyOf("throttling", "'Authorization Violation'", "'Authentication Timeout'");
                    (answer.contains("'Authorization Violation'") ? refused : unchecked).incrementAndGet();
                }
                assertThat(login(box, Box.USER, Box.PASSWORD)).isEmpty(); // from the same address, in the midst of it
                return 0;
            });
            long seconds = 1 + (System.nanoTime() - begunNs) / 1_000_000_000L;

            assertThat(refused.get()).as("guesses that were looked at").isLessThanOrEqualTo((int) (40 + seconds));
            assertThat(unchecked.get()).isEqualTo(GUESSES - refused.get());
            assertThat(box.leafd.logText().lines().filter(line -> line.contains("refused")))
                    .hasSizeLessThan(5);
            good.wasServedThroughout();
            box.settles();
        }
    }

    private static String login(Box box, String user, String password) {
        try (RawClient client = RawClient.open(box.leafd.clientPort())) {
            client.info();
            return client.exchange(connect(user, password));
        }
    }

    private static String connect(String user, String password) {
        return "CONNECT {\"verbose\":false,\"pedantic\":false,\"user\":\"%s\",\"pass\":\"%s\"}\r\n"
                .formatted(user, password);
    }

    /** What {@code leafd passwd} makes of a password. */
    private static String hash(String password) {
        try {
            Process passwd = new ProcessBuilder(LeafdProcess.command("passwd"))
                    .redirectErrorStream(true)
                    .start();
            passwd.getOutputStream().write((password + "\n").getBytes(StandardCharsets.UTF_8));
            passwd.getOutputStream().close();
            String out = new String(passwd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return out.lines().filter(line -> line.startsWith("$2")).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
