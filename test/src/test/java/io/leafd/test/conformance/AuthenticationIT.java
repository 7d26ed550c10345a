package io.leafd.test.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.JsonTree;
import io.leafd.test.peer.RawClient;
import io.leafd.test.setup.AccountSetup;
import io.leafd.test.setup.Identity;
import io.leafd.test.setup.ServerSetup;
import io.leafd.test.setup.UserSetup;
import io.leafd.test.setup.UserSetup.Credential;
import java.util.Base64;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may connect. Every failure has the same text: nothing tells a guesser which part was wrong. */
@Conformance
class AuthenticationIT {

    private static final String VIOLATION = "-ERR 'Authorization Violation'\r\n";
    private static final Identity KEY = Identity.user();

    private static final String HASH =
            OpenBSDBCrypt.generate("secret-2".toCharArray(), "sixteen bytes ok".getBytes(US_ASCII), 4);

    private static final ServerSetup USERS = ServerSetup.open("authentication")
            .with(AccountSetup.account("A")
                    .with(UserSetup.user("plain", "secret-1"))
                    .with(UserSetup.of(new Credential.PasswordHash("hashed", HASH)))
                    .with(UserSetup.of(new Credential.Nkey(KEY.publicKey()))));
    private static final ServerSetup TOKEN = ServerSetup.open("authentication-token")
            .with(AccountSetup.account("T").with(UserSetup.of(new Credential.Token("token-1"))));
    private static final ServerSetup GUEST = ServerSetup.open("authentication-guest")
            .with(AccountSetup.account("A")
                    .with(UserSetup.user("guest", "secret-1"))
                    .with(UserSetup.user("other", "secret-2")))
            .noAuthUser("guest");

    private final Brokers brokers;

    AuthenticationIT(Brokers brokers) {
        this.brokers = brokers;
    }

    @Test
    void infoAsksForALoginAndOffersANonce() {
        try (RawClient client = brokers.open(USERS)) {
            JsonTree info = client.info();
            assertThat(info.isTrue("auth_required")).isTrue();
            assertThat(info.text("nonce")).matches("[A-Za-z0-9_-]{15}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"user\":\"plain\",\"pass\":\"secret-1\"}",
                "{\"user\":\"hashed\",\"pass\":\"secret-2\"}",
            })
    void rightPasswordIsTaken(String credentials) {
        assertThat(login(USERS, credentials)).isEqualTo("PONG\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"user\":\"plain\"}",
                "{\"user\":\"plain\",\"pass\":\"\"}",
                "{\"user\":\"plain\",\"pass\":\"secret-2\"}",
                "{\"user\":\"plain\",\"pass\":\"secret-1 \"}",
                "{\"user\":\"Plain\",\"pass\":\"secret-1\"}",
                "{\"user\":\"hashed\",\"pass\":\"secret-1\"}",
                "{\"user\":\"nobody\",\"pass\":\"secret-1\"}",
                "{\"pass\":\"secret-1\"}",
                "{\"auth_token\":\"secret-1\"}",
                "{\"nkey\":\"plain\",\"sig\":\"secret-1\"}",
                "{\"jwt\":\"eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.e30.AAAA\"}",
            })
    void wrongCredentialsAreAViolation(String credentials) {
        assertThat(login(USERS, credentials)).isEqualTo(VIOLATION);
    }

    @Test
    void hashItselfIsNotThePassword() {
        assertThat(login(USERS, "{\"user\":\"hashed\",\"pass\":\"" + HASH + "\"}"))
                .isEqualTo(VIOLATION);
    }

    @Test
    void tokenIsTakenAndAWrongOneIsAViolation() {
        assertThat(login(TOKEN, "{\"auth_token\":\"token-1\"}")).isEqualTo("PONG\r\n");
        assertThat(login(TOKEN, "{\"auth_token\":\"token-2\"}")).isEqualTo(VIOLATION);
        assertThat(login(TOKEN, "{\"user\":\"token-1\"}")).isEqualTo(VIOLATION);
        assertThat(login(TOKEN, "{}")).isEqualTo(VIOLATION);
    }

    @Test
    void signatureOfTheNonceIsTakenInBothAlphabets() {
        assertThat(loginByKey(KEY, KEY.publicKey(), Base64.getUrlEncoder().withoutPadding()))
                .isEqualTo("PONG\r\n");
        assertThat(loginByKey(KEY, KEY.publicKey(), Base64.getEncoder())).isEqualTo("PONG\r\n");
    }

    @Test
    void signatureOfAnotherKeyIsAViolation() {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        Identity stranger = Identity.user();
        assertThat(loginByKey(stranger, KEY.publicKey(), encoder)).isEqualTo(VIOLATION);
        assertThat(loginByKey(stranger, stranger.publicKey(), encoder)).isEqualTo(VIOLATION);
    }

    @Test
    void signatureOfAnotherNonceIsAViolation() {
        try (RawClient client = brokers.open(USERS)) {
            client.info();
            String signature = KEY.sign("AAAAAAAAAAAAAAA");
            assertThat(connect(client, "{\"nkey\":\"%s\",\"sig\":\"%s\"}".formatted(KEY.publicKey(), signature)))
                    .isEqualTo(VIOLATION);
        }
    }

    @Test
    void clientWithoutCredentialsIsTheGuest() {
        assertThat(login(GUEST, "{}")).isEqualTo("PONG\r\n");
        assertThat(login(GUEST, "{\"user\":\"other\",\"pass\":\"secret-2\"}")).isEqualTo("PONG\r\n");
        assertThat(login(GUEST, "{\"user\":\"other\",\"pass\":\"wrong\"}")).isEqualTo(VIOLATION);
        try (RawClient client = brokers.open(GUEST)) {
            client.info();
            assertThat(client.exchange("SUB a 1\r\n")).isEqualTo("+OK\r\n");
        }
    }

    private String login(ServerSetup setup, String credentials) {
        try (RawClient client = brokers.open(setup)) {
            client.info();
            return connect(client, credentials);
        }
    }

    private String loginByKey(Identity signer, String publicKey, Base64.Encoder encoder) {
        try (RawClient client = brokers.open(USERS)) {
            String signature =
                    encoder.encodeToString(signer.signature(client.info().text("nonce")));
            return connect(client, "{\"nkey\":\"%s\",\"sig\":\"%s\"}".formatted(publicKey, signature));
        }
    }

    /** PONG or the error and the end. */
    private static String connect(RawClient client, String credentials) {
        String quiet = credentials.equals("{}")
                ? "{\"verbose\":false}"
                : credentials.replaceFirst("\\{", "{\"verbose\":false,");
        client.send("CONNECT " + quiet + "\r\nPING\r\n");
        String first = client.line() + "\r\n";
        return first.startsWith("-ERR") ? first + client.untilClosed() : first;
    }
}
