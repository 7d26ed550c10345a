package io.leafd.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.leafd.test.peer.RawClient;
import io.leafd.test.setup.ServerSetup;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One member of each queue group gets a message, and over many messages all members alike. */
@Conformance
class QueueGroupIT {

    private static final ServerSetup OPEN = ServerSetup.open("queue-group");

    private final Brokers brokers;

    QueueGroupIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void eachGroupAndEachPlainSubscriptionGetsTheMessageOnce() {
        try (RawClient client = brokers.connect(OPEN)) {
            client.exchange("SUB j a 1\r\nSUB j a 2\r\nSUB j b 3\r\nSUB j b 4\r\nSUB j 5\r\n");
            for (int i = 0; i < 50; i++) {
                String frames = client.exchange("PUB j 0\r\n\r\n");
                List<String> groups = new ArrayList<>();
                for (String frame : frames.split("(?=MSG )")) {
                    groups.add(frame.replaceAll("j [12] ", "a ").replaceAll("j [34] ", "b "));
                }
                assertThat(groups).containsExactlyInAnyOrder("MSG a 0\r\n\r\n", "MSG b 0\r\n\r\n", "MSG j 5 0\r\n\r\n");
            }
        }
    }

    @Test
    void sameNameOnSeveralMatchingPatternsIsOneGroup() {
        try (RawClient client = brokers.connect(OPEN)) {
            client.exchange("SUB w.* g 1\r\nSUB w.> g 2\r\nSUB w.x g 3\r\n");
            for (int i = 0; i < 50; i++) {
                assertThat(client.exchange("PUB w.x 0\r\n\r\n")).matches("MSG w.x [123] 0\r\n\r\n");
            }
        }
    }

    @Test
    void tenThousandMessagesAreSharedAlike() {
        int messages = 10_000;
        try (RawClient one = brokers.connect(OPEN);
                RawClient two = brokers.connect(OPEN);
                RawClient three = brokers.connect(OPEN);
                RawClient publisher = brokers.connect(OPEN)) {
            List<RawClient> members = List.of(one, two, three);
            members.forEach(member -> member.exchange("SUB share g 1\r\n"));
            publisher.exchange("PUB share 0\r\n\r\n".repeat(messages));
            int total = 0;
            for (RawClient member : members) {
                int got = member.exchange("").length() / "MSG share 1 0\r\n\r\n".length();
                assertThat(got).isCloseTo(messages / members.size(), within(messages / 20));
                total += got;
            }
            assertThat(total).isEqualTo(messages);
        }
    }

    @Test
    void memberWithoutEchoLeavesItsOwnMessageToAnother() {
        try (RawClient quiet = brokers.open(OPEN);
                RawClient other = brokers.connect(OPEN)) {
            quiet.connect("CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":false}\r\n");
            quiet.exchange("SUB own g 1\r\n");
            other.exchange("SUB own g 1\r\n");
            assertThat(quiet.exchange("PUB own 0\r\n\r\n".repeat(20))).isEmpty();
            assertThat(other.exchange("")).isEqualTo("MSG own 1 0\r\n\r\n".repeat(20));
        }
    }

    @Test
    void groupGoesOnWithoutAMemberThatLeft() {
        try (RawClient leaving = brokers.connect(OPEN);
                RawClient staying = brokers.connect(OPEN);
                RawClient publisher = brokers.connect(OPEN)) {
            leaving.exchange("SUB go g 1\r\n");
            staying.exchange("SUB go g 1\r\n");
            leaving.exchange("UNSUB 1\r\n");
            publisher.exchange("PUB go 0\r\n\r\n".repeat(20));
            assertThat(staying.exchange("")).isEqualTo("MSG go 1 0\r\n\r\n".repeat(20));
        }
    }

    @Test
    void groupNameOfTheSystemIsRefused() {
        try (RawClient client = brokers.connect(OPEN)) {
            assertThat(client.exchange("SUB a _sys_ 1\r\n"))
                    .isEqualTo("-ERR 'Permissions Violation for Subscription to \"a\" using queue \"_sys_\"'\r\n");
        }
    }

    @Test
    void groupNameWithWildcardCharactersIsAName() {
        try (RawClient client = brokers.connect(OPEN)) {
            String frames = client.exchange("SUB n * 1\r\nSUB n > 2\r\nPUB n 0\r\n\r\n");
            assertThat(frames.split("(?=MSG )")).containsExactlyInAnyOrder("MSG n 1 0\r\n\r\n", "MSG n 2 0\r\n\r\n");
        }
    }
}
