package io.leafd.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void treesSurviveTheRoundTrip() {
        String text =
                "{\"a\":[1,-2,9223372036854775807,true,null,1.5],\"b\":{\"c\":\"x\\n\\u003c\"},\"d\":{},\"e\":[]}";
        Object tree = Json.parse(bytes(text));
        assertThat(new JsonWriter().tree(tree).toString()).isEqualTo(text);
    }

    @Test
    void goEscapes() {
        assertThat(new JsonWriter().object().field("s", "a>&<\u0001\"\\").end().toString())
                .isEqualTo("{\"s\":\"a\\u003e\\u0026\\u003c\\u0001\\\"\\\\\"}");
    }

    @Test
    void nestedWriting() {
        String text = new JsonWriter()
                .object()
                .array("a")
                .value(1)
                .object()
                .end()
                .end()
                .object("o")
                .field("b", true)
                .end()
                .raw("r", "[]")
                .field("n", (String) null)
                .end()
                .toString();
        assertThat(text).isEqualTo("{\"a\":[1,{}],\"o\":{\"b\":true},\"r\":[],\"n\":null}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\":1,}", "{} {}", "nul", "{'a':1}", "[1", "\"\n\""})
    void whatIsNotJsonIsRefused(String text) {
        assertThatThrownBy(() -> Json.parse(bytes(text))).isInstanceOf(JsonException.class);
    }

    @Test
    void anObjectIsAskedForAndNotGiven() {
        assertThatThrownBy(() -> Json.parseObject(bytes("[]"))).hasMessage("a JSON object was expected");
        assertThat(Json.parseObject(bytes("{\"a\":null}")))
                .containsEntry("a", null)
                .isInstanceOf(Map.class);
    }

    @Test
    void whatHasNoBytesInUtf8IsReplaced() {
        assertThat(Json.parse(bytes("\"a\\ud800b\\udc00\\ud83d\\ude00\""))).isEqualTo("a\ufffdb\ufffd\ud83d\ude00");
    }

    @Test
    void aNumberOutOfRangeIsRefused() {
        assertThatThrownBy(() -> Json.parse(bytes("1e999"))).hasMessage("a number is out of range");
    }

    @Test
    void deepTreesKeepTheirBrackets() {
        String text = "[{\"a\":".repeat(32) + "1" + "}]".repeat(32);
        assertThat(new JsonWriter().tree(Json.parse(bytes(text))).toString()).isEqualTo(text);
    }

    @Test
    void aTreeTooDeepForASmallStackIsRefused() {
        assertThatThrownBy(() -> Json.parse(bytes("[".repeat(65) + "]".repeat(65))))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("nesting depth");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
