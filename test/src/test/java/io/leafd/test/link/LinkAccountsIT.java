package io.leafd.test.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.RawClient;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What an account without a link of its own imports from one that has one: messages of the hub, and services at the hub.
 *
 * <pre>
 *   hub ◀── leaf connection ──▶ PLANT ──▶ stream ev.> as hub.ev.>  ──▶ OFFICE
 *                                     ◀── service svc.echo as echo ◀──
 * </pre>
 */
@Tag("conformance")
class LinkAccountsIT {
    /** Everybody's password is "secret". */
    private static final String ACCOUNTS = """
            account = "PLANT"
            import = ["ev.>"]
            export = ["svc.>"]

            [accounts.PLANT]
            exports = [{ stream = "ev.>" }, { service = "svc.>" }]
            [[accounts.PLANT.users]]
            name = "plant"
            password_hash = "$2a$11$mT0zCUb7kH/xqTQcE15n7eZuJdDguNz5ox5z/bDMCBPmYRmnTf6Em"

            [accounts.OFFICE]
            imports = [
                { stream = "ev.>", account = "PLANT", to = "hub.ev.>" },
                { service = "svc.echo", account = "PLANT", to = "echo" },
            ]
            [[accounts.OFFICE.users]]
            name = "office"
            password_hash = "$2a$11$mT0zCUb7kH/xqTQcE15n7eZuJdDguNz5ox5z/bDMCBPmYRmnTf6Em"
            """;

    @Test
    @Timeout(120)
    void importsReachOverTheLinkOfTheOtherAccount() {
        try (Site site = Site.start(Site.UNLIMITED, ACCOUNTS);
                RawClient hub = site.atHub();
                RawClient office = RawClient.open(site.edge.clientPort()).connect(office())) {
            assertThat(office.exchange("SUB _INBOX.> 1\r\nPUB echo _INBOX.1 0\r\n\r\n"))
                    .as("nobody serves it")
                    .contains("NATS/1.0 503");

            office.exchange("SUB hub.ev.a 2\r\n");
            awaitEvent(hub, office);
            hub.exchange("SUB svc.echo 5\r\n");
            Matcher request = awaitRequest(hub, office);
            assertThat(request.group(2)).contains("Nats-Request-Info: {\"acc\":\"OFFICE\"}");
            hub.exchange("PUB " + request.group(1) + " 2\r\nok\r\n");
            assertThat(office.until("ok\r\n")).endsWith("MSG _INBOX.2 1 2\r\n");
            assertThat(site.hub.logText()).doesNotContain("Permissions Violation");
        }
    }

    /** What the office wants is told to the hub, and nothing more. */
    private static void awaitEvent(RawClient hub, RawClient office) {
        Deadline.await("an event of the hub", Duration.ofSeconds(30), () -> {
            hub.exchange("PUB ev.b 0\r\n\r\nPUB ev.a 2\r\nhi\r\n");
            String heard = office.exchange("");
            assertThat(heard).doesNotContain("ev.b");
            return heard.contains("MSG hub.ev.a 2 2\r\nhi\r\n");
        });
    }

    /** The request as the hub sees it: its reply subject, and its headers. */
    private static Matcher awaitRequest(RawClient hub, RawClient office) {
        Pattern shape =
                Pattern.compile("HMSG svc\\.echo 5 (_R_\\.\\S+) \\d+ \\d+\r\n(.*\r\n\r\n)hi\r\n", Pattern.DOTALL);
        Matcher[] found = new Matcher[1];
        Deadline.await("a request at the hub", Duration.ofSeconds(30), () -> {
            office.exchange("PUB echo _INBOX.2 2\r\nhi\r\n");
            found[0] = shape.matcher(hub.exchange(""));
            return found[0].find();
        });
        return found[0];
    }

    private static String office() {
        return RawClient.CONNECT_HEADERS.replace("{", "{\"user\":\"office\",\"pass\":\"secret\",");
    }
}
