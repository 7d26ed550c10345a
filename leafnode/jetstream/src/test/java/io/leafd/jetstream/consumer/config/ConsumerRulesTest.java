package io.leafd.jetstream.consumer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.leafd.jetstream.api.ApiException;
import io.leafd.jetstream.json.JsonField;
import io.leafd.jetstream.stream.Retention;
import io.leafd.protocol.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ConsumerRulesTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @ParameterizedTest
    @CsvFileSource(resources = "refused.csv", delimiter = '|', quoteCharacter = '`')
    void refusesAsTheReferenceDoes(String kind, String sent, int errCode, String text) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> ConsumerRules.complete(config(sent), terms(kind), kind.equals("PEDANTIC")))
                .satisfies(refusal -> {
                    assertThat(refusal.fault().error().errCode()).isEqualTo(errCode);
                    assertThat(refusal.fault().description()).isEqualTo(text);
                });
    }

    @ParameterizedTest
    @CsvFileSource(resources = "completed.csv", delimiter = '|', quoteCharacter = '`')
    void completesAsTheReferenceDoes(String sent, String answered) {
        ConsumerConfig config = ConsumerRules.complete(config(sent), terms("LIMITS"), false);
        var json = new JsonWriter().object();
        ConsumerRules.withThreshold(config).write(json, "2.15.1", 5);

        assertThat(json.end().toString()).isEqualTo("{\"config\":" + answered + "}");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "completed.csv", delimiter = '|', quoteCharacter = '`')
    void whatIsStoredIsReadBack(String sent, String answered) {
        ConsumerConfig config = ConsumerRules.complete(config(sent), terms("LIMITS"), false);

        assertThat(ConsumerConfig.parse(config.toBytes())).isEqualTo(config);
        assertThat(config.sameAs(config(answered)) || !config.durable()).isTrue();
    }

    private static StreamTerms terms(String kind) {
        return switch (kind) {
            case "WORKQUEUE" -> new StreamTerms(Retention.WORKQUEUE, List.of("w.>"), 0, -1, 0);
            case "BOUNDED" -> new StreamTerms(Retention.LIMITS, List.of("b.>"), 10, -1, 10 * SECOND_NS);
            default -> new StreamTerms(Retention.LIMITS, List.of("s.>"), 0, -1, 0);
        };
    }

    /** A durable is created under its own name in the subject, which makes it the name as well. */
    private static ConsumerConfig config(String json) {
        ConsumerConfig config = ConsumerConfig.of(
                JsonField.fields(json.getBytes(StandardCharsets.UTF_8), "CreateConsumerRequest.config"));
        return config.durable() ? config.with(ConsumerConfig.NAME, config.get(ConsumerConfig.DURABLE)) : config;
    }
}
