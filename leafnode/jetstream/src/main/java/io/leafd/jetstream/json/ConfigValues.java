package io.leafd.jetstream.json;

import io.leafd.protocol.json.JsonWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a configuration by field. Immutable; equal if every value is. Any thread.
 *
 * <p>Only values that are not zero are kept, so that a field that was sent as zero equals one that was not sent.
 */
public final class ConfigValues {
    private final ConfigField.Table table;
    private final Map<ConfigField<?>, Object> values;

    private ConfigValues(ConfigField.Table table, Map<ConfigField<?>, Object> values) {
        this.table = table;
        this.values = values;
    }

    /** A configuration in which everything is zero. */
    public static ConfigValues none(ConfigField.Table table) {
        return new ConfigValues(table, Map.of());
    }

    /**
     * The configuration in these fields.
     *
     * @throws InvalidJson for an unknown field or a wrong type
     */
    public static ConfigValues of(ConfigField.Table table, List<JsonField> fields) {
        var values = new HashMap<ConfigField<?>, Object>();
        for (JsonField sent : fields) {
            ConfigField<?> field = table.find(sent.name());
            if (field == null) {
                throw sent.unknown();
            }
            put(values, field, field.read(sent));
        }
        return new ConfigValues(table, values);
    }

    /** The value of a field. */
    public <T extends @Nullable Object> T get(ConfigField<T> field) {
        @SuppressWarnings("unchecked") // of and with put a field's own type only
        T value = (T) values.get(field);
        return value == null ? field.zero() : value;
    }

    /** The same configuration with one other value. */
    public <T extends @Nullable Object> ConfigValues with(ConfigField<T> field, T value) {
        var changed = new HashMap<>(values);
        put(changed, field, value);
        return new ConfigValues(table, changed);
    }

    /** Writes the fields into an open object. */
    public void write(JsonWriter json) {
        for (ConfigField<?> field : table.all()) {
            write(json, field);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConfigValues that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }

    private <T extends @Nullable Object> void write(JsonWriter json, ConfigField<T> field) {
        T value = get(field);
        if (field.isShown(value)) {
            json.tree(field.name(), field.tree(value));
        }
    }

    private static void put(Map<ConfigField<?>, Object> values, ConfigField<?> field, @Nullable Object value) {
        if (value == null || field.isZero(value)) {
            values.remove(field);
        } else {
            values.put(field, value);
        }
    }
}
