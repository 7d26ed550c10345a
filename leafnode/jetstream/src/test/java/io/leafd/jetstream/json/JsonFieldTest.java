package io.leafd.jetstream.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFieldTest {
    /** Texts observed on nats-server 2.15.1. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|json: cannot unmarshal array into Go value of type server.CreateConsumerRequest",
                "1|json: cannot unmarshal number into Go value of type server.CreateConsumerRequest",
                "{\"foo\":1}|json: unknown field \"foo\"",
                "{\"text\":1}|json: cannot unmarshal number into Go struct field CreateConsumerRequest.text of type string",
                "{\"flag\":1}|json: cannot unmarshal number into Go struct field CreateConsumerRequest.flag of type bool",
                "{\"int\":1.5}|json: cannot unmarshal number 1.5 into Go struct field CreateConsumerRequest.int of type int",
                "{\"int\":true}|json: cannot unmarshal bool into Go struct field CreateConsumerRequest.int of type int",
                "{\"seq\":-1}|json: cannot unmarshal number -1 into Go struct field CreateConsumerRequest.seq of type uint64",
                "{\"wait\":\"x\"}|json: cannot unmarshal string into Go struct field CreateConsumerRequest.wait of type time.Duration",
                "{\"texts\":\"x\"}|json: cannot unmarshal string into Go struct field CreateConsumerRequest.texts of type []string",
                "{\"texts\":[1]}|json: cannot unmarshal number into CreateConsumerRequest.texts.0 of type string",
                "{\"map\":[]}|json: cannot unmarshal array into Go struct field CreateConsumerRequest.map of type map[string]string",
                "{\"map\":{\"a\":1}}|json: cannot unmarshal number into Go struct field CreateConsumerRequest.map.a of type string",
                "{\"config\":[]}|json: cannot unmarshal array into Go struct field CreateConsumerRequest.config of type server.ConsumerConfig",
                "{\"config\":{\"text\":1}}|json: cannot unmarshal number into Go struct field CreateConsumerRequest.config.text of type string",
                "{\"time\":1}|json: cannot unmarshal number into Go struct field CreateConsumerRequest.time of type time.Time",
                "{\"time\":\"x\"}|parsing time \"x\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\"",
                "{\"word\":\"x\"}|can not unmarshal \"\\\"x\\\"\"",
                "{\"word\":1}|can not unmarshal \"1\"",
                "{\"word\":null}|can not unmarshal \"null\"",
            })
    void refusesInGosWords(String json, String text) {
        assertThatThrownBy(() -> read(JsonField.fields(bytes(json), "CreateConsumerRequest")))
                .isInstanceOf(InvalidJson.class)
                .hasMessage(text);
    }

    @Test
    void readsNamesInAnyCaseAndNullAsZero() {
        List<JsonField> fields = JsonField.fields(bytes("{\"Text\":\"a\",\"INT\":7,\"wait\":null}"), "T");

        assertThat(fields).extracting(JsonField::name).containsExactly("text", "int", "wait");
        assertThat(fields.get(0).text()).isEqualTo("a");
        assertThat(fields.get(1).number()).isEqualTo(7);
        assertThat(fields.get(2).durationNs()).isZero();
    }

    @Test
    void aBodyOfBlanksOrNullHasNoFields() {
        assertThat(JsonField.fields(bytes("  \r\n"), "T")).isEmpty();
        assertThat(JsonField.fields(bytes("null"), "T")).isEmpty();
    }

    @Test
    void hugeSequencesBecomeTheLargestWeKnow() {
        assertThat(JsonField.fields(bytes("{\"s\":18446744073709551615}"), "T")
                        .get(0)
                        .sequence())
                .isEqualTo(Long.MAX_VALUE);
    }

    private static void read(List<JsonField> fields) {
        for (JsonField field : fields) {
            switch (field.name()) {
                case "text" -> field.text();
                case "flag" -> field.flag();
                case "int" -> field.number();
                case "seq" -> field.sequence();
                case "wait" -> field.durationNs();
                case "texts" -> field.texts();
                case "map" -> field.textMap();
                case "time" -> field.time();
                case "word" -> field.oneOf(Map.of("a", 1));
                case "config" -> read(field.object("ConsumerConfig"));
                default -> throw field.unknown();
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
