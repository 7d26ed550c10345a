package io.leafd.jetstream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.leafd.jetstream.api.AccountLimits;
import io.leafd.jetstream.api.ApiException;
import io.leafd.jetstream.json.InvalidJson;
import io.leafd.jetstream.json.JsonField;

/** Any bytes in a request for a stream are refused with an error of the API, or make a configuration that survives its storing. */
class StreamConfigFuzzTest {
    private final StreamRules rules = new StreamRules(AccountLimits.NONE, new OriginRules(name -> null));

    @FuzzTest(maxDuration = "6m")
    void isRefusedOrSurvives(byte[] body) {
        StreamConfig config;
        try {
            config = rules.complete(StreamConfig.of(JsonField.fields(body, "StreamConfig")), false);
        } catch (InvalidJson e) {
            assertThat(e.getMessage()).isNotEmpty();
            return;
        } catch (ApiException e) {
            assertThat(e.fault().error().errCode()).isPositive();
            return;
        }
        assertThat(StreamConfig.parse(config.toBytes())).isEqualTo(config);
        assertThat(rules.complete(config, false)).as("what a client sends back").isEqualTo(config);
    }

    @FuzzTest(maxDuration = "6m")
    void aQueryIsReadOrRefused(byte[] body) {
        try {
            MessageQuery query = MessageQuery.read(JsonField.fields(body, "JSApiMsgGetRequest"), false);
            assertThat(query.isEmpty()
                            && query.isContradictory()
                            && query.page().upToSeq() == 0)
                    .isFalse();
            MessageQuery.filter(query.multiLast());
            MessageQuery.filter(query.nextBySubject());
        } catch (InvalidJson e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
