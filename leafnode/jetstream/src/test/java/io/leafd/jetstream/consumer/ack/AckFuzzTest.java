package io.leafd.jetstream.consumer.ack;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.leafd.jetstream.consumer.pull.PullBody;
import io.leafd.jetstream.json.InvalidJson;
import io.leafd.protocol.Subject;
import org.jspecify.annotations.Nullable;

/** Any bytes may be published where an acknowledgement or a pull request is expected. */
class AckFuzzTest {
    private static final byte[] PREFIX = AckSubject.prefix("S", "C");

    @FuzzTest(maxDuration = "6m")
    void subjectsVerbsAndPullsAreReadOrRefused(byte[] data) {
        AckSubject read = AckSubject.parse(Subject.copyOf(data, 0, data.length));
        if (read != null) {
            assertThat(AckSubject.parse(read.format(PREFIX, 1, 2))).isEqualTo(read);
        }
        pulls(data);
        if (AckVerb.parse(data, 0, data.length) instanceof AckVerb.Next next) {
            pulls(next.request());
        }
    }

    private static void pulls(byte[] body) {
        @Nullable PullBody pull = null;
        try {
            pull = PullBody.parse(body);
        } catch (InvalidJson e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
        assertThat(pull == null || pull.heartbeatNs() <= Math.max(0, pull.expiresNs()))
                .isTrue();
    }
}
