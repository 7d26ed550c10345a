package io.leafd.security.creds;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.security.SecurityConfigException;
import io.leafd.security.nkey.Nkey;
import io.leafd.security.nkey.NkeySeed;
import io.leafd.security.nkey.NkeyType;
import io.leafd.security.permission.ResponseLimit;
import io.leafd.security.permission.SubjectRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
    private static final NkeySeed ACCOUNT = NkeySeed.generate(NkeyType.ACCOUNT, new SecureRandom());
    private static final NkeySeed USER = NkeySeed.generate(NkeyType.USER, new SecureRandom());
    private static final String JWT = Jwts.signed(ACCOUNT, Jwts.claims(ACCOUNT, USER, ""));

    @TempDir
    Path directory;

    /** Made by nats-io/jwt v2.8 for this test; nobody accepts it. */
    private static String edgeCreds() throws IOException {
        try (InputStream in = CredentialsTest.class.getResourceAsStream("edge.creds")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        }
    }

    private Path file(String content) throws IOException {
        Path file = directory.resolve("hub.creds");
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        return file;
    }

    private static String seedText() {
        return new String(USER.text(), UTF_8);
    }

    @Test
    void readsWhatTheGoLibraryWrote() throws IOException {
        try (Credentials credentials = Credentials.read(file(edgeCreds()))) {
            Jwt jwt = credentials.jwt();

            assertThat(jwt.name()).isEqualTo("edge");
            assertThat(jwt.subject()).isEqualTo(credentials.seed().nkey().text());
            assertThat(jwt.issuer()).isEqualTo("AAWMX7CYQWLJ4RDVV6IAM55LCG74STEUQWDC6BKPBV5R3X6IIDR3SW2A");
            assertThat(jwt.issuerAccount()).isEqualTo("AAIPTHD6ARTV6T5M4AGTUC6464UWJZDJOI6R7O274HZYICBLMV4IEB5C");
            assertThat(jwt.validity())
                    .isEqualTo(new Jwt.Validity(
                            Instant.ofEpochSecond(1_700_000_000), Instant.parse("2030-01-01T00:00:00Z")));
            assertThat(jwt.grants().publish())
                    .isEqualTo(new SubjectRules(List.of("plant.>"), List.of("plant.admin.>")));
            assertThat(jwt.grants().subscribe().allow()).containsExactly("cmd.> workers");
            assertThat(jwt.grants().responses()).isEqualTo(new ResponseLimit(3, Duration.ofSeconds(5)));
            assertThat(jwt.connectionTypes()).containsExactly("LEAFNODE");
            assertThat(jwt.signatureVerifies()).isTrue();
            assertThat(Nkey.parse(jwt.subject())
                            .verifies("nonce", credentials.seed().signNonce("nonce")))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN NATS USER JWT-----\n%s\n------END NATS USER JWT------\n"
                        + "-----BEGIN USER NKEY SEED-----\n%s\n------END USER NKEY SEED------\n",
                "-----BEGIN NATS USER JWT-----\r\n%s\r\n------END NATS USER JWT------\r\n\r\n"
                        + "-----BEGIN USER NKEY SEED-----\r\n%s\r\n------END USER NKEY SEED------\r\n",
                "# hub\n---BEGIN JWT---\n  %s  \n---END JWT---\ntext\n--- BEGIN NKEY SEED ---\n\n\t%s\n--- END NKEY SEED ---",
                "-----BEGIN NATS USER JWT-----\n\n%s\n\n-----END NATS USER JWT-----\n%s"
            })
    void blocksMayBeWrittenLoosely(String form) throws IOException {
        try (Credentials credentials = Credentials.read(file(form.formatted(JWT, seedText())))) {
            assertThat(credentials.jwt().text()).isEqualTo(JWT);
            assertThat(credentials.seed().nkey()).isEqualTo(USER.nkey());
        }
    }

    @Test
    void jwtMayBeBrokenIntoLines() throws IOException {
        String broken = JWT.replaceAll("(.{64})", "$1\n");

        try (Credentials credentials = Credentials.read(
                file("-----BEGIN NATS USER JWT-----\n" + broken + "\n------END NATS USER JWT------\n" + seedText()))) {
            assertThat(credentials.jwt().text()).isEqualTo(JWT);
        }
    }

    @Test
    void renewedFileTakesEffectAtTheNextRead() throws IOException {
        Path file = file("-----BEGIN NATS USER JWT-----\n" + JWT + "\n---END---\n" + seedText());
        String renewed = Jwts.signed(ACCOUNT, Jwts.claims(ACCOUNT, USER, "\"bearer_token\":true,"));
        try (Credentials credentials = Credentials.read(file)) {
            assertThat(credentials.jwt().bearer()).isFalse();
        }
        Files.writeString(file, Files.readString(file).replace(JWT, renewed));
        try (Credentials credentials = Credentials.read(file)) {
            assertThat(credentials.jwt().bearer()).isTrue();
        }
    }

    @Test
    void seedOfAnotherUserIsRefused() throws IOException {
        Path file = file("-----BEGIN NATS USER JWT-----\n" + JWT + "\n---END---\n" + new String(ACCOUNT.text(), UTF_8));

        assertThatThrownBy(() -> Credentials.read(file))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessage(file + ": the seed is that of " + ACCOUNT.nkey() + ", the JWT is for " + USER.nkey()
                        + "; get both from one .creds file");
    }

    @Test
    void missingBlocksAreNamed() throws IOException {
        refuses(seedText(), "has no block \"-----BEGIN NATS USER JWT-----\"");
        refuses("", "has no block \"-----BEGIN NATS USER JWT-----\"");
        refuses("-----BEGIN NATS USER JWT-----\n" + JWT, "its JWT block has no END line");
        refuses("-----BEGIN NATS USER JWT-----\n" + JWT + "\n---END---\n", "holds no seed");
        refuses("-----BEGIN NATS USER JWT-----\nx\n---END---\n" + seedText(), "holds no JWT");
    }

    private void refuses(String content, String reason) throws IOException {
        Path file = file(content);
        assertThatThrownBy(() -> Credentials.read(file))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(reason)
                .message()
                .doesNotContain(seedText());
    }

    @Test
    void fileOpenToOthersIsRefused() throws IOException {
        Path file = file(edgeCreds());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> Credentials.read(file))
                .isInstanceOf(SecurityConfigException.class)
                .hasMessageContaining("chmod o-rwx");
    }

    @Test
    void closingClosesTheSeed() throws IOException {
        Credentials credentials = Credentials.read(file(edgeCreds()));
        credentials.close();
        credentials.close();

        assertThatThrownBy(() -> credentials.seed().signNonce("nonce")).isInstanceOf(IllegalStateException.class);
        assertThat(credentials.toString())
                .contains("name=edge")
                .doesNotContain(credentials.jwt().text());
    }
}
