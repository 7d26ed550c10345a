package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.JsonField;
import io.leafd.protocol.json.JsonWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a stream is set up. Immutable; equal if every field is. Any thread.
 *
 * <p>A table of {@link StreamField}s rather than forty members: reading, writing, comparing and defaulting then are one loop
 * each. Only values that are not zero are kept. {@link #of} takes what a client sent as it is; {@link StreamRules} makes a
 * valid configuration of it.
 */
public final class StreamConfig {
    /** Metadata keys that belong to the server: the API level the configuration needs, and who answers. */
    static final String REQUIRED_LEVEL = "_nats.req.level";

    private static final String SERVER_VERSION = "_nats.ver";
    private static final String SERVER_LEVEL = "_nats.level";

    private final Map<StreamField<?>, Object> values;

    private StreamConfig(Map<StreamField<?>, Object> values) {
        this.values = values;
    }

    /** A configuration of nothing but a name. */
    public static StreamConfig named(String name) {
        return new StreamConfig(Map.of()).with(StreamField.NAME, name);
    }

    /**
     * The configuration in these fields.
     *
     * @throws io.leafd.jetstream.json.InvalidJson for an unknown field or a wrong type
     */
    public static StreamConfig of(List<JsonField> fields) {
        var config = new StreamConfig(new HashMap<>());
        for (JsonField field : fields) {
            config.read(field);
        }
        return config;
    }

    /** The configuration that {@link #toBytes} wrote. */
    static StreamConfig parse(byte[] stored) {
        return of(JsonField.fields(stored, "StreamConfig"));
    }

    /** The value of a field. */
    public <T extends @Nullable Object> T get(StreamField<T> field) {
        @SuppressWarnings("unchecked") // with and read put a field's own type only
        T value = (T) values.get(field);
        return value == null ? field.zero() : value;
    }

    /** The same configuration with one other value. */
    public <T extends @Nullable Object> StreamConfig with(StreamField<T> field, T value) {
        var changed = new HashMap<>(values);
        put(changed, field, value);
        return new StreamConfig(changed);
    }

    public String name() {
        return get(StreamField.NAME);
    }

    public List<String> subjects() {
        return get(StreamField.SUBJECTS);
    }

    public Retention retention() {
        return get(StreamField.RETENTION);
    }

    /** What it mirrors, or null. */
    public @Nullable StreamSource mirror() {
        return get(StreamField.MIRROR);
    }

    public List<StreamSource> sources() {
        return get(StreamField.SOURCES);
    }

    /** Whether a switch is on. */
    public boolean is(StreamField<Boolean> field) {
        return get(field);
    }

    /** Writes the configuration as an object field of this name, with the metadata of lists: the required level only. */
    public void write(JsonWriter json, String field) {
        json.object(field);
        writeFields(json, get(StreamField.METADATA));
        json.end();
    }

    /** {@link #write(JsonWriter, String)} with the metadata of single answers: also who answers. */
    public void write(JsonWriter json, String field, String serverVersion, int serverLevel) {
        var metadata = new TreeMap<>(get(StreamField.METADATA));
        metadata.put(SERVER_VERSION, serverVersion);
        metadata.put(SERVER_LEVEL, String.valueOf(serverLevel));
        json.object(field);
        writeFields(json, metadata);
        json.end();
    }

    /** The configuration as it is stored. */
    byte[] toBytes() {
        var json = new JsonWriter().object();
        writeFields(json, get(StreamField.METADATA));
        return json.end().toBytes();
    }

    /** The same without what a client must not set, and with the level it needs. */
    StreamConfig withRequiredLevel(int level) {
        var metadata = new TreeMap<>(get(StreamField.METADATA));
        metadata.remove(SERVER_VERSION);
        metadata.remove(SERVER_LEVEL);
        metadata.put(REQUIRED_LEVEL, String.valueOf(level));
        return with(StreamField.METADATA, metadata);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StreamConfig that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "StreamConfig" + values;
    }

    private void read(JsonField sent) {
        StreamField<?> field = StreamField.find(sent.name());
        if (field == null) {
            throw sent.unknown();
        }
        readInto(field, sent);
    }

    private <T extends @Nullable Object> void readInto(StreamField<T> field, JsonField sent) {
        put(values, field, field.read(sent));
    }

    private static <T extends @Nullable Object> void put(
            Map<StreamField<?>, Object> values, StreamField<T> field, T value) {
        if (value == null || field.isZero(value)) {
            values.remove(field);
        } else {
            values.put(field, value);
        }
    }

    private void writeFields(JsonWriter json, Map<String, String> metadata) {
        for (StreamField<?> field : StreamField.all()) {
            if (field == StreamField.METADATA) {
                StreamField.METADATA.write(json, metadata);
            } else {
                writeField(field, json);
            }
        }
    }

    private <T extends @Nullable Object> void writeField(StreamField<T> field, JsonWriter json) {
        field.write(json, get(field));
    }
}
