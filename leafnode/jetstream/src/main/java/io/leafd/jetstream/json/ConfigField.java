package io.leafd.jetstream.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One field of a configuration: its name, how it is read, its zero value, whether the zero value is written. Immutable.
 *
 * @param <T> type of its value
 */
public final class ConfigField<T extends @Nullable Object> {
    /** When a field is written. */
    public enum Shown {
        ALWAYS,
        IF_SET
    }

    private final String name;
    private final T zero;
    private final Shown shown;
    private final Function<JsonField, T> reader;
    private final Function<T, @Nullable Object> tree;

    /**
     * A field of any type.
     *
     * @param tree turns a value into what {@link io.leafd.protocol.json.JsonWriter#tree} writes
     */
    public ConfigField(
            String name, T zero, Shown shown, Function<JsonField, T> reader, Function<T, @Nullable Object> tree) {
        this.name = name;
        this.zero = zero;
        this.shown = shown;
        this.reader = reader;
        this.tree = tree;
    }

    /** A text. */
    public static ConfigField<String> text(String name, Shown shown) {
        return new ConfigField<>(name, "", shown, JsonField::text, text -> text);
    }

    /** A number; {@code reader} is the accessor of {@link JsonField} that knows its range. */
    public static ConfigField<Long> number(String name, Shown shown, Function<JsonField, Long> reader) {
        return new ConfigField<>(name, 0L, shown, reader, number -> number);
    }

    /** A duration in nanoseconds. */
    public static ConfigField<Long> duration(String name, Shown shown) {
        return number(name, shown, JsonField::durationNs);
    }

    /** A switch. */
    public static ConfigField<Boolean> flag(String name, Shown shown) {
        return new ConfigField<>(name, false, shown, JsonField::flag, flag -> flag);
    }

    /** A list of texts. */
    public static ConfigField<List<String>> texts(String name) {
        return new ConfigField<>(name, List.of(), Shown.IF_SET, field -> List.copyOf(field.texts()), texts -> texts);
    }

    /** A list of durations in nanoseconds. */
    public static ConfigField<List<Long>> durations(String name) {
        return new ConfigField<>(
                name, List.of(), Shown.IF_SET, field -> List.copyOf(field.durationsNs()), durations -> durations);
    }

    /** Texts by name, in the order of the names. */
    public static ConfigField<Map<String, String>> textMap(String name) {
        return new ConfigField<>(
                name, Map.of(), Shown.IF_SET, field -> new TreeMap<>(field.textMap()), ConfigField::copy);
    }

    /** A point in time, or null. */
    public static ConfigField<java.time.@Nullable Instant> time(String name) {
        return new ConfigField<>(
                name, null, Shown.IF_SET, JsonField::time, time -> time == null ? null : GoTime.text(time));
    }

    /** A constant of an enumeration, spelt in lower case; anything else is refused with {@code refusal}. */
    public static <E extends Enum<E>> ConfigField<E> word(
            String name, E zero, Shown shown, UnaryOperator<String> refusal) {
        var words = new LinkedHashMap<String, E>();
        for (E constant : zero.getDeclaringClass().getEnumConstants()) {
            words.put(spelling(constant), constant);
        }
        return new ConfigField<>(
                name, zero, shown, field -> field.oneOf(words, refusal), constant -> spelling(constant));
    }

    /** {@link #word(String, Enum, Shown, UnaryOperator)} with Go's usual refusal. */
    public static <E extends Enum<E>> ConfigField<E> word(String name, E zero, Shown shown) {
        return word(name, zero, shown, JsonField::notAWord);
    }

    /** The name in JSON. */
    public String name() {
        return name;
    }

    /** The value of a field that was not sent. */
    public T zero() {
        return zero;
    }

    boolean isZero(@Nullable Object value) {
        return value == null || value.equals(zero);
    }

    boolean isShown(T value) {
        return shown == Shown.ALWAYS || !isZero(value);
    }

    T read(JsonField field) {
        return reader.apply(field);
    }

    @Nullable
    Object tree(T value) {
        return tree.apply(value);
    }

    @Override
    public String toString() {
        return name;
    }

    private static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static Object copy(Map<String, String> map) {
        return new TreeMap<>(map);
    }

    /** The fields of one kind of configuration, in the order in which they are written. Immutable. */
    public static final class Table {
        private final Map<String, ConfigField<?>> byName = new LinkedHashMap<>();

        public Table(ConfigField<?>... fields) {
            for (ConfigField<?> field : fields) {
                if (byName.put(field.name, field) != null) {
                    throw new IllegalArgumentException("field \"" + field.name + "\" twice");
                }
            }
        }

        @Nullable
        ConfigField<?> find(String name) {
            return byName.get(name);
        }

        List<ConfigField<?>> all() {
            return new ArrayList<>(byName.values());
        }
    }
}
