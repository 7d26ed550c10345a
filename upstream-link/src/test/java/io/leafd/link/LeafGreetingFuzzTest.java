package io.leafd.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.leafd.protocol.json.JsonException;
import java.nio.charset.StandardCharsets;

/** Any bytes behind CONNECT or INFO are a greeting or a {@link JsonException}; what we send of one is read as the same. */
class LeafGreetingFuzzTest {
    @FuzzTest(maxDuration = "6m")
    void connectIsReadOrRefused(byte[] json) {
        LeafConnect connect;
        try {
            connect = LeafConnect.parse(json, 0, json.length);
        } catch (JsonException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return;
        }
        byte[] again = connect.toJson().getBytes(StandardCharsets.UTF_8);
        LeafConnect read = LeafConnect.parse(again, 0, again.length);
        assertThat(read.toJson()).isEqualTo(connect.toJson());
        assertThat(read.claim()).isEqualTo(connect.claim());
    }

    @FuzzTest(maxDuration = "6m")
    void infoIsReadOrRefused(byte[] json) {
        try {
            LeafInfo info = LeafInfo.parse(json, 0, json.length);
            assertThat(info.maxPayloadBytes()).isNotNegative();
        } catch (JsonException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
