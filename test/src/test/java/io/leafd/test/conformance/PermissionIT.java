package io.leafd.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.RawClient;
import io.leafd.test.setup.AccountSetup;
import io.leafd.test.setup.Permission;
import io.leafd.test.setup.ServerSetup;
import io.leafd.test.setup.UserSetup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user may publish and subscribe to. A refusal names the subject and leaves the connection open. */
@Conformance
class PermissionIT {

    private static final ServerSetup SETUP = ServerSetup.open("permission")
            .with(AccountSetup.account("A")
                    .with(UserSetup.user("admin", "secret-0"))
                    .with(UserSetup.user("sensor", "secret-1")
                            .publish(Permission.allow("plant.>", "_INBOX.>").except("plant.admin.>"))
                            .subscribe(Permission.allow("cmd.sensor.>", "plant.*.state", "_INBOX.>")
                                    .except("cmd.sensor.secret")))
                    .with(UserSetup.user("denied", "secret-2")
                            .publish(Permission.deny("no.>"))
                            .subscribe(Permission.deny("no.>", "ok.secret")))
                    .with(UserSetup.user("worker", "secret-3")
                            .subscribe(Permission.allow("q.x v1.*", "any", "plain.* g", "_INBOX.>")))
                    .with(UserSetup.user("queueless", "secret-4").subscribe(Permission.deny("q.x v2.*")))
                    .with(UserSetup.user("responder", "secret-5")
                            .subscribe(Permission.allow("svc.>"))
                            .responses(1, "1m"))
                    .with(UserSetup.user("thrice", "secret-6")
                            .publish(Permission.allow("extra"))
                            .subscribe(Permission.allow("svc.>"))
                            .responses(3, "1m"))
                    .with(UserSetup.user("hasty", "secret-7")
                            .subscribe(Permission.allow("svc.>"))
                            .responses(1_000_000, "1s")));

    private final Brokers brokers;

    PermissionIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @ParameterizedTest
    @CsvSource({
        "sensor, 1, plant.a, true",
        "sensor, 1, plant.a.b, true",
        "sensor, 1, plant, false",
        "sensor, 1, other.a, false",
        "sensor, 1, plant.admin.reset, false",
        "sensor, 1, plant.admin, true",
        "denied, 2, anything, true",
        "denied, 2, no.way, false",
        "denied, 2, no, true",
    })
    void publish(String user, int number, String subject, boolean allowed) {
        try (RawClient client = client(user, number);
                RawClient admin = client("admin", 0)) {
            admin.exchange("SUB > 1\r\n");
            assertThat(client.exchange("PUB " + subject + " 2\r\nhi\r\n"))
                    .isEqualTo(allowed ? "" : "-ERR 'Permissions Violation for Publish to \"" + subject + "\"'\r\n");
            assertThat(admin.exchange("")).isEqualTo(allowed ? "MSG " + subject + " 1 2\r\nhi\r\n" : "");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sensor, 1, cmd.sensor.a, true",
        "sensor, 1, cmd.sensor.>, true",
        "sensor, 1, cmd.sensor.*, true",
        "sensor, 1, cmd.>, false",
        "sensor, 1, cmd.sensor, false",
        "sensor, 1, >, false",
        "sensor, 1, *.*.a, false",
        "sensor, 1, cmd.sensor.secret, false",
        "sensor, 1, plant.press.state, true",
        "sensor, 1, plant.*.state, true",
        "sensor, 1, plant.>, false",
        "denied, 2, >, true",
        "denied, 2, no.a, false",
        "denied, 2, no.>, false",
        "denied, 2, no.*, false",
        "denied, 2, ok.secret, false",
        "denied, 2, ok.>, true",
        "denied, 2, no, true",
    })
    void subscribe(String user, int number, String subject, boolean allowed) {
        try (RawClient client = client(user, number)) {
            assertThat(client.exchange("SUB " + subject + " 1\r\n"))
                    .isEqualTo(
                            allowed ? "" : "-ERR 'Permissions Violation for Subscription to \"" + subject + "\"'\r\n");
            assertThat(client.exchange("SUB " + subject + " g 2\r\n"))
                    .isEqualTo(
                            allowed
                                    ? ""
                                    : "-ERR 'Permissions Violation for Subscription to \"" + subject
                                            + "\" using queue \"g\"'\r\n");
        }
    }

    @Test
    void subscriptionWiderThanADenialIsFilteredMessageByMessage() {
        try (RawClient client = client("denied", 2);
                RawClient admin = client("admin", 0)) {
            client.exchange("SUB ok.> 1\r\nSUB > 2\r\n");
            admin.exchange("PUB ok.a 0\r\n\r\nPUB ok.secret 0\r\n\r\nPUB no.a 0\r\n\r\nPUB ok.b 0\r\n\r\n");
            assertThat(client.exchange("").split("(?=MSG )"))
                    .containsExactlyInAnyOrder(
                            "MSG ok.a 1 0\r\n\r\n",
                            "MSG ok.a 2 0\r\n\r\n",
                            "MSG ok.b 1 0\r\n\r\n",
                            "MSG ok.b 2 0\r\n\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "worker, 3, q.x, v1.a, true",
                "worker, 3, q.x, -, false",
                "worker, 3, q.x, bad, false",
                "worker, 3, q.x, v1, false",
                "worker, 3, any, -, true",
                "worker, 3, any, all, true",
                "worker, 3, plain.a, g, true",
                "worker, 3, plain.a, h, false",
                "queueless, 4, q.x, -, true",
                "queueless, 4, q.x, v1.a, true",
                "queueless, 4, q.x, v2.a, false",
            })
    void subscribeAsMemberOfAQueueGroup(
            String user, int number, String subject, @Nullable String queue, boolean allowed) {
        String group = queue == null ? "" : " " + queue;
        String using = queue == null ? "" : " using queue \"" + queue + "\"";
        try (RawClient client = client(user, number)) {
            assertThat(client.exchange("SUB " + subject + group + " 1\r\n"))
                    .isEqualTo(
                            allowed
                                    ? ""
                                    : "-ERR 'Permissions Violation for Subscription to \"" + subject + "\"" + using
                                            + "'\r\n");
        }
    }

    @Test
    void responderMayAnswerOnce() {
        assertAnswers("responder", 5, 1);
    }

    @Test
    void responderMayAnswerAsOftenAsItIsAllowed() {
        assertAnswers("thrice", 6, 3);
    }

    @Test
    void responderMayAnswerOnlyWhatItReceived() {
        try (RawClient responder = client("responder", 5)) {
            assertThat(responder.exchange("PUB _INBOX.other 0\r\n\r\nPUB svc.a 0\r\n\r\n"))
                    .isEqualTo("-ERR 'Permissions Violation for Publish to \"_INBOX.other\"'\r\n"
                            + "-ERR 'Permissions Violation for Publish to \"svc.a\"'\r\n");
        }
        try (RawClient thrice = client("thrice", 6)) {
            assertThat(thrice.exchange("PUB extra 0\r\n\r\n")).isEmpty();
        }
    }

    @Test
    void permissionToAnswerExpires() {
        try (RawClient responder = client("hasty", 7);
                RawClient requester = client("admin", 0)) {
            responder.exchange("SUB svc.a 1\r\n");
            requester.exchange("PUB svc.a _INBOX.late 0\r\n\r\n");
            responder.until("MSG svc.a 1 _INBOX.late 0\r\n\r\n");
            Deadline.await(
                    "the permission to expire",
                    Deadline.ANSWER,
                    () -> responder
                            .exchange("PUB _INBOX.late 0\r\n\r\n")
                            .equals("-ERR 'Permissions Violation for Publish to \"_INBOX.late\"'\r\n"));
        }
    }

    @Test
    void verboseClientGetsTheRefusalInsteadOfOk() {
        try (RawClient client = brokers.open(SETUP)) {
            client.info();
            client.send("CONNECT {\"verbose\":true,\"user\":\"sensor\",\"pass\":\"secret-1\"}\r\n");
            assertThat(client.exchange("SUB x 1\r\nPUB x 0\r\n\r\nSUB plant.a.state 2\r\n"))
                    .isEqualTo("+OK\r\n-ERR 'Permissions Violation for Subscription to \"x\"'\r\n"
                            + "-ERR 'Permissions Violation for Publish to \"x\"'\r\n+OK\r\n");
        }
    }

    private void assertAnswers(String user, int number, int max) {
        try (RawClient responder = client(user, number);
                RawClient requester = client("admin", 0)) {
            responder.exchange("SUB svc.a 1\r\n");
            requester.exchange("SUB _INBOX.r 1\r\nPUB svc.a _INBOX.r 0\r\n\r\n");
            responder.until("MSG svc.a 1 _INBOX.r 0\r\n\r\n");
            assertThat(responder.exchange("PUB _INBOX.r 1\r\na\r\n".repeat(max + 1)))
                    .isEqualTo("-ERR 'Permissions Violation for Publish to \"_INBOX.r\"'\r\n");
            assertThat(requester.exchange("")).isEqualTo("MSG _INBOX.r 1 1\r\na\r\n".repeat(max));
        }
    }

    private RawClient client(String user, int number) {
        return brokers.open(SETUP)
                .connect("CONNECT {\"verbose\":false,\"pedantic\":false,\"user\":\"%s\",\"pass\":\"secret-%d\"}\r\n"
                        .formatted(user, number));
    }
}
