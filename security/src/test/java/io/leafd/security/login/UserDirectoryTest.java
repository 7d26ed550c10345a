package io.leafd.security.login;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.security.SecurityConfigException;
import io.leafd.security.TestCertificates;
import io.leafd.security.login.LoginResult.Accepted;
import io.leafd.security.login.LoginResult.Reason;
import io.leafd.security.login.LoginResult.Refused;
import io.leafd.security.nkey.Nkey;
import io.leafd.security.nkey.NkeySeed;
import io.leafd.security.nkey.NkeyType;
import io.leafd.security.permission.Permissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UserDirectoryTest {
    private static final String NONCE = "LiIL2reR2ag8Els";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final NkeySeed SEED = NkeySeed.generate(NkeyType.USER, RANDOM);
    private static final NkeySeed STRANGER = NkeySeed.generate(NkeyType.USER, RANDOM);
    private static final X509Certificate CERTIFICATE = new TestCertificates("CA")
            .issue("CN=edge1", new GeneralName(GeneralName.rfc822Name, "edge@example.com"))
            .certificate();

    private static User user(String name, Proof... proofs) {
        return new User(name, "PLANT", List.of(proofs), Permissions.ALL, Set.of());
    }

    private static Proof password(String stored) {
        return new Proof.ByPassword(Password.stored(stored, "test"));
    }

    private static Proof token(String stored) {
        return new Proof.ByToken(Password.stored(stored, "test"));
    }

    private static String bcrypt(String password) {
        return Password.hash(password.getBytes(UTF_8), 4, RANDOM);
    }

    private static LoginRequest request(Claim claim) {
        return new LoginRequest(ConnectionType.STANDARD, claim, NONCE, null);
    }

    private static LoginRequest request(Claim claim, @Nullable X509Certificate certificate) {
        return new LoginRequest(ConnectionType.STANDARD, claim, NONCE, certificate);
    }

    private final User sensor = user("sensor", password("s3cret"));
    private final User hashed = user("hashed", password(bcrypt("h4shed")));
    private final User keyed = user("keyed", new Proof.ByNkey(SEED.nkey()));
    private final User carded = user("carded", new Proof.ByCertificate("edge@example.com"));
    private final User tokened = user("tokened", token("t0ken"));
    private final User guest = user("guest");
    private final UserDirectory all = UserDirectory.of(List.of(sensor, hashed, keyed, carded, tokened, guest), null);

    private void accepts(UserDirectory directory, LoginRequest request, User user) {
        assertThat(directory.login(request)).isEqualTo(new Accepted(user));
    }

    private void refuses(UserDirectory directory, LoginRequest request, Reason reason) {
        assertThat(directory.login(request)).isEqualTo(new Refused(reason));
    }

    @Test
    void passwordsPlainAndHashed() {
        accepts(all, request(Claim.ofPassword("sensor", "s3cret")), sensor);
        accepts(all, request(Claim.ofPassword("hashed", "h4shed")), hashed);
        refuses(all, request(Claim.ofPassword("sensor", "s3creT")), Reason.WRONG_PASSWORD);
        refuses(all, request(Claim.ofPassword("sensor", "")), Reason.WRONG_PASSWORD);
        refuses(all, request(Claim.ofPassword("hashed", "x")), Reason.WRONG_PASSWORD);
        refuses(all, request(Claim.ofPassword("nobody", "s3cret")), Reason.UNKNOWN_USER);
        refuses(all, request(new Claim("sensor", null, null, null, null)), Reason.WRONG_PASSWORD);
        refuses(all, request(new Claim(null, "s3cret", null, null, null)), Reason.UNKNOWN_USER);
    }

    @Test
    void userWithoutPasswordHasNone() {
        refuses(all, request(Claim.ofPassword("carded", "")), Reason.UNKNOWN_USER);
        refuses(all, request(Claim.ofPassword("keyed", "")), Reason.UNKNOWN_USER);
        refuses(all, request(Claim.ofPassword("guest", "")), Reason.UNKNOWN_USER);
    }

    @Test
    void tokens() {
        User second = user("second", token(bcrypt("t2")));
        UserDirectory directory = UserDirectory.of(List.of(tokened, second), null);

        accepts(directory, request(Claim.ofToken("t0ken")), tokened);
        accepts(directory, request(Claim.ofToken("t2")), second);
        refuses(directory, request(Claim.ofToken("t3")), Reason.WRONG_TOKEN);
        refuses(directory, request(Claim.ofToken("")), Reason.NOTHING_PRESENTED);
    }

    @Test
    void clientThatPutsItsTokenInBothFieldsIsAccepted() {
        accepts(all, request(new Claim("t0ken", null, "t0ken", null, null)), tokened);
        refuses(all, request(new Claim("sensor", "x", "t0ken", null, null)), Reason.WRONG_PASSWORD);
    }

    @Test
    void nkeyMustSignTheNonce() {
        String key = SEED.nkey().text();

        accepts(all, request(Claim.ofNkey(key, SEED.signNonce(NONCE))), keyed);
        refuses(all, request(Claim.ofNkey(key, SEED.signNonce("other"))), Reason.WRONG_SIGNATURE);
        refuses(all, request(Claim.ofNkey(key, STRANGER.signNonce(NONCE))), Reason.WRONG_SIGNATURE);
        refuses(all, request(new Claim(null, null, null, key, null)), Reason.WRONG_SIGNATURE);
        refuses(all, request(Claim.ofNkey(key, "not base64!")), Reason.WRONG_SIGNATURE);
        String stranger = STRANGER.nkey().text();
        refuses(all, request(Claim.ofNkey(stranger, STRANGER.signNonce(NONCE))), Reason.UNKNOWN_NKEY);
        refuses(all, request(Claim.ofNkey("garbage", "garbage")), Reason.UNKNOWN_NKEY);
    }

    @Test
    void signatureOverNoNonceIsWorthNothing() {
        LoginRequest replay = new LoginRequest(
                ConnectionType.STANDARD, Claim.ofNkey(SEED.nkey().text(), SEED.signNonce("")), "", null);

        refuses(all, replay, Reason.WRONG_SIGNATURE);
    }

    @Test
    void claimedNkeyDecidesAlone() {
        Claim both = new Claim("sensor", "s3cret", null, STRANGER.nkey().text(), STRANGER.signNonce(NONCE));

        refuses(all, request(both), Reason.UNKNOWN_NKEY);
        refuses(all, request(both, CERTIFICATE), Reason.UNKNOWN_NKEY);
        accepts(UserDirectory.of(List.of(sensor), null), request(both), sensor);
    }

    @Test
    void mappedCertificateDecidesWithoutPassword() {
        accepts(all, request(Claim.NOTHING, CERTIFICATE), carded);
        accepts(all, request(Claim.ofPassword("sensor", "wrong"), CERTIFICATE), carded);
    }

    @Test
    void besideACertificateThatNamesNobodyAPasswordCounts() {
        UserDirectory without = UserDirectory.of(List.of(sensor), "sensor");

        accepts(without, request(Claim.ofPassword("sensor", "s3cret"), CERTIFICATE), sensor);
        refuses(without, request(Claim.ofPassword("sensor", "wrong"), CERTIFICATE), Reason.WRONG_PASSWORD);
        refuses(without, request(Claim.NOTHING, CERTIFICATE), Reason.UNKNOWN_CERTIFICATE);
    }

    @Test
    void userMayHaveSeveralProofs() {
        User both = user("both", password("p"), new Proof.ByCertificate("CN=edge1"), new Proof.ByNkey(STRANGER.nkey()));
        UserDirectory directory = UserDirectory.of(List.of(both), null);

        accepts(directory, request(Claim.ofPassword("both", "p")), both);
        accepts(directory, request(Claim.NOTHING, CERTIFICATE), both);
        accepts(directory, request(Claim.ofNkey(STRANGER.nkey().text(), STRANGER.signNonce(NONCE))), both);
    }

    @Test
    void clientThatClaimsNothingBecomesNoAuthUser() {
        UserDirectory directory = UserDirectory.of(List.of(sensor, guest), "guest");

        assertThat(directory.authRequired()).isFalse();
        accepts(directory, request(Claim.NOTHING), guest);
        accepts(directory, request(new Claim("", "", "", "", "")), guest);
        refuses(directory, request(Claim.ofPassword("nobody", "x")), Reason.UNKNOWN_USER);
        refuses(directory, request(Claim.ofToken("x")), Reason.UNKNOWN_USER);
        assertThat(all.authRequired()).isTrue();
        refuses(all, request(Claim.NOTHING), Reason.NOTHING_PRESENTED);
    }

    @Test
    void openDirectoryAcceptsAnyClaim() {
        UserDirectory open = UserDirectory.open("$G");

        assertThat(open.authRequired()).isFalse();
        assertThat(open.nonceNeeded()).isFalse();
        for (Claim claim :
                List.of(Claim.NOTHING, Claim.ofPassword("a", "b"), Claim.ofToken("t"), Claim.ofNkey("k", "s"))) {
            assertThat(open.login(request(claim, CERTIFICATE))).isInstanceOfSatisfying(Accepted.class, accepted -> {
                assertThat(accepted.user().accountName()).isEqualTo("$G");
                assertThat(accepted.user().permissions().unrestricted()).isTrue();
            });
            assertThat(open.slow(request(claim))).isFalse();
        }
    }

    @Test
    void emptyDirectoryRefusesEverybody() {
        UserDirectory none = UserDirectory.of(List.of(), null);

        assertThat(none.authRequired()).isTrue();
        refuses(none, request(Claim.NOTHING), Reason.NOTHING_PRESENTED);
        refuses(none, request(Claim.ofPassword("a", "b")), Reason.UNKNOWN_USER);
        refuses(none, request(Claim.ofToken("b")), Reason.UNKNOWN_USER);
        refuses(none, request(Claim.NOTHING, CERTIFICATE), Reason.UNKNOWN_CERTIFICATE);
    }

    @Test
    void userMayBeBoundToConnectionTypes() {
        User device = new User("device", "PLANT", List.of(password("p")), Permissions.ALL, Set.of(ConnectionType.MQTT));
        UserDirectory directory = UserDirectory.of(List.of(device), "device");

        refuses(directory, request(Claim.ofPassword("device", "p")), Reason.CONNECTION_TYPE);
        refuses(directory, request(Claim.NOTHING), Reason.CONNECTION_TYPE);
        accepts(directory, new LoginRequest(ConnectionType.MQTT, Claim.ofPassword("device", "p"), "", null), device);
    }

    @Test
    void nonceIsNeededOnlyForNkeys() {
        assertThat(all.nonceNeeded()).isTrue();
        assertThat(UserDirectory.of(List.of(sensor, hashed), null).nonceNeeded())
                .isFalse();
    }

    @Test
    void slowIsWhateverMayComputeAHash() {
        UserDirectory fast = UserDirectory.of(List.of(sensor, keyed), null);

        assertThat(fast.slow(request(Claim.ofPassword("sensor", "x")))).isFalse();
        assertThat(all.slow(request(Claim.ofPassword("hashed", "x")))).isTrue();
        assertThat(all.slow(request(Claim.ofPassword("sensor", "x")))).isTrue();
        assertThat(all.slow(request(Claim.ofPassword("nobody", "x")))).isTrue();
        assertThat(all.slow(request(Claim.ofToken("x")))).isTrue();
        assertThat(all.slow(request(Claim.NOTHING))).isFalse();
        assertThat(all.slow(request(Claim.ofNkey(SEED.nkey().text(), "x")))).isFalse();
        assertThat(all.slow(request(Claim.ofPassword("hashed", "x"), CERTIFICATE)))
                .isFalse();
    }

    /** Hashes are counted, not timed: whoever is claimed, a failure computes the costliest one. */
    @Test
    void failedLoginCostsAHashWhoeverIsClaimed() {
        List<String> computed = new ArrayList<>();
        User costly = user("costly", counted("costly", 8, computed));
        User cheap = user("cheap", counted("cheap", 4, computed));
        UserDirectory directory = UserDirectory.of(List.of(cheap, costly, sensor, tokened), null);

        for (Claim claim : List.of(
                Claim.ofPassword("costly", "x"),
                Claim.ofPassword("sensor", "x"),
                Claim.ofPassword("nobody", "x"),
                Claim.ofPassword("nobody", ""),
                Claim.ofToken("x"))) {
            computed.clear();
            assertThat(directory.login(request(claim))).isInstanceOf(Refused.class);
            assertThat(computed).as(claim.toString()).containsExactly("costly");
        }
        computed.clear();
        assertThat(directory.login(request(Claim.ofPassword("cheap", "x")))).isInstanceOf(Refused.class);
        assertThat(computed).containsExactly("cheap", "costly");
        computed.clear();
        accepts(directory, request(Claim.ofPassword("sensor", "s3cret")), sensor);
        assertThat(computed).isEmpty();
    }

    private static Proof counted(String name, int cost, List<String> computed) {
        String hash = Password.hash(name.getBytes(UTF_8), cost, RANDOM);
        return new Proof.ByPassword(Password.stored(hash, "test", (stored, password) -> {
            computed.add(name);
            return false;
        }));
    }

    @Test
    void nameNkeySubjectAndTokenBelongToOneUser() {
        Nkey key = SEED.nkey();

        refusesUsers("its name is there already", user("a"), user("a"));
        refusesUsers("its nkey " + key, user("a", new Proof.ByNkey(key)), user("b", new Proof.ByNkey(key)));
        refusesUsers(
                "its certificate subject \"CN=x\"",
                user("a", new Proof.ByCertificate("CN=x")),
                user("b", new Proof.ByCertificate("CN=x")));
        refusesUsers("its token is there already", user("a", token("t")), user("b", token("t")));
        refusesUsers("its password is there already", user("a", password("p"), password("q")));
    }

    private static void refusesUsers(String reason, User... users) {
        assertThatThrownBy(() -> UserDirectory.of(List.of(users), null))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void noAuthUserMustExist() {
        assertThatThrownBy(() -> UserDirectory.of(List.of(sensor), "guest"))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessage("no_auth_user: there is no user \"guest\"; name a configured user");
    }

    @Test
    void hashedTokensAreBounded() {
        List<User> users = IntStream.rangeClosed(0, UserDirectory.SLOW_TOKENS_MAX)
                .mapToObj(i -> user("u" + i, token(bcrypt("t" + i))))
                .toList();

        assertThat(UserDirectory.of(users.subList(1, users.size()), null).authRequired())
                .isTrue();
        assertThatThrownBy(() -> UserDirectory.of(users, null))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("5 of them are bcrypt hashes");
    }

    @Test
    void claimNeverShowsASecret() {
        assertThat(new Claim("u", "p4ss", "t0ken", "K", "s1g")).hasToString("Claim[user=u, nkey=K]");
    }
}
