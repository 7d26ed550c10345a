package io.leafd.security.creds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.security.SecurityConfigException;
import io.leafd.security.nkey.NkeySeed;
import io.leafd.security.nkey.NkeyType;
import io.leafd.security.permission.Permissions;
import io.leafd.security.permission.ResponseLimit;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTest {
    private static final NkeySeed ACCOUNT = NkeySeed.generate(NkeyType.ACCOUNT, new SecureRandom());
    private static final NkeySeed USER = NkeySeed.generate(NkeyType.USER, new SecureRandom());

    private static Jwt parse(String claims) {
        return Jwt.parse(Jwts.signed(ACCOUNT, claims), "test");
    }

    private static Jwt withNats(String members) {
        return parse(Jwts.claims(ACCOUNT, USER, members));
    }

    @Test
    void plainUserIsUnrestrictedAndNeverExpires() {
        Jwt jwt = withNats("");

        assertThat(jwt.subject()).isEqualTo(USER.nkey().text());
        assertThat(jwt.issuer()).isEqualTo(ACCOUNT.nkey().text());
        assertThat(jwt.issuerAccount()).isEmpty();
        assertThat(jwt.name()).isEmpty();
        assertThat(jwt.bearer()).isFalse();
        assertThat(jwt.connectionTypes()).isEmpty();
        assertThat(jwt.validity()).isEqualTo(new Jwt.Validity(null, null));
        assertThat(jwt.grants().permissions().unrestricted()).isTrue();
        assertThat(jwt.signatureVerifies()).isTrue();
    }

    @Test
    void permissionsAreThoseOfTheClaims() {
        Permissions permissions = withNats("\"pub\":{\"allow\":[\"a.>\"],\"deny\":[\"a.b\"]},"
                        + "\"sub\":{\"allow\":[\"c q\"]},\"resp\":{\"max\":0,\"ttl\":0},")
                .grants()
                .permissions();

        assertThat(permissions.mayPublish("a.c")).isTrue();
        assertThat(permissions.mayPublish("a.b")).isFalse();
        assertThat(permissions.maySubscribe("c", "q")).isTrue();
        assertThat(permissions.maySubscribe("c", null)).isFalse();
        assertThat(permissions.responses()).isEqualTo(ResponseLimit.DEFAULT);
    }

    @Test
    void bearerAndConnectionTypesAreRead() {
        Jwt jwt = withNats("\"bearer_token\":true,\"allowed_connection_types\":[\"MQTT\",\"LEAFNODE\"],");

        assertThat(jwt.bearer()).isTrue();
        assertThat(jwt.connectionTypes()).containsExactly("MQTT", "LEAFNODE");
        assertThat(jwt.toString()).doesNotContain(jwt.text());
    }

    @Test
    void validityIsAnInterval() {
        Instant from = Instant.ofEpochSecond(1_000);
        Instant until = Instant.ofEpochSecond(2_000);
        Jwt.Validity validity = parse("{\"nbf\":1000,\"exp\":2000,\"nats\":{\"type\":\"user\"}}")
                .validity();

        assertThat(validity).isEqualTo(new Jwt.Validity(from, until));
        assertThat(validity.holdsAt(from)).isTrue();
        assertThat(validity.holdsAt(until)).isTrue();
        assertThat(validity.holdsAt(from.minusMillis(1))).isFalse();
        assertThat(validity.holdsAt(until.plusMillis(1))).isFalse();
        assertThat(new Jwt.Validity(null, until).holdsAt(Instant.EPOCH)).isTrue();
        assertThat(new Jwt.Validity(from, null).holdsAt(Instant.MAX)).isTrue();
    }

    @Test
    void nullsAndUnknownMembersAreSkipped() {
        Jwt jwt = withNats("\"pub\":null,\"subs\":-1,\"x\":{\"y\":[1,2.5,null,{}]},");

        assertThat(jwt.grants().permissions().unrestricted()).isTrue();
    }

    @Test
    void changedClaimsOrSignatureDoNotVerify() {
        String text = Jwts.signed(ACCOUNT, Jwts.claims(ACCOUNT, USER, ""));
        String[] parts = text.split("\\.");
        String other = Jwts.encode(Jwts.claims(ACCOUNT, USER, "\"bearer_token\":true,"));
        String stranger = Jwts.signed(USER, Jwts.claims(ACCOUNT, USER, ""));

        assertThat(Jwt.parse(text, "test").signatureVerifies()).isTrue();
        assertThat(Jwt.parse(parts[0] + "." + other + "." + parts[2], "test").signatureVerifies())
                .isFalse();
        assertThat(Jwt.parse(stranger, "test").signatureVerifies()).isFalse();
        assertThat(Jwt.parse(parts[0] + "." + parts[1] + ".AAAA", "test").signatureVerifies())
                .isFalse();
        assertThat(Jwt.parse(parts[0] + "." + parts[1] + ".", "test").signatureVerifies())
                .isFalse();
    }

    @Test
    void firstVersionSignsItsClaimsOnly() {
        String claims = Jwts.encode("{\"iss\":\"" + ACCOUNT.nkey() + "\",\"type\":\"user\",\"nats\":{}}");
        String header = Jwts.encode("{\"typ\":\"jwt\",\"alg\":\"ed25519\"}");
        Jwt jwt = Jwt.parse(header + "." + claims + "." + ACCOUNT.signNonce(claims), "test");

        assertThat(jwt.signatureVerifies()).isTrue();
    }

    @Test
    void issuerThatIsNoKeyIsAnError() {
        Jwt jwt = parse("{\"iss\":\"nobody\",\"nats\":{\"type\":\"user\"}}");

        assertThatThrownBy(jwt::signatureVerifies).isInstanceOf(SecurityConfigException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.b", "a.b.c.d", "...", "!.!.!", "e30.e30.!", "bm90IGpzb24.e30.AA", "e30.W10.AA"})
    void textThatIsNoJwtIsRefused(String text) {
        assertThatThrownBy(() -> Jwt.parse(text, "hub.creds"))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageStartingWith("hub.creds")
                .hasMessageContaining("get the credentials again from whoever issued them");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"nats\":{\"type\":\"user\"}} x",
                "{\"nats\":{\"type\":\"user\"},\"exp\":\"soon\"}",
                "{\"nats\":{\"type\":\"user\"},\"exp\":9223372036854775807}",
                "{\"nats\":{\"type\":\"user\"},\"exp\":99999999999999999999999}",
                "{\"nats\":{\"type\":\"user\",\"pub\":[]}}",
                "{\"nats\":{\"type\":\"user\",\"pub\":{\"allow\":\"a\"}}}",
                "{\"nats\":{\"type\":\"user\",\"pub\":{\"allow\":[1]}}}",
                "{\"nats\":{\"type\":\"user\",\"type\":\"user\"}}",
                "{\"nats\":{\"type\":\"user\""
            })
    void claimsThatMeanNothingAreRefused(String claims) {
        assertThatThrownBy(() -> parse(claims))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageStartingWith("test (JWT claims): ");
    }

    @Test
    void permissionThatIsNoSubjectIsAnErrorOnlyWhenItIsAsked() {
        Jwt jwt = withNats("\"pub\":{\"allow\":[\"a..b\"]},");

        assertThat(jwt.signatureVerifies()).isTrue();
        assertThatThrownBy(() -> jwt.grants().permissions())
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("\"a..b\" is no valid subject");
    }

    @Test
    void tokenOfAnAccountIsRefused() {
        assertThatThrownBy(() -> parse("{\"nats\":{\"type\":\"account\"}}"))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessage("test: the JWT is that of an account, not of a user; use the .creds file of a user");
        assertThatThrownBy(() -> parse("{\"nats\":{}}"))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("something unnamed");
    }

    @Test
    void unknownAlgorithmIsRefused() {
        String none = Jwts.encode("{\"typ\":\"JWT\",\"alg\":\"none\"}") + "."
                + Jwts.encode(Jwts.claims(ACCOUNT, USER, "")) + ".";

        assertThatThrownBy(() -> Jwt.parse(none, "test"))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("unknown algorithm \"none\"");
    }

    @Test
    void deepNestingIsAnErrorAndNoStackOverflow() {
        String deep = "{\"nats\":{\"type\":\"user\"},\"x\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";

        assertThatThrownBy(() -> parse(deep)).isInstanceOf(SecurityConfigException.class);
    }

    @Test
    void answersAreLimitedAsTheClaimsSay() {
        assertThat(withNats("\"resp\":{\"max\":3,\"ttl\":5000000000},")
                        .grants()
                        .permissions()
                        .responses())
                .isEqualTo(new ResponseLimit(3, Duration.ofSeconds(5)));
        assertThat(withNats("\"resp\":{\"max\":-1,\"ttl\":-1},").grants().responses())
                .isEqualTo(new ResponseLimit(ResponseLimit.UNLIMITED, Duration.ZERO));
    }
}
