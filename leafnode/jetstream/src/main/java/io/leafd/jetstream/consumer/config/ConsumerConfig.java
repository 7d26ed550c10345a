package io.leafd.jetstream.consumer.config;

import static io.leafd.jetstream.json.ConfigField.Shown.ALWAYS;
import static io.leafd.jetstream.json.ConfigField.Shown.IF_SET;

import io.leafd.jetstream.consumer.ack.AckRules;
import io.leafd.jetstream.json.ConfigField;
import io.leafd.jetstream.json.ConfigValues;
import io.leafd.jetstream.json.GoTime;
import io.leafd.jetstream.json.JsonField;
import io.leafd.protocol.json.JsonWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a consumer is set up. Immutable; equal if every field is. Any thread.
 *
 * <p>{@link #of} takes what a client sent as it is; {@link ConsumerRules} makes a valid configuration of it. The fields are
 * listed in the order in which nats-server writes them.
 */
public final class ConsumerConfig {
    public static final ConfigField<String> DURABLE = ConfigField.text("durable_name", IF_SET);
    public static final ConfigField<String> NAME = ConfigField.text("name", IF_SET);
    public static final ConfigField<String> DESCRIPTION = ConfigField.text("description", IF_SET);
    public static final ConfigField<DeliverPolicy> DELIVER_POLICY = new ConfigField<>(
            "deliver_policy",
            DeliverPolicy.ALL,
            ALWAYS,
            field -> field.oneOf(deliverPolicies()),
            ConsumerConfig::spelling);
    public static final ConfigField<Long> START_SEQ = ConfigField.number("opt_start_seq", IF_SET, JsonField::sequence);
    public static final ConfigField<@Nullable Instant> START_TIME = ConfigField.time("opt_start_time");
    public static final ConfigField<AckPolicy> ACK_POLICY = ConfigField.word("ack_policy", AckPolicy.NONE, ALWAYS);
    public static final ConfigField<Long> ACK_WAIT = ConfigField.duration("ack_wait", IF_SET);
    public static final ConfigField<Long> MAX_DELIVER = ConfigField.number("max_deliver", IF_SET, JsonField::number);
    public static final ConfigField<List<Long>> BACKOFF = ConfigField.durations("backoff");
    public static final ConfigField<String> FILTER = ConfigField.text("filter_subject", IF_SET);
    public static final ConfigField<List<String>> FILTERS = ConfigField.texts("filter_subjects");
    public static final ConfigField<ReplayPolicy> REPLAY_POLICY =
            ConfigField.word("replay_policy", ReplayPolicy.INSTANT, ALWAYS);
    public static final ConfigField<Long> RATE_LIMIT =
            ConfigField.number("rate_limit_bps", IF_SET, JsonField::sequence);
    public static final ConfigField<String> SAMPLE_FREQUENCY = ConfigField.text("sample_freq", IF_SET);
    public static final ConfigField<Long> MAX_WAITING = ConfigField.number("max_waiting", IF_SET, JsonField::number);
    public static final ConfigField<Long> MAX_ACK_PENDING =
            ConfigField.number("max_ack_pending", IF_SET, JsonField::number);
    public static final ConfigField<Boolean> FLOW_CONTROL = ConfigField.flag("flow_control", IF_SET);
    public static final ConfigField<Boolean> HEADERS_ONLY = ConfigField.flag("headers_only", IF_SET);
    public static final ConfigField<Long> MAX_BATCH = ConfigField.number("max_batch", IF_SET, JsonField::number);
    public static final ConfigField<Long> MAX_EXPIRES = ConfigField.duration("max_expires", IF_SET);
    public static final ConfigField<Long> MAX_BYTES = ConfigField.number("max_bytes", IF_SET, JsonField::number);
    public static final ConfigField<String> DELIVER_SUBJECT = ConfigField.text("deliver_subject", IF_SET);
    public static final ConfigField<String> DELIVER_GROUP = ConfigField.text("deliver_group", IF_SET);
    public static final ConfigField<Long> HEARTBEAT = ConfigField.duration("idle_heartbeat", IF_SET);
    public static final ConfigField<Long> INACTIVE_THRESHOLD = ConfigField.duration("inactive_threshold", IF_SET);
    public static final ConfigField<Long> REPLICAS = ConfigField.number("num_replicas", ALWAYS, JsonField::number);
    public static final ConfigField<Boolean> MEMORY = ConfigField.flag("mem_storage", IF_SET);
    public static final ConfigField<Boolean> DIRECT = ConfigField.flag("direct", IF_SET);
    public static final ConfigField<Boolean> SOURCING = ConfigField.flag("sourcing", IF_SET);
    public static final ConfigField<Map<String, String>> METADATA = ConfigField.textMap("metadata");
    public static final ConfigField<@Nullable Instant> PAUSE_UNTIL = ConfigField.time("pause_until");
    public static final ConfigField<List<String>> PRIORITY_GROUPS = ConfigField.texts("priority_groups");
    public static final ConfigField<PriorityPolicy> PRIORITY_POLICY = ConfigField.word(
            "priority_policy", PriorityPolicy.NONE, IF_SET, sent -> "unknown priority policy: " + sent);
    public static final ConfigField<Long> PRIORITY_TIMEOUT = ConfigField.duration("priority_timeout", IF_SET);

    private static final ConfigField.Table TABLE = new ConfigField.Table(
            DURABLE,
            NAME,
            DESCRIPTION,
            DELIVER_POLICY,
            START_SEQ,
            START_TIME,
            ACK_POLICY,
            ACK_WAIT,
            MAX_DELIVER,
            BACKOFF,
            FILTER,
            FILTERS,
            REPLAY_POLICY,
            RATE_LIMIT,
            SAMPLE_FREQUENCY,
            MAX_WAITING,
            MAX_ACK_PENDING,
            FLOW_CONTROL,
            HEADERS_ONLY,
            MAX_BATCH,
            MAX_EXPIRES,
            MAX_BYTES,
            DELIVER_SUBJECT,
            DELIVER_GROUP,
            HEARTBEAT,
            INACTIVE_THRESHOLD,
            REPLICAS,
            MEMORY,
            DIRECT,
            SOURCING,
            METADATA,
            PAUSE_UNTIL,
            PRIORITY_GROUPS,
            PRIORITY_POLICY,
            PRIORITY_TIMEOUT);

    /** Metadata keys of the server: the API level that the configuration needs, and who answers. */
    private static final String REQUIRED_LEVEL = "_nats.req.level";

    private static final String SERVER_VERSION = "_nats.ver";
    private static final String SERVER_LEVEL = "_nats.level";

    private final ConfigValues values;

    private ConsumerConfig(ConfigValues values) {
        this.values = values;
    }

    /** A configuration in which nothing is set. */
    public static ConsumerConfig empty() {
        return new ConsumerConfig(ConfigValues.none(TABLE));
    }

    /**
     * The configuration in these fields.
     *
     * @throws io.leafd.jetstream.json.InvalidJson for an unknown field or a wrong type
     */
    public static ConsumerConfig of(List<JsonField> fields) {
        return new ConsumerConfig(ConfigValues.of(TABLE, fields));
    }

    /** The configuration that {@link #toBytes} wrote. */
    public static ConsumerConfig parse(byte[] stored) {
        return of(JsonField.fields(stored, "ConsumerConfig"));
    }

    /** The value of a field. */
    public <T extends @Nullable Object> T get(ConfigField<T> field) {
        return values.get(field);
    }

    /** The same configuration with one other value. */
    public <T extends @Nullable Object> ConsumerConfig with(ConfigField<T> field, T value) {
        return new ConsumerConfig(values.with(field, value));
    }

    /** Whether a switch is on. */
    public boolean is(ConfigField<Boolean> field) {
        return values.get(field);
    }

    public boolean durable() {
        return !get(DURABLE).isEmpty();
    }

    /** Whether messages are sent to a deliver subject, and not asked for. */
    public boolean push() {
        return !get(DELIVER_SUBJECT).isEmpty();
    }

    /** Its filters, of whichever of the two fields; none means every message. */
    public List<String> filters() {
        String filter = get(FILTER);
        return filter.isEmpty() ? get(FILTERS) : List.of(filter);
    }

    /** The part that decides about acknowledgements. */
    public AckRules ackRules() {
        AckRules.Kind kind = switch (get(ACK_POLICY)) {
            case NONE -> AckRules.Kind.NONE;
            case ALL, FLOW_CONTROL -> AckRules.Kind.CUMULATIVE;
            case EXPLICIT -> AckRules.Kind.EXPLICIT;
        };
        return new AckRules(
                kind, get(ACK_WAIT), get(BACKOFF), clamped(get(MAX_DELIVER)), clamped(get(MAX_ACK_PENDING)));
    }

    /** Percentage of acknowledgements to measure. */
    public int samplePercent() {
        String text = get(SAMPLE_FREQUENCY);
        return text.isEmpty() ? 0 : Math.min(100, ConsumerRules.samplePercent(text));
    }

    /** The configuration as it is stored. */
    public byte[] toBytes() {
        var json = new JsonWriter().object();
        values.write(json);
        return json.end().toBytes();
    }

    /** Writes {@code "config":{…}} with the metadata of lists: what is stored. */
    public void write(JsonWriter json) {
        json.object("config");
        values.write(json);
        json.end();
    }

    /** Writes {@code "config":{…}} with the metadata of single answers: also who answers. */
    public void write(JsonWriter json, String serverVersion, int serverLevel) {
        var metadata = new TreeMap<>(get(METADATA));
        metadata.put(SERVER_VERSION, serverVersion);
        metadata.put(SERVER_LEVEL, String.valueOf(serverLevel));
        with(METADATA, metadata).write(json);
    }

    /** The same without the metadata that only servers set, and with the API level that it needs. */
    public ConsumerConfig withRequiredLevel() {
        var metadata = withoutServerMetadata();
        metadata.put(REQUIRED_LEVEL, String.valueOf(requiredLevel()));
        return with(METADATA, metadata);
    }

    /** Whether both are the same but for the metadata that servers set. */
    public boolean sameAs(ConsumerConfig other) {
        var mine = withoutServerMetadata();
        var theirs = other.withoutServerMetadata();
        return with(METADATA, mine).equals(other.with(METADATA, theirs));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConsumerConfig that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "ConsumerConfig" + values;
    }

    private int requiredLevel() {
        if (get(ACK_POLICY) == AckPolicy.FLOW_CONTROL) {
            return 4;
        }
        boolean priority = get(PRIORITY_POLICY) != PriorityPolicy.NONE
                || get(PRIORITY_TIMEOUT) != 0
                || !get(PRIORITY_GROUPS).isEmpty();
        Instant pause = get(PAUSE_UNTIL);
        return priority || (pause != null && !pause.equals(Instant.parse(GoTime.NONE))) ? 1 : 0;
    }

    private Map<String, String> withoutServerMetadata() {
        var metadata = new TreeMap<>(get(METADATA));
        metadata.remove(REQUIRED_LEVEL);
        metadata.remove(SERVER_VERSION);
        metadata.remove(SERVER_LEVEL);
        return metadata;
    }

    private static Map<String, DeliverPolicy> deliverPolicies() {
        var policies = new TreeMap<String, DeliverPolicy>();
        for (DeliverPolicy policy : DeliverPolicy.values()) {
            policies.put(spelling(policy), policy);
        }
        policies.put("undefined", DeliverPolicy.ALL);
        return policies;
    }

    private static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static int clamped(long number) {
        return Math.clamp(number, 0, Integer.MAX_VALUE);
    }
}
