package io.leafd.jetstream.consumer.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.jetstream.json.JsonField;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsumerUpdateTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|{\"deliver_policy\":\"new\"}|deliver policy can not be updated",
                "{}|{\"mem_storage\":true}|storage type can not be updated",
                "{}|{\"direct\":true}|direct can not be updated",
                "{}|{\"sourcing\":true}|sourcing can not be updated",
                "{}|{\"opt_start_seq\":5}|start sequence can not be updated",
                "{}|{\"opt_start_time\":\"2024-01-01T00:00:00Z\"}|start time can not be updated",
                "{}|{\"ack_policy\":\"all\"}|ack policy can not be updated",
                "{}|{\"replay_policy\":\"original\"}|replay policy can not be updated",
                "{}|{\"idle_heartbeat\":1}|heart beats can not be updated",
                "{}|{\"flow_control\":true}|flow control can not be updated",
                "{}|{\"deliver_subject\":\"d\"}|can not update pull consumer to push based",
                "{\"deliver_subject\":\"d\"}|{}|can not update push consumer to pull based",
                "{}|{\"max_waiting\":5}|max waiting can not be updated",
            })
    void refusesWhatIsFixed(String present, String wanted, String text) {
        assertThatThrownBy(() -> ConsumerUpdate.check(config(present), config(wanted), false))
                .hasMessage(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|{\"description\":\"x\",\"ack_wait\":5,\"max_deliver\":3,\"backoff\":[1],\"filter_subject\":\"a\"}",
                "{}|{\"max_ack_pending\":5,\"sample_freq\":\"5\",\"headers_only\":true,\"inactive_threshold\":9}",
                "{}|{\"max_batch\":5,\"max_expires\":1000000,\"max_bytes\":3,\"metadata\":{\"a\":\"b\"}}",
                "{}|{\"priority_policy\":\"overflow\",\"priority_groups\":[\"a\"]}",
                "{\"deliver_subject\":\"d\"}|{\"deliver_subject\":\"e\",\"rate_limit_bps\":8}",
            })
    void permitsTheRest(String present, String wanted) {
        assertThatCode(() -> ConsumerUpdate.check(config(present), config(wanted), false))
                .doesNotThrowAnyException();
    }

    @Test
    void aBoundDeliverSubjectStays() {
        assertThatThrownBy(() -> ConsumerUpdate.check(
                        config("{\"deliver_subject\":\"d\"}"), config("{\"deliver_subject\":\"e\"}"), true))
                .hasMessage("consumer name already in use");
    }

    private static ConsumerConfig config(String json) {
        return ConsumerConfig.of(JsonField.fields(json.getBytes(StandardCharsets.UTF_8), "ConsumerConfig"));
    }
}
