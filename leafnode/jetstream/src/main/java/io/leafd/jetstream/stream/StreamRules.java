package io.leafd.jetstream.stream;

import static io.leafd.jetstream.stream.StreamField.*;

import io.leafd.jetstream.api.AccountLimits;
import io.leafd.jetstream.api.ApiException;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.json.ConfigField;
import io.leafd.protocol.Subjects;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Makes a valid configuration of what a client sent: fills in defaults, and refuses contradictions with the error that
 * nats-server gives. The order of the checks decides which of several errors is answered. Owned by the store loop.
 *
 * <p>In pedantic mode a default that contradicts what was sent is an error instead of a silent correction. Source: observed on
 * nats-server 2.15.1.
 */
final class StreamRules {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long SHORTEST_NS = SECOND_NS / 10;
    private static final long DUPLICATE_WINDOW_NS = 120 * SECOND_NS;
    private static final int NAME_MAX_BYTES = 255;
    private static final int DESCRIPTION_MAX_BYTES = 4096;
    private static final int METADATA_MAX_BYTES = 128 * 1024;
    private static final int REPLICAS_MAX = 5;
    private static final List<ConfigField<Long>> LIMITS =
            List.of(MAX_CONSUMERS, MAX_MSGS, MAX_BYTES, MAX_MSGS_PER_SUBJECT, MAX_MSG_SIZE);
    private static final Map<ConfigField<Boolean>, String> NOT_SUPPORTED = Map.of(
            ALLOW_MSG_COUNTER, "message counters",
            ALLOW_MSG_SCHEDULES, "message schedules",
            ALLOW_BATCHED, "fast batch publish");

    private final AccountLimits limits;
    private final OriginRules origins;

    StreamRules(AccountLimits limits, OriginRules origins) {
        this.limits = limits;
        this.origins = origins;
    }

    /** Whether a text may be the name of a stream or consumer. */
    static boolean isName(String name) {
        return !name.isEmpty() && name.chars().noneMatch(c -> ".*>/\\ \t\r\n\f".indexOf(c) >= 0);
    }

    /**
     * The configuration that a stream gets when this was sent.
     *
     * @throws ApiException if it is not valid
     */
    StreamConfig complete(StreamConfig sent, boolean pedantic) {
        checkTexts(sent);
        StreamConfig config = defaults(sent);
        config = withDuplicateWindow(config, pedantic);
        checkPolicies(config);
        checkDeleteMarkers(config, pedantic);
        checkFeatures(config);
        checkTransform(config);
        config = origins.check(config);
        config = withSubjects(config);
        checkAccount(config);
        config = withRepublish(config, pedantic);
        if (!config.get(PLACEMENT).preferred().isEmpty()) {
            throw invalid("preferred server not permitted in placement");
        }
        if (config.get(REPLICAS) > 1) {
            throw JsError.STREAM_REPLICAS_NOT_SUPPORTED.refuse();
        }
        return config.withRequiredLevel(requiredLevel(config));
    }

    static ApiException invalid(String text) {
        return JsError.STREAM_INVALID_CONFIG.refuse(text);
    }

    /** Refuses what can not be a stream's name. */
    static void checkName(String name) {
        if (!isName(name)) {
            throw invalid("stream name is required and can not contain '.', '*', '>', '\\', '/'");
        }
    }

    private static void checkTexts(StreamConfig sent) {
        checkName(sent.name());
        if (bytes(sent.name()) > NAME_MAX_BYTES) {
            throw invalid("stream name is too long, maximum allowed is " + NAME_MAX_BYTES);
        }
        if (bytes(sent.get(DESCRIPTION)) > DESCRIPTION_MAX_BYTES) {
            throw invalid("stream description is too long, maximum allowed is " + DESCRIPTION_MAX_BYTES);
        }
        int metadataBytes = 0;
        for (Map.Entry<String, String> entry : sent.get(METADATA).entrySet()) {
            metadataBytes += bytes(entry.getKey()) + bytes(entry.getValue());
        }
        if (metadataBytes > METADATA_MAX_BYTES) {
            throw invalid("stream metadata exceeds maximum size of " + METADATA_MAX_BYTES + " bytes");
        }
    }

    private static StreamConfig defaults(StreamConfig sent) {
        StreamConfig config = sent;
        long replicas = config.get(REPLICAS);
        if (replicas > REPLICAS_MAX) {
            throw invalid("maximum replicas is " + REPLICAS_MAX);
        }
        if (replicas < 0) {
            throw JsError.REPLICAS_COUNT_CANNOT_BE_NEGATIVE.refuse();
        }
        if (replicas == 0) {
            config = config.with(REPLICAS, 1L);
        }
        for (ConfigField<Long> limit : LIMITS) {
            if (config.get(limit) <= 0) {
                config = config.with(limit, -1L);
            }
        }
        long maxAge = config.get(MAX_AGE);
        if (maxAge < 0) {
            throw invalid("max age can not be negative");
        }
        if (maxAge > 0 && maxAge < SHORTEST_NS) {
            throw invalid("max age needs to be >= 100ms");
        }
        return config;
    }

    private static StreamConfig withDuplicateWindow(StreamConfig sent, boolean pedantic) {
        StreamConfig config = sent;
        long maxAge = config.get(MAX_AGE);
        long window = config.get(DUPLICATE_WINDOW);
        if (window == 0 && config.mirror() == null && config.sources().isEmpty()) {
            window = DUPLICATE_WINDOW_NS;
            if (maxAge > 0 && maxAge < window) {
                if (pedantic) {
                    throw JsError.PEDANTIC.refuse("duplicate window cannot be bigger than max age");
                }
                window = maxAge;
            }
            config = config.with(DUPLICATE_WINDOW, window);
        }
        if (maxAge > 0 && maxAge < window) {
            throw invalid("duplicates window can not be larger then max age");
        }
        if (window < 0) {
            throw invalid("duplicates window can not be negative");
        }
        if (window > 0 && window < SHORTEST_NS) {
            throw invalid("duplicates window needs to be >= 100ms");
        }
        return config;
    }

    private static void checkPolicies(StreamConfig config) {
        if (config.is(DENY_PURGE) && config.is(ALLOW_ROLLUP)) {
            throw invalid("roll-ups require the purge permission");
        }
        if (config.is(DISCARD_NEW_PER_SUBJECT)) {
            if (config.get(DISCARD) != Discard.NEW) {
                throw invalid("discard new per subject requires discard new policy to be set");
            }
            if (config.get(MAX_MSGS_PER_SUBJECT) <= 0) {
                throw invalid("discard new per subject requires max msgs per subject > 0");
            }
        }
        if (config.is(MIRROR_DIRECT) && config.mirror() == null) {
            throw invalid("stream has no mirror but does have mirror direct");
        }
    }

    private static void checkDeleteMarkers(StreamConfig config, boolean pedantic) {
        long markerTtl = config.get(SUBJECT_DELETE_MARKER_TTL);
        if (markerTtl == 0) {
            return;
        }
        if (markerTtl < 0) {
            throw invalid("subject delete marker TTL must not be negative");
        }
        if (markerTtl < SECOND_NS) {
            throw invalid("subject delete marker TTL must be at least 1 second");
        }
        if (config.mirror() != null) {
            throw invalid("subject delete markers forbidden on mirrors");
        }
        if (pedantic && !config.is(ALLOW_MSG_TTL)) {
            throw invalid("subject delete marker cannot be set if message TTLs are disabled");
        }
        if (pedantic && !config.is(ALLOW_ROLLUP)) {
            throw invalid("subject delete marker cannot be set if roll-ups are disabled");
        }
        throw invalid("subject delete markers are not supported by this server");
    }

    /**
     * A stream may allow message TTLs, as nats-py asks of every bucket, and atomic batches, as {@code nats bench} asks of every
     * stream; a message that uses either is refused: {@link StreamIngest}.
     */
    private static void checkFeatures(StreamConfig config) {
        if (config.is(ALLOW_MSG_COUNTER)) {
            checkCounter(config);
        }
        if (config.is(ALLOW_MSG_SCHEDULES) && config.get(DISCARD) == Discard.NEW) {
            throw invalid("message scheduling cannot use discard new");
        }
        if (config.get(PERSIST_MODE) == PersistMode.ASYNC) {
            if (config.is(ALLOW_ATOMIC)) {
                throw invalid("async persist mode is not supported with atomic batch publish");
            }
            if (config.get(STORAGE) != Storage.FILE) {
                throw invalid("async persist mode is only supported on file storage");
            }
        }
        OriginRules.checkFeatures(config);
        NOT_SUPPORTED.forEach((field, feature) -> {
            if (config.is(field)) {
                throw invalid(feature + " is not supported by this server");
            }
        });
    }

    private static void checkCounter(StreamConfig config) {
        if (config.get(DISCARD) == Discard.NEW) {
            throw invalid("counter stream cannot use discard new");
        }
        if (config.is(ALLOW_MSG_TTL)) {
            throw invalid("counter stream cannot use message TTLs");
        }
        if (config.is(ALLOW_MSG_SCHEDULES)) {
            throw invalid("counter stream cannot use message schedules");
        }
        if (config.retention() != Retention.LIMITS) {
            throw invalid("counter stream can only use limits retention");
        }
    }

    private static void checkTransform(StreamConfig config) {
        SubjectMapping mapping = config.get(SUBJECT_TRANSFORM);
        if (mapping != null) {
            checkMapping(
                    mapping, JsError.STREAM_TRANSFORM_INVALID_SOURCE, JsError.STREAM_TRANSFORM_INVALID_DESTINATION);
        }
    }

    /** Refuses a mapping with one of two errors: for its source, or for its destination. */
    static void checkMapping(SubjectMapping mapping, JsError sourceError, JsError destinationError) {
        if (!mapping.source().isEmpty() && !Subjects.isValidFilter(mapping.source())) {
            throw sourceError.refuse("invalid subject " + mapping.source());
        }
        if (!mapping.destination().isEmpty()) {
            try {
                SubjectTransform.of(mapping.source(), mapping.destination(), RandomGenerator.getDefault());
            } catch (IllegalArgumentException e) {
                throw destinationError.refuse(String.valueOf(e.getMessage()));
            }
        }
    }

    private static StreamConfig withSubjects(StreamConfig config) {
        List<String> subjects = config.subjects();
        if (subjects.isEmpty() && config.mirror() == null && config.sources().isEmpty()) {
            return config.with(SUBJECTS, List.of(config.name()));
        }
        for (String subject : subjects) {
            checkSubject(subject, config.is(NO_ACK));
        }
        for (int i = 0; i < subjects.size(); i++) {
            for (int j = 0; j < subjects.size(); j++) {
                if (i != j && Subjects.overlaps(subjects.get(i), subjects.get(j))) {
                    throw invalid("subject \"" + subjects.get(i) + "\" overlaps with \"" + subjects.get(j) + "\"");
                }
            }
        }
        return config;
    }

    private static void checkSubject(String subject, boolean noAck) {
        if (!Subjects.isValidFilter(subject)) {
            throw invalid("invalid subject");
        }
        if (noAck) {
            return;
        }
        if (subject.equals(">")) {
            throw invalid("capturing all subjects requires no-ack to be true");
        }
        for (String space : List.of("$JS.>", "$JSC.>", "$NRG.>")) {
            if (Subjects.overlaps(subject, space) && !Subjects.isSubset(subject, "$JS.EVENT.>")) {
                throw invalid("subjects that overlap with jetstream api require no-ack to be true");
            }
        }
        if (Subjects.overlaps(subject, "$SYS.>") && !Subjects.isSubset(subject, "$SYS.ACCOUNT.>")) {
            throw invalid("subjects that overlap with system api require no-ack to be true");
        }
    }

    private void checkAccount(StreamConfig config) {
        long maxBytes = config.get(MAX_BYTES);
        if (limits.maxBytesRequired() && maxBytes <= 0) {
            throw JsError.STREAM_MAX_BYTES_REQUIRED.refuse();
        }
        long most = config.get(STORAGE) == Storage.MEMORY ? limits.memoryStreamBytes() : limits.storageStreamBytes();
        if (most > 0 && maxBytes > most) {
            throw JsError.STREAM_MAX_STREAM_BYTES_EXCEEDED.refuse();
        }
    }

    private static StreamConfig withRepublish(StreamConfig config, boolean pedantic) {
        Republish republish = config.get(REPUBLISH);
        if (republish == null) {
            return config;
        }
        String source = republish.source();
        if (source.isEmpty()) {
            if (pedantic) {
                throw JsError.PEDANTIC.refuse("republish source can not be empty");
            }
            source = ">";
        }
        String destination = republish.destination();
        for (String subject : config.subjects()) {
            if (!destination.isEmpty() && Subjects.overlaps(destination, subject)) {
                throw invalid("stream configuration for republish destination forms a cycle");
            }
        }
        if (!destination.isEmpty()) {
            try {
                SubjectTransform.of(source, destination, RandomGenerator.getDefault());
            } catch (IllegalArgumentException e) {
                throw invalid("stream configuration for republish with transform from '" + source + "' to '"
                        + destination + "' not valid");
            }
        }
        return config.with(REPUBLISH, new Republish(source, destination, republish.headersOnly()));
    }

    /** The API level that a configuration needs, as nats-server counts. */
    private static int requiredLevel(StreamConfig config) {
        if (config.is(ALLOW_BATCHED)) {
            return 4;
        }
        if (config.is(ALLOW_MSG_COUNTER)
                || config.is(ALLOW_ATOMIC)
                || config.is(ALLOW_MSG_SCHEDULES)
                || config.get(PERSIST_MODE) == PersistMode.ASYNC) {
            return 2;
        }
        return config.is(ALLOW_MSG_TTL) ? 1 : 0;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
