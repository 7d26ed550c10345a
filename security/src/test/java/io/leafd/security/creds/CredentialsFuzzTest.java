package io.leafd.security.creds;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.leafd.security.Secrets;
import io.leafd.security.SecurityConfigException;
import java.nio.charset.StandardCharsets;

/** Any bytes in a {@code .creds} file are credentials, or the one exception that names the file and no secret. */
class CredentialsFuzzTest {
    @FuzzTest(maxDuration = "6m")
    void areReadOrRefused(byte[] content) {
        try (Credentials credentials = Credentials.parse(content, "x.creds")) {
            assertThat(credentials.seed().nkey().text())
                    .isEqualTo(credentials.jwt().subject());
            assertThat(credentials.toString()).doesNotContain(credentials.jwt().text());
        } catch (SecurityConfigException e) {
            assertThat(e.where()).startsWith("x.creds");
            Secrets.assertNoneIn(e);
        }
    }

    /** The input is the header's JSON, a line feed, the claims' JSON. */
    @FuzzTest(maxDuration = "6m")
    void tokensAreReadOrRefused(byte[] content) {
        String[] parts = new String(content, StandardCharsets.UTF_8).split("\n", 2);
        String text = encoded(parts[0]) + "." + encoded(parts.length > 1 ? parts[1] : "") + ".c2ln";
        try {
            Jwt jwt = Jwt.parse(text, "x");
            assertThat(Jwt.parse(jwt.text(), "y")).isEqualTo(jwt);
            assertThat(jwt.toString()).doesNotContain(text);
            permissions(jwt);
            assertThat(jwt.signatureVerifies()).isFalse();
        } catch (SecurityConfigException e) {
            Secrets.assertNoneIn(e);
        }
    }

    private static void permissions(Jwt jwt) {
        try {
            jwt.grants().permissions();
        } catch (SecurityConfigException e) {
            assertThat(e).hasMessageStartingWith("permission \""); // which it repeats: a subject is no secret
        }
    }

    private static String encoded(String json) {
        return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
