package io.leafd.test.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.RawClient;
import io.leafd.test.setup.AccountSetup;
import io.leafd.test.setup.AccountSetup.Kind;
import io.leafd.test.setup.ServerSetup;
import io.leafd.test.setup.UserSetup;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Accounts keep their subjects to themselves, but for what one exports and the other imports. */
@Conformance
class AccountIT {

    private static final ServerSetup SETUP = ServerSetup.open("account")
            .with(AccountSetup.account("PLANT")
                    .with(UserSetup.user("plant", "secret-1"))
                    .exporting(Kind.STREAM, "ev.>")
                    .exporting(Kind.STREAM, "private.>", "OTHER")
                    .exporting(Kind.STREAM, "cell.*.temp.>")
                    .exporting(Kind.SERVICE, "svc.>"))
            .with(AccountSetup.account("OFFICE")
                    .with(UserSetup.user("office", "secret-2"))
                    .importing(Kind.STREAM, "PLANT", "ev.>", "plant.ev.>")
                    .importing(Kind.STREAM, "PLANT", "cell.*.temp.>", "temp.*.>")
                    .importing(Kind.SERVICE, "PLANT", "svc.echo", "echo"))
            .with(AccountSetup.account("OTHER").with(UserSetup.user("other", "secret-3")));

    private final Brokers brokers;

    AccountIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void sameSubjectInTwoAccountsDoesNotLeak() {
        try (RawClient plant = client(SETUP, "plant", 1);
                RawClient other = client(SETUP, "other", 3)) {
            plant.exchange("SUB > 1\r\n");
            other.exchange("SUB > 1\r\n");
            assertThat(plant.exchange("PUB same 1\r\np\r\n")).isEqualTo("MSG same 1 1\r\np\r\n");
            assertThat(other.exchange("PUB same 1\r\no\r\n")).isEqualTo("MSG same 1 1\r\no\r\n");
            assertThat(plant.exchange("")).isEmpty();
        }
    }

    @Test
    void requestNobodyHearsInThisAccountIsNotAnsweredByAnother() {
        try (RawClient plant = client(SETUP, "plant", 1);
                RawClient other = clientWithHeaders("other", 3)) {
            plant.exchange("SUB asked 1\r\n");
            assertThat(other.exchange("SUB _INBOX.o 1\r\nPUB asked _INBOX.o 0\r\n\r\n"))
                    .isEqualTo("HMSG _INBOX.o 1 37 37\r\nNATS/1.0 503\r\nNats-Subject: asked\r\n\r\n\r\n");
            assertThat(plant.exchange("")).isEmpty();
        }
    }

    @Test
    void secondConnectChangesTheAccountAndDropsSubscriptions() {
        try (RawClient client = client(SETUP, "plant", 1);
                RawClient plant = client(SETUP, "plant", 1);
                RawClient other = client(SETUP, "other", 3)) {
            client.exchange("SUB x 1\r\n");
            client.send("CONNECT {\"verbose\":false,\"user\":\"other\",\"pass\":\"secret-3\"}\r\n");
            assertThat(client.exchange("SUB y 2\r\n")).isEmpty();
            plant.exchange("PUB x 0\r\n\r\nPUB y 0\r\n\r\n");
            other.exchange("PUB x 0\r\n\r\nPUB y 0\r\n\r\n");
            assertThat(client.exchange("")).isEqualTo("MSG y 2 0\r\n\r\n");
        }
    }

    @Test
    void secondConnectWithWrongPasswordEndsTheConnection() {
        try (RawClient client = client(SETUP, "plant", 1)) {
            client.send("CONNECT {\"verbose\":false,\"user\":\"other\",\"pass\":\"wrong\"}\r\n");
            assertThat(client.untilClosed()).isEqualTo("-ERR 'Authorization Violation'\r\n");
        }
    }

    @Test
    void importedStreamArrivesUnderItsLocalName() {
        try (RawClient plant = client(SETUP, "plant", 1);
                RawClient office = client(SETUP, "office", 2)) {
            office.exchange("SUB plant.ev.* 1\r\n");
            plant.exchange("PUB ev.a 2\r\nhi\r\nPUB ev.b.c 0\r\n\r\nPUB other 0\r\n\r\n");
            assertThat(office.exchange("")).isEqualTo("MSG plant.ev.a 1 2\r\nhi\r\n");
        }
    }

    @Test
    void wildcardsKeepTheirPlaces() {
        try (RawClient plant = client(SETUP, "plant", 1);
                RawClient office = client(SETUP, "office", 2)) {
            office.exchange("SUB temp.press.> 1\r\n");
            plant.exchange("PUB cell.press.temp.oil.1 2 \r\nhi\r\nPUB cell.oven.temp.oil 0\r\n\r\n");
            assertThat(office.exchange("")).isEqualTo("MSG temp.press.oil.1 1 2\r\nhi\r\n");
        }
    }

    @Test
    void importedStreamArrivesWithItsReplySubjectAndHeaders() {
        try (RawClient plant = clientWithHeaders("plant", 1);
                RawClient office = clientWithHeaders("office", 2)) {
            office.exchange("SUB plant.ev.> 1\r\n");
            plant.exchange("HPUB ev.a answer.to 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\n");
            assertThat(office.exchange(""))
                    .isEqualTo("HMSG plant.ev.a 1 answer.to 18 20\r\nNATS/1.0\r\nA: b\r\n\r\nhi\r\n");
        }
    }

    @Test
    void importedStreamReachesOneMemberOfAQueueGroup() {
        try (RawClient plant = client(SETUP, "plant", 1);
                RawClient office = client(SETUP, "office", 2)) {
            office.exchange("SUB plant.ev.a group 1\r\nSUB plant.ev.> group 1\r\n");
            plant.exchange("PUB ev.a 2\r\nhi\r\n");
            assertThat(office.exchange("")).isEqualTo("MSG plant.ev.a 1 2\r\nhi\r\n");
        }
    }

    @Test
    void largeMessageArrivesWholeInBothAccounts() {
        String large = "x".repeat(700_000);
        try (RawClient plant = client(SETUP, "plant", 1);
                RawClient plantToo = client(SETUP, "plant", 1);
                RawClient office = client(SETUP, "office", 2);
                RawClient officeToo = client(SETUP, "office", 2)) {
            plantToo.exchange("SUB ev.a 1\r\n");
            plant.exchange("SUB ev.a 1\r\n");
            office.exchange("SUB plant.ev.a 2\r\n");
            officeToo.exchange("SUB plant.ev.> 3\r\n");
            plant.send("PUB ev.a 700000\r\n" + large + "\r\n");
            assertThat(plant.until("\r\n")).isEqualTo("MSG ev.a 1 700000");
            assertThat(plant.until("\r\n")).isEqualTo(large);
            assertThat(plantToo.until("\r\n")).isEqualTo("MSG ev.a 1 700000");
            assertThat(plantToo.until("\r\n")).isEqualTo(large);
            assertThat(office.until("\r\n")).isEqualTo("MSG plant.ev.a 2 700000");
            assertThat(office.until("\r\n")).isEqualTo(large);
            assertThat(officeToo.until("\r\n")).isEqualTo("MSG plant.ev.a 3 700000");
            assertThat(officeToo.until("\r\n")).isEqualTo(large);
        }
    }

    @Test
    void importedStreamIsOneWay() {
        try (RawClient plant = client(SETUP, "plant", 1);
                RawClient office = client(SETUP, "office", 2)) {
            plant.exchange("SUB ev.> 1\r\nSUB plant.ev.> 2\r\n");
            office.exchange("PUB plant.ev.a 0\r\n\r\nPUB ev.a 0\r\n\r\n");
            assertThat(plant.exchange("")).isEmpty();
        }
    }

    @Test
    void importedServiceAnswersTheRequesterOnce() {
        try (RawClient plant = client(SETUP, "plant", 1);
                RawClient office = client(SETUP, "office", 2)) {
            plant.exchange("SUB svc.echo 5\r\n");
            office.exchange("SUB _INBOX.1 1\r\nPUB echo _INBOX.1 2\r\nhi\r\n");
            Matcher request = Pattern.compile("MSG svc\\.echo 5 (_R_\\.\\S+) 2")
                    .matcher(plant.until("hi\r\n").stripTrailing());
            assertThat(request.matches()).isTrue();
            plant.exchange("PUB " + request.group(1) + " 2\r\nok\r\n");
            assertThat(office.until("ok\r\n")).isEqualTo("MSG _INBOX.1 1 2\r\n");
            plant.exchange("PUB " + request.group(1) + " 3\r\nno!\r\n");
            assertThat(office.exchange("")).isEmpty();
        }
    }

    @Test
    void importedServiceThatNobodyServesIsAnswered() {
        try (RawClient office = clientWithHeaders("office", 2)) {
            assertThat(office.exchange("SUB _INBOX.2 1\r\nPUB echo _INBOX.2 0\r\n\r\n"))
                    .startsWith("HMSG _INBOX.2 1 ")
                    .contains("NATS/1.0 503\r\n");
        }
    }

    private RawClient client(ServerSetup setup, String user, int number) {
        return brokers.open(setup)
                .connect("CONNECT {\"verbose\":false,\"pedantic\":false,\"user\":\"%s\",\"pass\":\"secret-%d\"}\r\n"
                        .formatted(user, number));
    }

    private RawClient clientWithHeaders(String user, int number) {
        return brokers.open(SETUP)
                .connect(RawClient.CONNECT_HEADERS.replace(
                        "{", "{\"user\":\"%s\",\"pass\":\"secret-%d\",".formatted(user, number)));
    }
}
