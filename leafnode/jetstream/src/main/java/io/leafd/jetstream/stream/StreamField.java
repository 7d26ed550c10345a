package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.InvalidJson;
import io.leafd.jetstream.json.JsonField;
import io.leafd.protocol.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a stream configuration in the order in which a server writes them: name, type, zero value, and whether the zero
 * value is written. Immutable. A new field is one line here.
 *
 * @param <T> type of its value
 */
public final class StreamField<T extends @Nullable Object> {
    private static final Map<String, StreamField<?>> BY_NAME = new LinkedHashMap<>();

    public static final StreamField<String> NAME = text("name", Shown.ALWAYS);
    public static final StreamField<String> DESCRIPTION = text("description", Shown.IF_SET);
    public static final StreamField<List<String>> SUBJECTS = texts("subjects");
    public static final StreamField<Retention> RETENTION = word("retention", Retention.LIMITS, Shown.ALWAYS);
    public static final StreamField<Long> MAX_CONSUMERS = number("max_consumers", JsonField::number, Shown.ALWAYS);
    public static final StreamField<Long> MAX_MSGS = number("max_msgs", JsonField::number64, Shown.ALWAYS);
    public static final StreamField<Long> MAX_BYTES = number("max_bytes", JsonField::number64, Shown.ALWAYS);
    public static final StreamField<Long> MAX_AGE = number("max_age", JsonField::durationNs, Shown.ALWAYS);
    public static final StreamField<Long> MAX_MSGS_PER_SUBJECT =
            number("max_msgs_per_subject", JsonField::number64, Shown.ALWAYS);
    public static final StreamField<Long> MAX_MSG_SIZE =
            number("max_msg_size", field -> (long) field.number32(), Shown.IF_SET);
    public static final StreamField<Discard> DISCARD = word("discard", Discard.OLD, Shown.ALWAYS);
    public static final StreamField<Storage> STORAGE = word("storage", Storage.FILE, Shown.ALWAYS);
    public static final StreamField<Long> REPLICAS = number("num_replicas", JsonField::number, Shown.ALWAYS);
    public static final StreamField<Boolean> NO_ACK = flag("no_ack", Shown.IF_SET);
    public static final StreamField<Long> DUPLICATE_WINDOW =
            number("duplicate_window", JsonField::durationNs, Shown.IF_SET);
    static final StreamField<Placement> PLACEMENT =
            object("placement", Placement.NONE, Placement::read, Placement::write);
    public static final StreamField<@Nullable StreamSource> MIRROR = source("mirror");
    public static final StreamField<List<StreamSource>> SOURCES = sources("sources");
    public static final StreamField<Compression> COMPRESSION = compression("compression");
    public static final StreamField<Long> FIRST_SEQ = number("first_seq", JsonField::sequence, Shown.IF_SET);
    public static final StreamField<@Nullable SubjectMapping> SUBJECT_TRANSFORM = new StreamField<>(
            "subject_transform",
            null,
            Shown.IF_SET,
            field -> field.isNull() ? null : SubjectMapping.read(field.object("SubjectTransformConfig")),
            (json, mapping) -> {
                if (mapping != null) {
                    mapping.write(json);
                }
            });
    public static final StreamField<@Nullable Republish> REPUBLISH = new StreamField<>(
            "republish",
            null,
            Shown.IF_SET,
            field -> field.isNull() ? null : Republish.read(field.object("RePublish")),
            (json, republish) -> {
                if (republish != null) {
                    republish.write(json);
                }
            });
    public static final StreamField<Boolean> ALLOW_DIRECT = flag("allow_direct", Shown.ALWAYS);
    public static final StreamField<Boolean> MIRROR_DIRECT = flag("mirror_direct", Shown.ALWAYS);
    public static final StreamField<Boolean> DISCARD_NEW_PER_SUBJECT = flag("discard_new_per_subject", Shown.IF_SET);
    public static final StreamField<Boolean> SEALED = flag("sealed", Shown.ALWAYS);
    public static final StreamField<Boolean> DENY_DELETE = flag("deny_delete", Shown.ALWAYS);
    public static final StreamField<Boolean> DENY_PURGE = flag("deny_purge", Shown.ALWAYS);
    public static final StreamField<Boolean> ALLOW_ROLLUP = flag("allow_rollup_hdrs", Shown.ALWAYS);
    public static final StreamField<ConsumerLimits> CONSUMER_LIMITS = new StreamField<>(
            "consumer_limits",
            ConsumerLimits.NONE,
            Shown.ALWAYS,
            field -> ConsumerLimits.read(field.object("StreamConsumerLimits")),
            (json, limits) -> limits.write(json));
    public static final StreamField<Boolean> ALLOW_MSG_TTL = flag("allow_msg_ttl", Shown.ALWAYS);
    public static final StreamField<Long> SUBJECT_DELETE_MARKER_TTL =
            number("subject_delete_marker_ttl", JsonField::durationNs, Shown.IF_SET);
    public static final StreamField<Boolean> ALLOW_MSG_COUNTER = flag("allow_msg_counter", Shown.IF_SET);
    public static final StreamField<Boolean> ALLOW_ATOMIC = flag("allow_atomic", Shown.IF_SET);
    public static final StreamField<Boolean> ALLOW_MSG_SCHEDULES = flag("allow_msg_schedules", Shown.IF_SET);
    public static final StreamField<PersistMode> PERSIST_MODE = word("persist_mode", PersistMode.DEFAULT, Shown.IF_SET);
    public static final StreamField<Boolean> ALLOW_BATCHED = flag("allow_batched", Shown.IF_SET);
    public static final StreamField<Map<String, String>> METADATA = new StreamField<>(
            "metadata", Map.of(), Shown.IF_SET, field -> new TreeMap<>(field.textMap()), (json, metadata) -> {
                json.object();
                metadata.forEach(json::field);
                json.end();
            });

    private enum Shown {
        ALWAYS,
        IF_SET
    }

    private final String name;
    private final T zero;
    private final Shown shown;
    private final Function<JsonField, T> reader;
    private final BiConsumer<JsonWriter, T> writer;

    @SuppressWarnings("this-escape") // into the private table of a final class
    private StreamField(
            String name, T zero, Shown shown, Function<JsonField, T> reader, BiConsumer<JsonWriter, T> writer) {
        this.name = name;
        this.zero = zero;
        this.shown = shown;
        this.reader = reader;
        this.writer = writer;
        BY_NAME.put(name, this);
    }

    /** All fields, in the order in which they are written. */
    static Iterable<StreamField<?>> all() {
        return BY_NAME.values();
    }

    /** The field of this name, or null. */
    static @Nullable StreamField<?> find(String name) {
        return BY_NAME.get(name);
    }

    String name() {
        return name;
    }

    /** The value of a field that was not sent. */
    T zero() {
        return zero;
    }

    T read(JsonField field) {
        return reader.apply(field);
    }

    /** Writes name and value, unless the value is zero and zero is not shown. */
    void write(JsonWriter json, T value) {
        if (shown == Shown.ALWAYS || !isZero(value)) {
            writer.accept(json.name(name), value);
        }
    }

    boolean isZero(T value) {
        return value == null ? zero == null : value.equals(zero);
    }

    @Override
    public String toString() {
        return name;
    }

    private static StreamField<String> text(String name, Shown shown) {
        return new StreamField<>(name, "", shown, JsonField::text, JsonWriter::value);
    }

    private static StreamField<Long> number(String name, Function<JsonField, Long> reader, Shown shown) {
        return new StreamField<>(name, 0L, shown, reader, JsonWriter::value);
    }

    private static StreamField<Boolean> flag(String name, Shown shown) {
        return new StreamField<>(name, false, shown, JsonField::flag, JsonWriter::value);
    }

    private static StreamField<List<String>> texts(String name) {
        return new StreamField<>(name, List.of(), Shown.IF_SET, field -> List.copyOf(field.texts()), (json, texts) -> {
            json.array();
            texts.forEach(json::value);
            json.end();
        });
    }

    private static <E extends Enum<E>> StreamField<E> word(String name, E zero, Shown shown) {
        var words = new LinkedHashMap<String, E>();
        for (E constant : zero.getDeclaringClass().getEnumConstants()) {
            words.put(spelling(constant), constant);
        }
        return new StreamField<>(
                name, zero, shown, field -> field.oneOf(words), (json, word) -> json.value(spelling(word)));
    }

    private static StreamField<Compression> compression(String name) {
        return new StreamField<>(
                name,
                Compression.NONE,
                Shown.ALWAYS,
                field -> field.oneOf(
                        Map.of("none", Compression.NONE, "s2", Compression.S2),
                        sent -> "unknown compression algorithm"),
                (json, word) -> json.value(spelling(word)));
    }

    private static <T> StreamField<T> object(
            String name, T zero, Function<List<JsonField>, T> reader, BiConsumer<T, JsonWriter> writer) {
        return new StreamField<>(
                name,
                zero,
                Shown.IF_SET,
                field -> reader.apply(field.object(name)),
                (json, value) -> writer.accept(value, json));
    }

    private static StreamField<@Nullable StreamSource> source(String name) {
        return new StreamField<>(
                name,
                null,
                Shown.IF_SET,
                field -> field.isNull() ? null : StreamSource.read(field.object("StreamSource")),
                (json, source) -> {
                    if (source != null) {
                        source.write(json);
                    }
                });
    }

    private static StreamField<List<StreamSource>> sources(String name) {
        return new StreamField<>(name, List.of(), Shown.IF_SET, StreamField::readSources, (json, sources) -> {
            json.array();
            sources.forEach(source -> source.write(json));
            json.end();
        });
    }

    private static List<StreamSource> readSources(JsonField field) {
        var sources = new ArrayList<StreamSource>();
        for (JsonField item : field.objects("[]*server.StreamSource")) {
            if (item.isNull()) {
                throw new InvalidJson("a source must not be null");
            }
            sources.add(StreamSource.read(item.object("StreamSource")));
        }
        return List.copyOf(sources);
    }

    private static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
