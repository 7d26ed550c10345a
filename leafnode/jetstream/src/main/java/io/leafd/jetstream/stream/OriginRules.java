package io.leafd.jetstream.stream;

import static io.leafd.jetstream.stream.StreamField.*;

import io.leafd.jetstream.api.JsError;
import io.leafd.protocol.Subjects;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rules for what a stream copies: its mirror and its sources. Owned by the store loop.
 *
 * <p>An origin need not exist. One of this account that does is looked at: message sizes must fit, its subjects must not collide
 * with a delivery prefix, and copies must not go round in a circle.
 */
final class OriginRules {
    private static final String API = "$JS.API";

    private final Function<String, @Nullable StreamConfig> streams;

    /** Rules among the streams of one account, found by name. */
    OriginRules(Function<String, @Nullable StreamConfig> streams) {
        this.streams = streams;
    }

    /** Refuses what a mirror, or a stream with sources, can not do at all. */
    static void checkFeatures(StreamConfig config) {
        if (config.mirror() == null) {
            if (config.is(ALLOW_MSG_SCHEDULES) && !config.sources().isEmpty()) {
                throw JsError.SOURCE_WITH_MSG_SCHEDULES.refuse();
            }
            return;
        }
        if (config.is(ALLOW_MSG_COUNTER)) {
            throw JsError.MIRROR_WITH_COUNTERS.refuse();
        }
        if (config.is(ALLOW_ATOMIC)) {
            throw JsError.MIRROR_WITH_ATOMIC_PUBLISH.refuse();
        }
        if (config.is(ALLOW_MSG_SCHEDULES)) {
            throw JsError.MIRROR_WITH_MSG_SCHEDULES.refuse();
        }
        if (config.is(ALLOW_BATCHED)) {
            throw JsError.MIRROR_WITH_BATCH_PUBLISH.refuse();
        }
    }

    /**
     * The configuration with what it inherits from a mirrored stream.
     *
     * @throws io.leafd.jetstream.api.ApiException if mirror or sources are not valid
     */
    StreamConfig check(StreamConfig config) {
        StreamConfig checked = config;
        var prefixes = new ArrayList<StreamSource.External>();
        var originSubjects = new ArrayList<String>();
        StreamSource mirror = config.mirror();
        if (mirror != null) {
            checkMirror(config, mirror);
            StreamConfig origin = look(mirror, prefixes, originSubjects);
            if (origin != null) {
                checkSize(config, origin, JsError.MIRROR_MAX_MESSAGE_SIZE_TOO_BIG);
                checked = config.with(MIRROR_DIRECT, origin.is(ALLOW_DIRECT));
            }
        }
        checkSources(config.sources());
        for (StreamSource source : config.sources()) {
            StreamConfig origin = look(source, prefixes, originSubjects);
            if (origin != null) {
                checkSize(config, origin, JsError.SOURCE_MAX_MESSAGE_SIZE_TOO_BIG);
            }
        }
        checkPrefixes(prefixes, originSubjects);
        checkCircle(config);
        return checked;
    }

    private static void checkMirror(StreamConfig config, StreamSource mirror) {
        if (config.get(FIRST_SEQ) > 0) {
            throw JsError.MIRROR_WITH_FIRST_SEQ.refuse();
        }
        if (!config.subjects().isEmpty()) {
            throw JsError.MIRROR_WITH_SUBJECTS.refuse();
        }
        if (!config.sources().isEmpty()) {
            throw JsError.MIRROR_WITH_SOURCES.refuse();
        }
        if (!mirror.filter().isEmpty() && !mirror.transforms().isEmpty()) {
            throw JsError.MIRROR_MULTIPLE_FILTERS_NOT_ALLOWED.refuse();
        }
        if (isPreparedWrong(mirror)) {
            throw JsError.MIRROR_DURABLE_CONSUMER_CFG_INVALID.refuse();
        }
        checkTransforms(
                mirror,
                JsError.MIRROR_INVALID_SUBJECT_FILTER,
                JsError.MIRROR_INVALID_TRANSFORM_DESTINATION,
                JsError.MIRROR_OVERLAPPING_SUBJECT_FILTERS);
        if (mirror.external() == null && !StreamRules.isName(mirror.name())) {
            throw JsError.MIRROR_INVALID_STREAM_NAME.refuse();
        }
    }

    private static void checkSources(List<StreamSource> sources) {
        Set<List<Object>> seen = new HashSet<>();
        Set<List<String>> prepared = new HashSet<>();
        for (StreamSource source : sources) {
            if (!StreamRules.isName(source.name())) {
                throw JsError.SOURCE_INVALID_STREAM_NAME.refuse();
            }
            if (!source.filter().isEmpty() && !source.transforms().isEmpty()) {
                throw JsError.SOURCE_MULTIPLE_FILTERS_NOT_ALLOWED.refuse();
            }
            if (isPreparedWrong(source)) {
                throw JsError.SOURCE_DURABLE_CONSUMER_CFG_INVALID.refuse();
            }
            checkTransforms(
                    source,
                    JsError.SOURCE_INVALID_SUBJECT_FILTER,
                    JsError.SOURCE_INVALID_TRANSFORM_DESTINATION,
                    JsError.SOURCE_OVERLAPPING_SUBJECT_FILTERS);
            String api = source.external() == null ? "" : source.external().api();
            StreamSource.Prepared consumer = source.consumer();
            if (consumer != null && !prepared.add(List.of(api, source.name(), consumer.name()))) {
                throw JsError.SOURCE_DURABLE_CONSUMER_DUPLICATE_DETECTED.refuse();
            }
            String consumerName = consumer == null ? "" : consumer.name();
            if (!seen.add(List.of(source.name(), api, consumerName, source.filter(), source.transforms()))) {
                throw JsError.SOURCE_DUPLICATE_DETECTED.refuse();
            }
        }
    }

    private static boolean isPreparedWrong(StreamSource source) {
        StreamSource.Prepared consumer = source.consumer();
        return consumer != null
                && (!StreamRules.isName(consumer.name())
                        || !Subjects.isValidLiteral(consumer.deliverSubject())
                        || source.startSeq() > 0
                        || source.startTime() != null
                        || !source.filter().isEmpty());
    }

    private static void checkTransforms(
            StreamSource origin, JsError badSource, JsError badDestination, JsError overlap) {
        List<SubjectMapping> transforms = origin.transforms();
        for (SubjectMapping one : transforms) {
            StreamRules.checkMapping(one, badSource, badDestination);
            for (SubjectMapping other : transforms) {
                if (one != other && Subjects.overlaps(orAll(one.source()), orAll(other.source()))) {
                    throw overlap.refuse();
                }
            }
        }
    }

    private static String orAll(String filter) {
        return filter.isEmpty() ? ">" : filter;
    }

    /** Notes the prefixes of an origin outside; finds an origin of this account and notes its subjects. */
    private @Nullable StreamConfig look(
            StreamSource source, List<StreamSource.External> prefixes, List<String> originSubjects) {
        if (source.external() != null) {
            prefixes.add(source.external());
            return null;
        }
        StreamConfig origin = streams.apply(source.name());
        if (origin != null) {
            originSubjects.addAll(origin.subjects());
        }
        return origin;
    }

    private static void checkSize(StreamConfig config, StreamConfig origin, JsError tooSmall) {
        long size = config.get(MAX_MSG_SIZE);
        if (size > 0 && origin.get(MAX_MSG_SIZE) > size) {
            throw tooSmall.refuse();
        }
    }

    private static void checkPrefixes(List<StreamSource.External> prefixes, List<String> originSubjects) {
        for (StreamSource.External external : prefixes) {
            String deliver = external.deliver();
            if (deliver.isEmpty()) {
                continue;
            }
            if (!Subjects.isValidLiteral(deliver)) {
                throw JsError.STREAM_INVALID_EXTERNAL_DELIVERY_SUBJ.refuse(deliver);
            }
            for (String subject : originSubjects) {
                if (Subjects.overlaps(subject, deliver + "." + subject)) {
                    throw JsError.STREAM_EXTERNAL_DEL_PREFIX_OVERLAPS.refuse(deliver, subject);
                }
            }
        }
        for (StreamSource.External external : prefixes) {
            String api = external.api();
            if (api.isEmpty()) {
                continue;
            }
            if (!Subjects.isValidLiteral(api)) {
                throw StreamRules.invalid(
                        "stream external api prefix \"" + api + "\" must be a valid subject without wildcards");
            }
            if (api.equals(API)) {
                throw JsError.STREAM_EXTERNAL_API_OVERLAP.refuse(api, API);
            }
        }
    }

    private void checkCircle(StreamConfig start) {
        var visited = new HashSet<String>();
        var toVisit = new ArrayDeque<StreamConfig>();
        toVisit.add(start);
        while (!toVisit.isEmpty()) {
            StreamConfig config = toVisit.poll();
            visited.add(config.name());
            for (StreamSource source : config.sources()) {
                if (source.external() == null) {
                    boolean circle = config.subjects().stream()
                            .anyMatch(subject -> Subjects.overlaps(subject, orAll(source.filter())));
                    follow(source, circle || source.filter().isEmpty(), visited, toVisit);
                }
            }
            StreamSource mirror = config.mirror();
            if (mirror != null && mirror.external() == null) {
                follow(mirror, true, visited, toVisit);
            }
        }
    }

    private void follow(
            StreamSource source, boolean subjectsMeet, Set<String> visited, ArrayDeque<StreamConfig> toVisit) {
        if (visited.contains(source.name())) {
            if (subjectsMeet) {
                throw StreamRules.invalid("detected cycle");
            }
            return;
        }
        StreamConfig origin = streams.apply(source.name());
        if (origin != null) {
            toVisit.add(origin);
        }
    }
}
