package io.leafd.jetstream.consumer.config;

import static io.leafd.jetstream.consumer.config.ConsumerConfig.*;

import io.leafd.jetstream.api.ApiException;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.json.ConfigField;
import io.leafd.jetstream.stream.Retention;
import io.leafd.protocol.Subjects;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes a valid configuration of what a client sent: fills in defaults, and refuses contradictions with the error that
 * nats-server gives. The order of the checks decides which of several errors is answered. Pure.
 *
 * <p>In pedantic mode a correction of what was sent is an error instead. Source: observed on nats-server 2.15.1 and its source.
 */
public final class ConsumerRules {
    private static final long MS_NS = 1_000_000L;
    private static final long SECOND_NS = 1_000 * MS_NS;
    private static final long ACK_WAIT_NS = 30 * SECOND_NS;
    private static final long MAX_WAITING_DEFAULT = 512;
    private static final long MAX_ACK_PENDING_DEFAULT = 1000;
    private static final long PRIORITY_TIMEOUT_NS = 120 * SECOND_NS;
    private static final long INACTIVE_THRESHOLD_NS = 5 * SECOND_NS;
    private static final long HEARTBEAT_MIN_NS = 100 * MS_NS;
    /** Heartbeat of consumers that are acknowledged by flow control. */
    private static final long SOURCING_HEARTBEAT_NS = SECOND_NS;

    private static final int DURABLE_MAX_BYTES = 255;
    private static final int DESCRIPTION_MAX_BYTES = 4096;
    private static final int METADATA_MAX_KIB = 128;
    private static final Pattern GROUP = Pattern.compile("[a-zA-Z0-9/_=-]{1,16}");

    private ConsumerRules() {}

    /**
     * The configuration that a consumer gets when this was sent.
     *
     * @throws ApiException if it is not valid
     */
    public static ConsumerConfig complete(ConsumerConfig sent, StreamTerms terms, boolean pedantic) {
        ConsumerConfig config = withDefaults(clamped(sent, pedantic), terms, pedantic);
        checkNames(config);
        checkReplicas(config);
        checkWaits(config);
        if (config.get(ACK_POLICY) == AckPolicy.FLOW_CONTROL) {
            checkFlowControlAcks(config);
        }
        long backoffs = config.get(BACKOFF).size();
        if (backoffs > 0 && config.get(MAX_DELIVER) != -1 && backoffs > config.get(MAX_DELIVER)) {
            throw JsError.CONSUMER_MAX_DELIVER_BACKOFF.refuse();
        }
        if (bytes(config.get(DESCRIPTION)) > DESCRIPTION_MAX_BYTES) {
            throw JsError.CONSUMER_DESCRIPTION_TOO_LONG.refuse(DESCRIPTION_MAX_BYTES);
        }
        if (config.push()) {
            checkPush(config, terms);
        } else {
            checkPull(config, terms);
        }
        checkBounds(config, terms);
        checkDirect(config);
        checkFilters(config);
        checkStart(config);
        checkRest(config);
        checkPriority(config);
        return config.withRequiredLevel();
    }

    /**
     * What a new consumer stores: one that is not durable always goes some time after nobody uses it any more. Not part of
     * {@link #complete}, because a repeated request is compared without it (observed).
     */
    public static ConsumerConfig withThreshold(ConsumerConfig config) {
        return config.durable() || config.get(INACTIVE_THRESHOLD) > 0
                ? config
                : config.with(INACTIVE_THRESHOLD, INACTIVE_THRESHOLD_NS);
    }

    /** Whether a text may be the name of a consumer. */
    public static boolean isName(String name) {
        return !name.isEmpty() && name.chars().noneMatch(c -> ".*>/\\ \t\r\n\f".indexOf(c) >= 0);
    }

    /** Whether a text may be the name of a priority group. */
    public static boolean isGroup(String name) {
        return GROUP.matcher(name).matches();
    }

    /** {@code 30}, {@code 30%}: thirty. Negative if it cannot be read. */
    static int samplePercent(String text) {
        String digits = text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static ConsumerConfig clamped(ConsumerConfig sent, boolean pedantic) {
        ConsumerConfig config = sent;
        long maxDeliver = config.get(MAX_DELIVER);
        if (maxDeliver == 0 || maxDeliver < -1) {
            pedantic(pedantic && maxDeliver < -1, "max_deliver must be set to -1");
            config = config.with(MAX_DELIVER, -1L);
        }
        config = notNegative(config, MAX_WAITING, pedantic);
        if (config.get(MAX_ACK_PENDING) < -1) {
            pedantic(pedantic, "max_ack_pending must be set to -1");
            config = config.with(MAX_ACK_PENDING, -1L);
        }
        for (ConfigField<Long> field :
                List.of(MAX_BATCH, MAX_EXPIRES, MAX_BYTES, HEARTBEAT, INACTIVE_THRESHOLD, PRIORITY_TIMEOUT)) {
            config = notNegative(config, field, pedantic);
        }
        return config;
    }

    private static ConsumerConfig notNegative(ConsumerConfig config, ConfigField<Long> field, boolean pedantic) {
        if (config.get(field) >= 0) {
            return config;
        }
        pedantic(pedantic, field.name() + " must not be negative");
        return config.with(field, 0L);
    }

    private static ConsumerConfig withDefaults(ConsumerConfig sent, StreamTerms terms, boolean pedantic) {
        ConsumerConfig config = sent;
        AckPolicy policy = config.get(ACK_POLICY);
        if (!config.push() && config.get(MAX_WAITING) == 0) {
            config = config.with(MAX_WAITING, MAX_WAITING_DEFAULT);
        }
        if (config.get(ACK_WAIT) == 0 && (policy == AckPolicy.EXPLICIT || policy == AckPolicy.ALL)) {
            config = config.with(ACK_WAIT, ACK_WAIT_NS);
        }
        if (!config.get(BACKOFF).isEmpty()) {
            long first = config.get(BACKOFF).getFirst();
            pedantic(pedantic && config.get(ACK_WAIT) != first, "first backoff value has to equal batch AckWait");
            config = config.with(ACK_WAIT, first);
        }
        if (config.get(MAX_ACK_PENDING) == 0) {
            pedantic(
                    pedantic && terms.maxAckPending() > 0,
                    "max_ack_pending must be set if it's configured in stream limits");
            config = config.with(MAX_ACK_PENDING, terms.maxAckPending());
        }
        if (config.get(INACTIVE_THRESHOLD) == 0) {
            pedantic(
                    pedantic && terms.inactiveThresholdNs() > 0,
                    "inactive_threshold must be set if it's configured in stream limits");
            config = config.with(INACTIVE_THRESHOLD, terms.inactiveThresholdNs());
        }
        if (config.get(MAX_ACK_PENDING) == 0 && policy != AckPolicy.NONE) {
            long bound = terms.accountMaxAckPending();
            long max = bound > 0 ? Math.min(bound, MAX_ACK_PENDING_DEFAULT) : MAX_ACK_PENDING_DEFAULT;
            config = config.with(MAX_ACK_PENDING, max);
        }
        if (config.get(PRIORITY_POLICY) == PriorityPolicy.PINNED_CLIENT && config.get(PRIORITY_TIMEOUT) == 0) {
            config = config.with(PRIORITY_TIMEOUT, PRIORITY_TIMEOUT_NS);
        }
        if (policy == AckPolicy.FLOW_CONTROL && !pedantic) {
            config = config.with(FLOW_CONTROL, true).with(HEARTBEAT, SOURCING_HEARTBEAT_NS);
        }
        return config;
    }

    private static void checkNames(ConsumerConfig config) {
        if (!config.get(NAME).isEmpty() && !isName(config.get(NAME))) {
            throw invalid("consumer name can not contain '.', '*', '>', '\\', '/'");
        }
        if (config.durable() && !isName(config.get(DURABLE))) {
            throw invalid("consumer durable name can not contain '.', '*', '>', '\\', '/'");
        }
        if (bytes(config.get(DURABLE)) > DURABLE_MAX_BYTES) {
            throw JsError.CONSUMER_NAME_TOO_LONG.refuse(DURABLE_MAX_BYTES);
        }
    }

    private static void checkReplicas(ConsumerConfig config) {
        if (config.get(REPLICAS) > 1) {
            throw JsError.STREAM_REPLICAS_NOT_SUPPORTED.refuse();
        }
        if (config.get(REPLICAS) < 0) {
            throw JsError.REPLICAS_COUNT_CANNOT_BE_NEGATIVE.refuse();
        }
    }

    private static void checkWaits(ConsumerConfig config) {
        for (long backoff : config.get(BACKOFF)) {
            if (backoff < 0) {
                throw JsError.CONSUMER_BACK_OFF_NEGATIVE.refuse();
            }
        }
        if (config.get(ACK_WAIT) < 0) {
            throw JsError.CONSUMER_ACK_WAIT_NEGATIVE.refuse();
        }
    }

    private static void checkFlowControlAcks(ConsumerConfig config) {
        if (!config.push()) {
            throw JsError.CONSUMER_ACK_FLOW_CONTROL_REQUIRES_PUSH.refuse();
        }
        if (!config.is(FLOW_CONTROL)) {
            throw JsError.CONSUMER_ACK_FLOW_CONTROL_REQUIRES_FLOW_CONTROL.refuse();
        }
        if (config.get(HEARTBEAT) != SOURCING_HEARTBEAT_NS) {
            throw invalid("flow control ack policy heartbeat needs to be 1s");
        }
        if (config.get(MAX_ACK_PENDING) <= 0) {
            throw JsError.CONSUMER_ACK_FLOW_CONTROL_REQUIRES_MAX_ACK_PENDING.refuse();
        }
        if (config.get(ACK_WAIT) != 0 || !config.get(BACKOFF).isEmpty()) {
            throw JsError.CONSUMER_ACK_FLOW_CONTROL_REQUIRES_NO_ACK_WAIT.refuse();
        }
        if (config.get(MAX_DELIVER) > 0) {
            throw JsError.CONSUMER_ACK_FLOW_CONTROL_REQUIRES_NO_MAX_DELIVER.refuse();
        }
    }

    private static void checkPush(ConsumerConfig config, StreamTerms terms) {
        String deliver = config.get(DELIVER_SUBJECT);
        if (!Subjects.isLiteral(deliver)) {
            throw JsError.CONSUMER_DELIVER_TO_WILDCARDS.refuse();
        }
        if (!Subjects.isValidFilter(deliver)) {
            throw JsError.CONSUMER_INVALID_DELIVER_SUBJECT.refuse();
        }
        if (terms.subjects().stream().anyMatch(captured -> Subjects.matches(captured, deliver))) {
            throw JsError.CONSUMER_DELIVER_CYCLE.refuse();
        }
        if (config.get(MAX_WAITING) != 0) {
            throw JsError.CONSUMER_PUSH_MAX_WAITING.refuse();
        }
        if (config.get(MAX_ACK_PENDING) > 0 && config.get(ACK_POLICY) == AckPolicy.NONE) {
            throw JsError.CONSUMER_MAX_PENDING_ACK_POLICY_REQUIRED.refuse();
        }
        long heartbeat = config.get(HEARTBEAT);
        if (heartbeat > 0 && heartbeat < HEARTBEAT_MIN_NS) {
            throw JsError.CONSUMER_SMALL_HEARTBEAT.refuse();
        }
    }

    private static void checkPull(ConsumerConfig config, StreamTerms terms) {
        if (config.get(ACK_POLICY) == AckPolicy.NONE && terms.retention() == Retention.WORKQUEUE) {
            throw JsError.CONSUMER_PULL_REQUIRES_ACK.refuse();
        }
        if (config.get(RATE_LIMIT) > 0) {
            throw JsError.CONSUMER_PULL_WITH_RATE_LIMIT.refuse();
        }
        if (config.get(HEARTBEAT) > 0) {
            throw JsError.CONSUMER_HEARTBEAT_REQUIRES_PUSH.refuse();
        }
        if (config.is(FLOW_CONTROL)) {
            throw JsError.CONSUMER_FLOW_CONTROL_REQUIRES_PUSH.refuse();
        }
        if (config.get(MAX_EXPIRES) != 0 && config.get(MAX_EXPIRES) < MS_NS) {
            throw JsError.CONSUMER_MAX_REQUEST_EXPIRES_TOO_SMALL.refuse();
        }
    }

    private static void checkBounds(ConsumerConfig config, StreamTerms terms) {
        long pending = config.get(MAX_ACK_PENDING);
        for (long bound : new long[] {terms.accountMaxAckPending(), terms.maxAckPending()}) {
            if (bound > 0 && pending > bound) {
                throw JsError.CONSUMER_MAX_PENDING_ACK_EXCESS.refuse(bound);
            }
        }
        long threshold = terms.inactiveThresholdNs();
        if (threshold > 0 && config.get(INACTIVE_THRESHOLD) > threshold) {
            throw JsError.CONSUMER_INACTIVE_THRESHOLD_EXCESS.refuse(io.leafd.jetstream.json.GoDuration.text(threshold));
        }
    }

    private static void checkDirect(ConsumerConfig config) {
        if (config.is(DIRECT) && !config.push()) {
            throw JsError.CONSUMER_DIRECT_REQUIRES_PUSH.refuse();
        }
        if (config.is(DIRECT) && config.durable()) {
            throw JsError.CONSUMER_DIRECT_REQUIRES_EPHEMERAL.refuse();
        }
    }

    private static void checkFilters(ConsumerConfig config) {
        if (!config.get(FILTER).isEmpty() && !config.get(FILTERS).isEmpty()) {
            throw JsError.CONSUMER_DUPLICATE_FILTER_SUBJECTS.refuse();
        }
        List<String> filters = config.filters();
        if (filters.contains("")) {
            throw JsError.CONSUMER_EMPTY_FILTER.refuse();
        }
        for (int i = 0; i < filters.size(); i++) {
            if (!Subjects.isValidFilter(filters.get(i))) {
                throw invalid("invalid subject");
            }
            for (int j = 0; j < filters.size(); j++) {
                if (i != j && Subjects.isSubset(filters.get(i), filters.get(j))) {
                    throw JsError.CONSUMER_OVERLAPPING_SUBJECT_FILTERS.refuse();
                }
            }
        }
    }

    private static void checkStart(ConsumerConfig config) {
        boolean seq = config.get(START_SEQ) != 0;
        boolean time = config.get(START_TIME) != null;
        switch (config.get(DELIVER_POLICY)) {
            case ALL -> checkNoStart("all", seq, time);
            case LAST -> checkNoStart("last", seq, time);
            case NEW -> checkNoStart("new", seq, time);
            case LAST_PER_SUBJECT -> {
                checkNoStart("last per subject", seq, time);
                if (config.filters().isEmpty()) {
                    throw notSet("last per subject", "filter subject");
                }
            }
            case BY_START_SEQUENCE -> {
                if (!seq) {
                    throw notSet("by start sequence", "start sequence");
                }
                checkNoStart("by start sequence", false, time);
            }
            case BY_START_TIME -> {
                if (!time) {
                    throw notSet("by start time", "start time");
                }
                if (seq) {
                    throw alsoSet("by start time", "start sequence");
                }
            }
        }
    }

    private static void checkNoStart(String policy, boolean seq, boolean time) {
        if (seq) {
            throw alsoSet(policy, "sequence");
        }
        if (time) {
            throw alsoSet(policy, "time");
        }
    }

    private static void checkRest(ConsumerConfig config) {
        String sample = config.get(SAMPLE_FREQUENCY);
        if (!sample.isEmpty() && samplePercent(sample) < 0) {
            String digits = sample.endsWith("%") ? sample.substring(0, sample.length() - 1) : sample;
            throw JsError.CONSUMER_INVALID_SAMPLING.refuse("strconv.Atoi: parsing \"" + digits + "\": invalid syntax");
        }
        if (config.is(FLOW_CONTROL) && config.get(HEARTBEAT) == 0) {
            throw JsError.CONSUMER_WITH_FLOW_CONTROL_NEEDS_HEARTBEATS.refuse();
        }
        String name = config.get(NAME);
        if (config.durable() && !name.isEmpty() && !name.equals(config.get(DURABLE))) {
            throw JsError.CONSUMER_CREATE_DURABLE_AND_NAME_MISMATCH.refuse();
        }
        int metadataBytes = 0;
        for (Map.Entry<String, String> entry : config.get(METADATA).entrySet()) {
            metadataBytes += bytes(entry.getKey()) + bytes(entry.getValue());
        }
        if (metadataBytes > METADATA_MAX_KIB * 1024) {
            throw JsError.CONSUMER_METADATA_LENGTH.refuse(METADATA_MAX_KIB + "KB");
        }
    }

    private static void checkPriority(ConsumerConfig config) {
        List<String> groups = config.get(PRIORITY_GROUPS);
        if (config.get(PRIORITY_POLICY) == PriorityPolicy.NONE) {
            if (!groups.isEmpty()) {
                throw JsError.CONSUMER_PRIORITY_GROUP_WITH_POLICY_NONE.refuse();
            }
            if (config.get(PRIORITY_TIMEOUT) > 0) {
                throw JsError.CONSUMER_PINNED_TTL_WITHOUT_PRIORITY_POLICY_NONE.refuse();
            }
            return;
        }
        if (config.push()) {
            throw JsError.CONSUMER_PUSH_WITH_PRIORITY_GROUP.refuse();
        }
        if (groups.isEmpty()) {
            throw JsError.CONSUMER_PRIORITY_POLICY_WITHOUT_GROUP.refuse();
        }
        for (String group : groups) {
            if (group.isEmpty()) {
                throw JsError.CONSUMER_EMPTY_GROUP_NAME.refuse();
            }
            if (!isGroup(group)) {
                throw JsError.CONSUMER_INVALID_GROUP_NAME.refuse();
            }
        }
    }

    private static void pedantic(boolean refused, String text) {
        if (refused) {
            throw JsError.PEDANTIC.refuse(text);
        }
    }

    private static ApiException invalid(String text) {
        return JsError.STREAM_INVALID_CONFIG.refuse(text);
    }

    private static ApiException alsoSet(String policy, String what) {
        return JsError.CONSUMER_INVALID_POLICY.refuse(
                "consumer delivery policy is deliver " + policy + ", but optional start " + what + " is also set");
    }

    private static ApiException notSet(String policy, String what) {
        return JsError.CONSUMER_INVALID_POLICY.refuse(
                "consumer delivery policy is deliver " + policy + ", but optional " + what + " is not set");
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
