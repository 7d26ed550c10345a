package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.peer.NatsServer;
import io.leafd.test.peer.Ports;
import io.leafd.test.peer.TestDirectory;
import io.leafd.test.setup.CertificateAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A box without battery starts in 1970, where the upstream's certificate is not valid yet. It serves its clients; and the link is there
 * soon after the clock is, however long it would have waited with its next attempt.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LinkClockIT {
    private static final Duration LINKED_WITHIN = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final long WAITS_MS = 6_000;

    @Test
    void theLinkComesWithTheClock() {
        Profile profile = Profile.of("link-clock");
        Path directory = TestDirectory.create("clock-hub");
        CertificateAuthority authority = CertificateAuthority.in(directory);
        int leafPort = Ports.free();
        try (NatsServer hub = hub(directory, leafPort, authority.issueServer());
                Box box = Box.on(Box.Kind.LEAFD, """
                        [upstream.hq]
                        urls = ["tls://127.0.0.1:%d"]
                        retry_max = "5m"
                        [upstream.hq.tls]
                        ca_file = "%s"
                        """.formatted(leafPort, authority.file()))) {
            hub.start();
            var clock = new FakeClock(box.directory());
            clock.shift(Duration.between(Instant.now(), Instant.EPOCH.plus(Duration.ofMinutes(10))));
            box.environment(clock.environment());
            box.start();
            Deadline.await(
                    "the link waits long", LIMIT, () -> link(box).number("answer.links.0.retry_in_ms") > WAITS_MS);
            assertThat(link(box).text("answer.links.0.last_error")).contains("not valid yet");
            servesItsClients(box);

            clock.shift(Duration.ZERO);
            long fromNs = System.nanoTime();
            Deadline.await(
                    "the link is there",
                    LIMIT,
                    () -> link(box).text("answer.links.0.state").equals("connected"));
            Duration took = Duration.ofNanos(System.nanoTime() - fromNs);
            profile.report("linked %d ms after the clock was set".formatted(took.toMillis()));
            assertThat(took).as("time from the clock to the link").isLessThanOrEqualTo(LINKED_WITHIN);
        }
    }

    private static NatsServer hub(Path directory, int leafPort, CertificateAuthority.Certified server) {
        return NatsServer.of(
                directory, Ports.free(), """
                server_name: HUB
                leafnodes { listen: "127.0.0.1:%d", tls { cert_file: "%s", key_file: "%s" } }
                """.formatted(leafPort, server.certificateFile(), server.keyFile()));
    }

    private static JsonTree link(Box box) {
        return AdminQuestion.status(box.dataDirectory());
    }

    private static void servesItsClients(Box box) {
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            api.createStream("LOCAL", "local", "");
            assertThat(api.ask("local", new byte[10], LIMIT).text()).contains("\"seq\"");
        }
    }
}
