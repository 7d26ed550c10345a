package io.leafd.jetstream.stream;

import static io.leafd.jetstream.json.ConfigField.Shown.ALWAYS;
import static io.leafd.jetstream.json.ConfigField.Shown.IF_SET;

import io.leafd.jetstream.json.ConfigField;
import io.leafd.jetstream.json.InvalidJson;
import io.leafd.jetstream.json.JsonField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a stream configuration, in the order in which nats-server writes them. Constants. */
public final class StreamField {
    public static final ConfigField<String> NAME = ConfigField.text("name", ALWAYS);
    public static final ConfigField<String> DESCRIPTION = ConfigField.text("description", IF_SET);
    public static final ConfigField<List<String>> SUBJECTS = ConfigField.texts("subjects");
    public static final ConfigField<Retention> RETENTION = ConfigField.word("retention", Retention.LIMITS, ALWAYS);
    public static final ConfigField<Long> MAX_CONSUMERS =
            ConfigField.number("max_consumers", ALWAYS, JsonField::number);
    public static final ConfigField<Long> MAX_MSGS = ConfigField.number("max_msgs", ALWAYS, JsonField::number64);
    public static final ConfigField<Long> MAX_BYTES = ConfigField.number("max_bytes", ALWAYS, JsonField::number64);
    public static final ConfigField<Long> MAX_AGE = ConfigField.duration("max_age", ALWAYS);
    public static final ConfigField<Long> MAX_MSGS_PER_SUBJECT =
            ConfigField.number("max_msgs_per_subject", ALWAYS, JsonField::number64);
    public static final ConfigField<Long> MAX_MSG_SIZE =
            ConfigField.number("max_msg_size", IF_SET, field -> (long) field.number32());
    public static final ConfigField<Discard> DISCARD = ConfigField.word("discard", Discard.OLD, ALWAYS);
    public static final ConfigField<Storage> STORAGE = ConfigField.word("storage", Storage.FILE, ALWAYS);
    public static final ConfigField<Long> REPLICAS = ConfigField.number("num_replicas", ALWAYS, JsonField::number);
    public static final ConfigField<Boolean> NO_ACK = ConfigField.flag("no_ack", IF_SET);
    public static final ConfigField<Long> DUPLICATE_WINDOW = ConfigField.duration("duplicate_window", IF_SET);
    static final ConfigField<Placement> PLACEMENT = new ConfigField<>(
            "placement", Placement.NONE, IF_SET, field -> Placement.read(field.object("Placement")), Placement::tree);
    public static final ConfigField<@Nullable StreamSource> MIRROR = new ConfigField<>(
            "mirror",
            null,
            IF_SET,
            field -> field.isNull() ? null : StreamSource.read(field.object("StreamSource")),
            mirror -> mirror == null ? null : mirror.tree());
    public static final ConfigField<List<StreamSource>> SOURCES = new ConfigField<>(
            "sources",
            List.of(),
            IF_SET,
            StreamField::readSources,
            sources -> sources.stream().map(StreamSource::tree).toList());
    public static final ConfigField<Compression> COMPRESSION =
            ConfigField.word("compression", Compression.NONE, ALWAYS, sent -> "unknown compression algorithm");
    public static final ConfigField<Long> FIRST_SEQ = ConfigField.number("first_seq", IF_SET, JsonField::sequence);
    public static final ConfigField<@Nullable SubjectMapping> SUBJECT_TRANSFORM = new ConfigField<>(
            "subject_transform",
            null,
            IF_SET,
            field -> field.isNull() ? null : SubjectMapping.read(field.object("SubjectTransformConfig")),
            mapping -> mapping == null ? null : mapping.tree());
    public static final ConfigField<@Nullable Republish> REPUBLISH = new ConfigField<>(
            "republish",
            null,
            IF_SET,
            field -> field.isNull() ? null : Republish.read(field.object("RePublish")),
            republish -> republish == null ? null : republish.tree());
    public static final ConfigField<Boolean> ALLOW_DIRECT = ConfigField.flag("allow_direct", ALWAYS);
    public static final ConfigField<Boolean> MIRROR_DIRECT = ConfigField.flag("mirror_direct", ALWAYS);
    public static final ConfigField<Boolean> DISCARD_NEW_PER_SUBJECT =
            ConfigField.flag("discard_new_per_subject", IF_SET);
    public static final ConfigField<Boolean> SEALED = ConfigField.flag("sealed", ALWAYS);
    public static final ConfigField<Boolean> DENY_DELETE = ConfigField.flag("deny_delete", ALWAYS);
    public static final ConfigField<Boolean> DENY_PURGE = ConfigField.flag("deny_purge", ALWAYS);
    public static final ConfigField<Boolean> ALLOW_ROLLUP = ConfigField.flag("allow_rollup_hdrs", ALWAYS);
    public static final ConfigField<ConsumerLimits> CONSUMER_LIMITS = new ConfigField<>(
            "consumer_limits",
            ConsumerLimits.NONE,
            ALWAYS,
            field -> ConsumerLimits.read(field.object("StreamConsumerLimits")),
            ConsumerLimits::tree);
    public static final ConfigField<Boolean> ALLOW_MSG_TTL = ConfigField.flag("allow_msg_ttl", ALWAYS);
    public static final ConfigField<Long> SUBJECT_DELETE_MARKER_TTL =
            ConfigField.duration("subject_delete_marker_ttl", IF_SET);
    public static final ConfigField<Boolean> ALLOW_MSG_COUNTER = ConfigField.flag("allow_msg_counter", IF_SET);
    public static final ConfigField<Boolean> ALLOW_ATOMIC = ConfigField.flag("allow_atomic", IF_SET);
    public static final ConfigField<Boolean> ALLOW_MSG_SCHEDULES = ConfigField.flag("allow_msg_schedules", IF_SET);
    public static final ConfigField<PersistMode> PERSIST_MODE =
            ConfigField.word("persist_mode", PersistMode.DEFAULT, IF_SET);
    public static final ConfigField<Boolean> ALLOW_BATCHED = ConfigField.flag("allow_batched", IF_SET);
    public static final ConfigField<Map<String, String>> METADATA = ConfigField.textMap("metadata");

    static final ConfigField.Table TABLE = new ConfigField.Table(
            NAME,
            DESCRIPTION,
            SUBJECTS,
            RETENTION,
            MAX_CONSUMERS,
            MAX_MSGS,
            MAX_BYTES,
            MAX_AGE,
            MAX_MSGS_PER_SUBJECT,
            MAX_MSG_SIZE,
            DISCARD,
            STORAGE,
            REPLICAS,
            NO_ACK,
            DUPLICATE_WINDOW,
            PLACEMENT,
            MIRROR,
            SOURCES,
            COMPRESSION,
            FIRST_SEQ,
            SUBJECT_TRANSFORM,
            REPUBLISH,
            ALLOW_DIRECT,
            MIRROR_DIRECT,
            DISCARD_NEW_PER_SUBJECT,
            SEALED,
            DENY_DELETE,
            DENY_PURGE,
            ALLOW_ROLLUP,
            CONSUMER_LIMITS,
            ALLOW_MSG_TTL,
            SUBJECT_DELETE_MARKER_TTL,
            ALLOW_MSG_COUNTER,
            ALLOW_ATOMIC,
            ALLOW_MSG_SCHEDULES,
            PERSIST_MODE,
            ALLOW_BATCHED,
            METADATA);

    private StreamField() {}

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
}
