package io.leafd.test.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.conformance.Brokers;
import io.leafd.test.conformance.Conformance;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.setup.AccountSetup;
import io.leafd.test.setup.ServerSetup;
import io.leafd.test.setup.UserSetup;
import io.nats.client.Message;
import org.junit.jupiter.api.Test;

/** What an account may store, and the domain under which it is reached. */
@Conformance
class AccountInfoIT {

    private static final ServerSetup OPEN = ServerSetup.open("account-info").jetstream("shop");
    private static final ServerSetup TWO = ServerSetup.open("account-info-two")
            .jetstream("shop")
            .with(AccountSetup.account("WITH").withJetStream().with(UserSetup.user("with", "secret-1")))
            .with(AccountSetup.account("WITHOUT").with(UserSetup.user("without", "secret-2")));

    private final Brokers brokers;

    AccountInfoIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void infoTellsUseLimitsLevelAndDomain() {
        try (JetStream js = JetStream.of(brokers.own(OPEN))) {
            JsonTree info = js.ok("INFO", "");
            assertThat(info.text("type")).isEqualTo("io.nats.jetstream.api.v1.account_info_response");
            assertThat(info.text("domain")).isEqualTo("shop");
            assertThat(info.number("streams")).isZero();
            assertThat(info.number("consumers")).isZero();
            assertThat(info.number("memory")).isZero();
            assertThat(info.number("storage")).isZero();
            assertThat(info.keys("limits"))
                    .contains(
                            "max_memory",
                            "max_storage",
                            "max_streams",
                            "max_consumers",
                            "max_ack_pending",
                            "max_bytes_required");
            assertThat(info.number("limits.max_streams")).isEqualTo(-1);
            assertThat(info.number("api.level")).isPositive();

            js.stream("COUNTED", "\"subjects\":[\"counted\"]");
            js.stored(1, "counted", "x");
            JsonTree later = js.ok("INFO", "");
            assertThat(later.number("streams")).isEqualTo(1);
            assertThat(later.number("storage")).isPositive();
            assertThat(later.number("api.total")).isGreaterThan(info.number("api.total"));
        }
    }

    @Test
    void infoOfAnAccountWithoutJetStreamIsRefused() {
        try (JetStream with = JetStream.of(brokers.with(TWO), "with", "secret-1");
                JetStream without = JetStream.of(brokers.with(TWO), "without", "secret-2")) {
            assertThat(with.ok("INFO", "").text("domain")).isEqualTo("shop");
            JsonTree answer = without.call("INFO", "");
            assertThat(answer.number("error.code")).isEqualTo(503);
            assertThat(answer.number("error.err_code")).isEqualTo(10039);
            assertThat(answer.text("error.description")).isEqualTo("JetStream not enabled for account");
        }
    }

    @Test
    void apiAnswersUnderItsDomainToo() {
        try (JetStream js = JetStream.of(brokers.with(OPEN))) {
            js.stream("DOMAIN", "\"subjects\":[\"dom\"]");
            Message answer = js.request("$JS.shop.API.STREAM.INFO.DOMAIN", "");
            assertThat(JsonTree.of(answer.getData()).text("config.name")).isEqualTo("DOMAIN");
            assertThat(JsonTree.of(js.request("$JS.shop.API.INFO", "").getData())
                            .text("domain"))
                    .isEqualTo("shop");
        }
    }

    @Test
    void anotherDomainIsServedByNobody() {
        try (JetStream js = JetStream.of(brokers.with(OPEN))) {
            assertThat(js.request("$JS.elsewhere.API.INFO", "").getStatus().getCode())
                    .isEqualTo(503);
        }
    }
}
