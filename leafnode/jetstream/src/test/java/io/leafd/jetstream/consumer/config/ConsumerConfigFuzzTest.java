package io.leafd.jetstream.consumer.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.leafd.jetstream.api.ApiException;
import io.leafd.jetstream.json.InvalidJson;
import io.leafd.jetstream.json.JsonField;
import io.leafd.jetstream.stream.Retention;
import java.util.List;

/** Any bytes in a request for a consumer are refused with an error of the API, or make a configuration that survives its storing. */
class ConsumerConfigFuzzTest {
    private static final StreamTerms TERMS = new StreamTerms(Retention.LIMITS, List.of("a.>"), 0, 0, 0);

    @FuzzTest(maxDuration = "6m")
    void isRefusedOrSurvives(byte[] body) {
        ConsumerConfig config;
        try {
            config = ConsumerRules.complete(ConsumerConfig.of(JsonField.fields(body, "ConsumerConfig")), TERMS, false);
        } catch (InvalidJson e) {
            assertThat(e.getMessage()).isNotEmpty();
            return;
        } catch (ApiException e) {
            assertThat(e.fault().error().errCode()).isPositive();
            return;
        }
        assertThat(ConsumerConfig.parse(config.toBytes())).isEqualTo(config);
        assertThat(ConsumerRules.complete(config, TERMS, false))
                .as("what a client sends back")
                .isEqualTo(config);
    }
}
