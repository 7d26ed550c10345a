package io.leafd.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Any bytes are one JSON value or a {@link JsonException}; a value that was read is read again from what we write of it. */
class JsonFuzzTest {
    private static final int DEPTH_MAX = 64;

    @FuzzTest(maxDuration = "6m")
    void whatIsReadCanBeWrittenAndReadAgain(byte[] data) {
        Object value;
        try {
            value = Json.parse(data);
        } catch (JsonException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return;
        }
        assertThat(depth(value)).isLessThanOrEqualTo(DEPTH_MAX);
        byte[] written = new JsonWriter().tree(value).toBytes();
        assertThat(Json.parse(written)).isEqualTo(value);
        assertThat(new JsonWriter().tree(Json.parse(written)).toBytes()).isEqualTo(written);
    }

    private static int depth(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> 1 + deepest(map.values());
            case Collection<?> items -> 1 + deepest(items);
            case null, default -> 0;
        };
    }

    private static int deepest(Collection<?> values) {
        return values.stream().mapToInt(JsonFuzzTest::depth).max().orElse(0);
    }
}
