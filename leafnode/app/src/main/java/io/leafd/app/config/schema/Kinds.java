package io.leafd.app.config.schema;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds of values that know nothing of a broker: numbers with their units, texts, choices, lists. */
public final class Kinds {
    private Kinds() {}

    /** From a string to a value; what it throws need not name the key. */
    @FunctionalInterface
    public interface TextReader<T> {
        T read(String text, Position position) throws BadValueException;
    }

    public static Kind<Boolean> fact() {
        return new Kind<>(
                "`true` or `false`",
                (toml, position) -> {
                    if (toml instanceof Boolean fact) {
                        return fact;
                    }
                    throw new BadValueException("expected true or false, found " + found(toml));
                },
                String::valueOf);
    }

    /** A whole number without a unit. */
    public static Kind<Integer> count(int min, int max) {
        String range = min + " to " + max;
        return new Kind<>(
                "number, " + range,
                (toml, position) -> {
                    if (!(toml instanceof Long number)) {
                        throw new BadValueException("expected a whole number, found " + found(toml));
                    }
                    if (number < min || number > max) {
                        throw new BadValueException(number + " is out of range; it may be " + range);
                    }
                    return number.intValue();
                },
                String::valueOf);
    }

    /** A kind that is written as a string. */
    public static <T> Kind<T> ofText(String description, TextReader<T> reader, Function<T, String> show) {
        return new Kind<>(
                description,
                (toml, position) -> {
                    if (toml instanceof String text) {
                        return reader.read(text, position);
                    }
                    throw new BadValueException("expected a string, found " + found(toml));
                },
                value -> TomlText.quote(show.apply(value)));
    }

    /** A text that matches a pattern; {@code description} says in words what matches. */
    public static Kind<String> text(String description, Pattern pattern) {
        return ofText(
                description,
                (text, position) -> {
                    if (!pattern.matcher(text).matches()) {
                        throw new BadValueException(TomlText.quote(text) + " is no " + description);
                    }
                    return text;
                },
                text -> text);
    }

    /** Bytes, as a long. The bounds are written as in a file; an empty {@code max} is none. */
    public static Kind<Long> size(String min, String max) {
        long least = known(Quantities.parseSize(min));
        long most = max.isEmpty() ? Long.MAX_VALUE : known(Quantities.parseSize(max));
        return ofQuantity(
                "size",
                "write a number with its unit, such as \"64MiB\" (B, KiB, MiB, GiB, TiB, kB, MB, GB, TB)",
                Quantities::parseSize,
                new Bounds<>(least, most, min, max),
                Quantities::showSize);
    }

    /** The bounds are written as in a file; an empty {@code max} is none. */
    public static Kind<Duration> duration(String min, String max) {
        Duration least = known(Quantities.parseDuration(min));
        Duration most = max.isEmpty() ? Duration.ofMillis(Long.MAX_VALUE) : known(Quantities.parseDuration(max));
        return ofQuantity(
                "duration",
                "write a number with its unit, such as \"30s\" (ms, s, m, h, d; \"1h30m\")",
                Quantities::parseDuration,
                new Bounds<>(least, most, min, max),
                Quantities::showDuration);
    }

    /** Bytes a second, as a long; written in bits or bytes a second. */
    public static Kind<Long> rate(String min) {
        return ofQuantity(
                "rate",
                "write a number with its unit, such as \"2Mbit/s\" or \"250kB/s\"",
                Quantities::parseRate,
                new Bounds<>(known(Quantities.parseRate(min)), Long.MAX_VALUE, min, ""),
                Quantities::showRate);
    }

    public static Kind<Quantities.Budget> budget() {
        return ofText(
                "size per `hour`, `day`, `week` or `month`",
                (text, position) -> {
                    Quantities.Budget budget = Quantities.parseBudget(text);
                    if (budget == null || budget.bytes() == 0) {
                        throw new BadValueException(
                                TomlText.quote(text)
                                        + " is no budget; write a size and a period, such as \"200MB/day\" (hour, day, week, month)");
                    }
                    return budget;
                },
                Quantities::showBudget);
    }

    private record Bounds<T>(T least, T most, String min, String max) {
        String describe() {
            return max.isEmpty() ? "at least " + min : min + " to " + max;
        }
    }

    private static <T extends Comparable<T>> Kind<T> ofQuantity(
            String noun,
            String advice,
            Function<String, @Nullable T> parser,
            Bounds<T> bounds,
            Function<T, String> show) {
        Reader<T> read = text -> {
            T value = parser.apply(text);
            if (value == null) {
                throw new BadValueException(TomlText.quote(text) + " is no " + noun + "; " + advice);
            }
            if (value.compareTo(bounds.least()) < 0 || value.compareTo(bounds.most()) > 0) {
                throw new BadValueException(TomlText.quote(text) + " is out of range; it may be " + bounds.describe());
            }
            return value;
        };
        return new Kind<>(
                noun + ", " + bounds.describe(),
                (toml, position) -> {
                    if (toml instanceof String text) {
                        return read.read(text);
                    }
                    throw new BadValueException("expected a " + noun + ", found " + found(toml) + "; " + advice);
                },
                value -> TomlText.quote(show.apply(value)));
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(String text) throws BadValueException;
    }

    /** One of the constants of an enum, written in lower case with hyphens: {@code DROP_OLDEST} is {@code "drop-oldest"}. */
    public static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
        SequencedMap<String, E> words = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            words.put(word(constant), constant);
        }
        return choice(words);
    }

    /** One of some words, in the order of the map. */
    public static <T> Kind<T> choice(SequencedMap<String, T> words) {
        return ofText(
                words.keySet().stream().map(word -> "`" + word + "`").collect(Collectors.joining(" or ")),
                (text, position) -> {
                    T value = words.get(text);
                    if (value == null) {
                        throw new BadValueException(TomlText.quote(text) + " is none of "
                                + words.keySet().stream().map(TomlText::quote).collect(Collectors.joining(", "))
                                + Spelling.hint(text, words.keySet()));
                    }
                    return value;
                },
                value -> words.entrySet().stream()
                        .filter(entry -> entry.getValue().equals(value))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElseThrow());
    }

    /** How a constant is written in a file. */
    public static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** An array, each item of one kind; a problem names the item by its place from 1. */
    public static <T> Kind<List<T>> listOf(String description, Kind<T> item, int min, int max) {
        return new Kind<>(
                description,
                (toml, position) -> {
                    if (!(toml instanceof List<?> raw)) {
                        throw new BadValueException("expected an array, found " + found(toml)
                                + (toml instanceof String text ? "; write [" + TomlText.quote(text) + "]" : ""));
                    }
                    if (raw.size() < min || raw.size() > max) {
                        throw new BadValueException(
                                "the array has " + raw.size() + " items; it may have " + min + " to " + max);
                    }
                    return items(raw, item, position);
                },
                items -> items.stream().map(item::show).collect(Collectors.joining(", ", "[", "]")));
    }

    private static <T> List<T> items(List<?> raw, Kind<T> item, Position position) throws BadValueException {
        List<T> items = new ArrayList<>(raw.size());
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < raw.size(); i++) {
            try {
                T value = item.reader().read(raw.get(i), position);
                if (items.contains(value)) {
                    throw new BadValueException(item.show(value) + " stands here twice");
                }
                items.add(value);
            } catch (BadValueException e) {
                wrong.add("item " + (i + 1) + ": " + e.getMessage());
            }
        }
        if (!wrong.isEmpty()) {
            throw new BadValueException(String.join("; ", wrong));
        }
        return List.copyOf(items);
    }

    /** What was found, for a message: the value itself where it is short and harmless. */
    public static String found(Object toml) {
        return toml instanceof Long || toml instanceof Double || toml instanceof Boolean
                ? toml.toString()
                : TomlValues.name(toml);
    }

    private static <T> T known(@Nullable T bound) {
        if (bound == null) {
            throw new IllegalArgumentException("a bound that cannot be read");
        }
        return bound;
    }
}
