package io.leafd.jetstream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.leafd.jetstream.api.AccountLimits;
import io.leafd.jetstream.api.ApiException;
import io.leafd.jetstream.json.JsonField;
import io.leafd.protocol.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class StreamRulesTest {
    private final Map<String, StreamConfig> existing = new HashMap<>();
    private final StreamRules rules = new StreamRules(AccountLimits.NONE, new OriginRules(existing::get));

    @ParameterizedTest
    @CsvFileSource(
            resources = "refused-configurations.txt",
            delimiterString = " | ",
            numLinesToSkip = 1,
            quoteCharacter = '`',
            maxCharsPerColumn = 8192)
    void contradictionIsRefusedInTheServersWords(String json, int code, String text) {
        boolean pedantic = json.contains("\"pedantic\":true,");
        StreamConfig sent = config(json.replace("\"pedantic\":true,", ""));

        ApiException refusal = catchThrowableOfType(ApiException.class, () -> rules.complete(sent, pedantic));

        assertThat(refusal.fault().error().errCode()).isEqualTo(code);
        assertThat(refusal.fault().description()).isEqualTo(text);
    }

    @Test
    void onlyANameGetsAllDefaults() {
        StreamConfig config = rules.complete(config("{\"name\":\"A\"}"), false);

        JsonWriter json = new JsonWriter().object();
        config.write(json, "2.15.1", 5);
        assertThat(json.end())
                .hasToString(
                        "{\"config\":{\"name\":\"A\",\"subjects\":[\"A\"],\"retention\":\"limits\",\"max_consumers\":-1,"
                                + "\"max_msgs\":-1,\"max_bytes\":-1,\"max_age\":0,\"max_msgs_per_subject\":-1,\"max_msg_size\":-1,"
                                + "\"discard\":\"old\",\"storage\":\"file\",\"num_replicas\":1,\"duplicate_window\":120000000000,"
                                + "\"compression\":\"none\",\"allow_direct\":false,\"mirror_direct\":false,\"sealed\":false,"
                                + "\"deny_delete\":false,\"deny_purge\":false,\"allow_rollup_hdrs\":false,\"consumer_limits\":{},"
                                + "\"allow_msg_ttl\":false,\"metadata\":{\"_nats.level\":\"5\",\"_nats.req.level\":\"0\","
                                + "\"_nats.ver\":\"2.15.1\"}}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"name\":\"A\",\"subjects\":[\"$JS.EVENT.>\"]}",
                "{\"name\":\"A\",\"subjects\":[\"$SYS.ACCOUNT.>\"]}",
                "{\"name\":\"A\",\"subjects\":[\"*\"]}",
                "{\"name\":\"A\",\"subjects\":[\">\"],\"no_ack\":true}",
                "{\"name\":\"A\",\"placement\":{\"cluster\":\"x\"}}",
                "{\"name\":\"A\",\"subject_transform\":{\"src\":\"a.*\",\"dest\":\"\"}}",
                "{\"name\":\"A\",\"mirror\":{\"name\":\"X\",\"external\":{\"api\":\"$JS.hub.API\",\"deliver\":\"a\"}}}",
                "{\"name\":\"A\",\"sources\":[{\"name\":\"B\",\"filter_subject\":\"a\"},{\"name\":\"B\"}]}",
                "{\"name\":\"A\",\"consumer_limits\":{\"inactive_threshold\":-5,\"max_ack_pending\":-6}}",
                "{\"name\":\"å%@\"}",
            })
    void unusualConfigurationIsAccepted(String json) {
        assertThat(rules.complete(config(json), false)).isNotNull();
    }

    @Test
    void configurationComesBackFromItsStoredForm() {
        StreamConfig config = rules.complete(
                config("{\"name\":\"A\",\"sources\":[{\"name\":\"B\",\"opt_start_seq\":4,\"opt_start_time\":"
                        + "\"2026-01-02T03:04:05.6Z\",\"subject_transforms\":[{\"src\":\"a.*\",\"dest\":\"b.$1\"}],"
                        + "\"external\":{\"api\":\"$JS.x.API\",\"deliver\":\"d\"}}],\"republish\":{\"dest\":\"r.>\","
                        + "\"headers_only\":true},\"metadata\":{\"k\":\"v\"},\"consumer_limits\":{\"max_ack_pending\":7},"
                        + "\"placement\":{\"tags\":[\"t\"]},\"max_age\":5000000000,\"retention\":\"interest\"}"),
                false);

        assertThat(StreamConfig.parse(config.toBytes())).isEqualTo(config);
    }

    @Test
    void deleteMarkersAreRefused() {
        StreamConfig sent = config("{\"name\":\"A\",\"subject_delete_marker_ttl\":1000000000}");

        assertThatThrownBy(() -> rules.complete(sent, false))
                .isInstanceOf(ApiException.class)
                .hasMessage("subject delete markers are not supported by this server");
    }

    @Test
    void duplicateWindowIsNeverLongerThanTheAgeByDefault() {
        StreamConfig config = rules.complete(config("{\"name\":\"A\",\"max_age\":1000000000}"), false);

        assertThat(config.get(StreamField.DUPLICATE_WINDOW)).isEqualTo(1_000_000_000L);
    }

    @Test
    void mirrorInheritsDirectAccessFromItsOrigin() {
        existing.put("X", StreamConfig.named("X").with(StreamField.ALLOW_DIRECT, true));

        StreamConfig config = rules.complete(config("{\"name\":\"A\",\"mirror\":{\"name\":\"X\"}}"), false);

        assertThat(config.is(StreamField.MIRROR_DIRECT)).isTrue();
        assertThat(config.get(StreamField.DUPLICATE_WINDOW)).isZero();
    }

    @Test
    void circleOverSeveralStreamsIsRefused() {
        existing.put("B", config("{\"name\":\"B\",\"mirror\":{\"name\":\"C\"}}"));
        existing.put("C", config("{\"name\":\"C\",\"sources\":[{\"name\":\"A\"}]}"));

        assertThatThrownBy(() -> rules.complete(config("{\"name\":\"A\",\"sources\":[{\"name\":\"B\"}]}"), false))
                .isInstanceOf(ApiException.class)
                .hasMessage("detected cycle");
    }

    @ParameterizedTest
    @CsvSource({"allow_msg_counter", "allow_msg_schedules", "allow_batched"})
    void featureThatIsNotThereIsRefused(String feature) {
        assertThatThrownBy(() -> rules.complete(config("{\"name\":\"A\",\"" + feature + "\":true}"), false))
                .isInstanceOf(ApiException.class)
                .hasMessageEndingWith("is not supported by this server");
    }

    @Test
    void accountDemandsMaxBytes() {
        var limits = new AccountLimits(-1, -1, -1, -1, -1, -1, 1000, true);
        var strict = new StreamRules(limits, new OriginRules(existing::get));

        assertThatThrownBy(() -> strict.complete(config("{\"name\":\"A\"}"), false))
                .hasMessage("account requires a stream config to have max bytes set");
        assertThatThrownBy(() -> strict.complete(config("{\"name\":\"A\",\"max_bytes\":1001}"), false))
                .hasMessage("stream max bytes exceeds account limit max stream bytes");
    }

    private static StreamConfig config(String json) {
        return StreamConfig.of(JsonField.fields(json.getBytes(StandardCharsets.UTF_8), "StreamConfigRequest"));
    }
}
