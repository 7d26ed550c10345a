package io.leafd.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.leafd.protocol.json.JsonException;
import io.leafd.security.login.Claim;

/** Any bytes behind CONNECT are options or a {@link JsonException}, and what is shown of them holds no secret. */
class ConnectOptionsFuzzTest {
    @FuzzTest(maxDuration = "6m")
    void areReadOrRefused(byte[] json) {
        try {
            ConnectOptions options = ConnectOptions.parse(json, 0, json.length);
            Claim claim = options.claim();
            Claim shown = new Claim(claim.user(), "p", "t", claim.nkey(), "s");
            assertThat(claim).hasToString(shown.toString());
            assertThat(options.name()).isNotNull();
        } catch (JsonException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
