package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.ConfigField;
import io.leafd.jetstream.json.ConfigValues;
import io.leafd.jetstream.json.JsonField;
import io.leafd.protocol.json.JsonWriter;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a stream is set up. Immutable; equal if every field is. Any thread.
 *
 * <p>{@link #of} takes what a client sent as it is; {@link StreamRules} makes a valid configuration of it. The fields are those of
 * {@link StreamField}.
 */
public final class StreamConfig {
    /** Metadata keys that belong to the server: the API level the configuration needs, and who answers. */
    private static final String REQUIRED_LEVEL = "_nats.req.level";

    private static final String SERVER_VERSION = "_nats.ver";
    private static final String SERVER_LEVEL = "_nats.level";

    private final ConfigValues values;

    private StreamConfig(ConfigValues values) {
        this.values = values;
    }

    /** A configuration of nothing but a name. */
    public static StreamConfig named(String name) {
        return new StreamConfig(ConfigValues.none(StreamField.TABLE).with(StreamField.NAME, name));
    }

    /**
     * The configuration in these fields.
     *
     * @throws io.leafd.jetstream.json.InvalidJson for an unknown field or a wrong type
     */
    public static StreamConfig of(List<JsonField> fields) {
        return new StreamConfig(ConfigValues.of(StreamField.TABLE, fields));
    }

    /** The configuration that {@link #toBytes} wrote. */
    static StreamConfig parse(byte[] stored) {
        return of(JsonField.fields(stored, "StreamConfig"));
    }

    /** The value of a field. */
    public <T extends @Nullable Object> T get(ConfigField<T> field) {
        return values.get(field);
    }

    /** The same configuration with one other value. */
    public <T extends @Nullable Object> StreamConfig with(ConfigField<T> field, T value) {
        return new StreamConfig(values.with(field, value));
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
    public boolean is(ConfigField<Boolean> field) {
        return get(field);
    }

    /** Writes {@code "config":{…}} with the metadata of lists: what is stored. */
    public void write(JsonWriter json) {
        json.object("config");
        values.write(json);
        json.end();
    }

    /** Writes {@code "config":{…}} with the metadata of single answers: also who answers. */
    public void write(JsonWriter json, String serverVersion, int serverLevel) {
        var metadata = new TreeMap<>(get(StreamField.METADATA));
        metadata.put(SERVER_VERSION, serverVersion);
        metadata.put(SERVER_LEVEL, String.valueOf(serverLevel));
        with(StreamField.METADATA, metadata).write(json);
    }

    /** The configuration as it is stored. */
    byte[] toBytes() {
        var json = new JsonWriter().object();
        values.write(json);
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
}
