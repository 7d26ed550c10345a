package io.leafd.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkFailureTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Authorization Violation | AUTHORIZATION",
                "Authentication Timeout | TIMEOUT",
                "User Authentication Expired | AUTHORIZATION",
                "User Authentication Revoked | AUTHORIZATION",
                "Account Authentication Expired | AUTHORIZATION",
                "attempted to connect to leaf node port | PROTOCOL",
                "remote leafnode has same cluster name | SAME_CLUSTER",
                "connection rejected since minimum version required is \"2.9.0\" | VERSION",
                "Loop detected for leafnode account=\"A\". Delaying attempt to reconnect for 30s | LOOP",
                "Duplicate Remote LeafNode Connection | DUPLICATE",
                "Permissions Violation for Subscription to \"other.x\" | PERMISSIONS",
                "Permissions Violation for Publish to \"nope.x\" | PERMISSIONS",
                "maximum account active connections exceeded | NETWORK",
                "Maximum Payload Violation | PROTOCOL",
                "Stale Connection | TIMEOUT",
                "Stale Leaf Node Connection - Closing | TIMEOUT",
                "something new | PROTOCOL",
            })
    void knowsWhatAnErrorMeans(String text, LinkFailure.Kind kind) {
        assertThat(LinkFailure.ofError(text)).isEqualTo(new LinkFailure(kind, text));
    }
}
