package io.leafd.jetstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.leafd.jetstream.json.JsonField;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateRulesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | {\"storage\":\"memory\"} | stream configuration update can not change storage type",
                "{} | {\"retention\":\"workqueue\"} | stream configuration update can not change retention policy to/from workqueue",
                "{\"retention\":\"workqueue\"} | {\"retention\":\"interest\"} | stream configuration update can not change retention policy to/from workqueue",
                "{\"sealed\":true} | {} | stream configuration update can not unseal a sealed stream",
                "{\"deny_delete\":true} | {} | stream configuration update can not cancel deny message deletes",
                "{\"deny_purge\":true} | {} | stream configuration update can not cancel deny purge",
                "{} | {\"allow_msg_counter\":true} | stream configuration update can not change message counter setting",
                "{} | {\"persist_mode\":\"async\"} | stream configuration update can not change persist mode",
                "{} | {\"mirror\":{\"name\":\"X\"}} | stream mirror configuration can not be updated",
                "{\"mirror\":{\"name\":\"Y\"}} | {\"mirror\":{\"name\":\"X\"}} | stream mirror configuration can not be updated",
                "{\"allow_msg_ttl\":true} | {} | message TTL status can not be disabled",
            })
    void changeIsRefused(String before, String wanted, String text) {
        assertThatThrownBy(() -> UpdateRules.check(config(before), config(wanted)))
                .hasMessage(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | {\"retention\":\"interest\"}",
                "{\"mirror\":{\"name\":\"X\"}} | {}",
                "{} | {\"sources\":[{\"name\":\"X\"}],\"max_consumers\":3,\"first_seq\":10,\"compression\":\"s2\"}",
            })
    void changeIsPossible(String before, String wanted) {
        assertThat(UpdateRules.check(config(before), config(wanted))).isEqualTo(config(wanted));
    }

    @Test
    void sealingTurnsOffEverythingThatCouldChangeTheMessages() {
        StreamConfig sealed =
                UpdateRules.check(config("{}"), config("{\"sealed\":true,\"max_age\":1,\"allow_rollup_hdrs\":true}"));

        assertThat(sealed.get(StreamField.MAX_AGE)).isZero();
        assertThat(sealed.get(StreamField.DISCARD)).isEqualTo(Discard.NEW);
        assertThat(sealed.is(StreamField.DENY_DELETE)).isTrue();
        assertThat(sealed.is(StreamField.DENY_PURGE)).isTrue();
        assertThat(sealed.is(StreamField.ALLOW_ROLLUP)).isFalse();
    }

    private static StreamConfig config(String json) {
        return StreamConfig.of(JsonField.fields(json.getBytes(StandardCharsets.UTF_8), "StreamConfig"));
    }
}
