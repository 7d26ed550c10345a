package io.leafd.jetstream.stream;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.json.GoTime;
import io.leafd.protocol.SubjectFilter;
import io.leafd.protocol.Subjects;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.store.StreamLoss;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.StreamLog;
import io.leafd.store.log.StreamState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The description of a stream in answers, field by field in the order of nats-server. Used on the store loop.
 */
final class StreamInfo {
    /** Subjects that one answer shows at most. */
    static final int SUBJECTS_MAX = 100_000;

    /** Sequences of lost messages that one answer names at most. */
    private static final int LOST_MAX = 10_000;

    /**
     * The subjects that a filter selects, one page of them.
     *
     * @param total all that match
     * @param page message counts by subject
     */
    record SubjectPage(long total, Map<String, Long> page) {
        static final SubjectPage NONE = new SubjectPage(0, Map.of());
    }

    private final Stream stream;

    StreamInfo(Stream stream) {
        this.stream = stream;
    }

    /** The page from {@code offset} on of the subjects matched by a filter, which may be invalid and then matches none. */
    SubjectPage subjects(String filter, long offset) {
        if (!Subjects.isValidFilter(filter)) {
            return SubjectPage.NONE;
        }
        var page = new LinkedHashMap<String, Long>();
        long[] total = {0};
        stream.log().subjects(LogFilter.of(SubjectFilter.of(filter)), (subject, messages, lastSeq) -> {
            if (total[0]++ >= offset && page.size() < SUBJECTS_MAX) {
                page.put(subject.toString(), messages);
            }
            return true;
        });
        return new SubjectPage(total[0], page);
    }

    /** Configuration and time of creation, as single answers show them. */
    void writeConfig(JsonWriter json) {
        stream.config().write(json, stream.scope().serverVersion(), AccountScope.API_LEVEL);
        json.field("created", GoTime.text(stream.createdNs()));
    }

    /** Configuration and time of creation, as lists show them. */
    void writeListedConfig(JsonWriter json) {
        stream.config().write(json);
        json.field("created", GoTime.text(stream.createdNs()));
    }

    /** The state. */
    void writeState(JsonWriter json, boolean deletedDetails, SubjectPage subjects) {
        StreamLog log = stream.log();
        StreamState state = log.state();
        boolean unused = state.lastSeq() == 0 && state.lastTimestampNs() == 0;
        json.object("state")
                .field("messages", state.messages())
                .field("bytes", state.bytes())
                .field("first_seq", unused ? 0 : state.firstSeq())
                .field("first_ts", time(state.messages() == 0 ? 0 : log.firstTimestampNs()))
                .field("last_seq", state.lastSeq())
                .field("last_ts", time(state.lastTimestampNs()));
        if (state.subjects() > 0) {
            json.field("num_subjects", state.subjects());
        }
        if (!subjects.page().isEmpty()) {
            json.tree("subjects", subjects.page());
        }
        if (state.messages() > 0 && state.deleted() > 0) {
            json.field("num_deleted", state.deleted());
            if (deletedDetails) {
                writeDeleted(json);
            }
        }
        writeLost(json);
        json.field("consumer_count", stream.consumers().count()).end();
    }

    /** Where it lives. */
    void writeDomain(JsonWriter json) {
        String domain = stream.scope().domain();
        if (domain != null) {
            json.field("domain", domain);
        }
    }

    /** Who leads it: always this server. */
    void writeCluster(JsonWriter json) {
        json.object("cluster").field("leader", stream.scope().serverName()).end();
    }

    /** The time of the answer. */
    void writeNow(JsonWriter json) {
        json.field("ts", GoTime.text(stream.scope().clock().instant()));
    }

    /** What the store met as lost or damaged since the start, for {@code nats stream info}; how many bytes it were is not known. */
    private void writeLost(JsonWriter json) {
        for (StreamLoss loss : stream.scope().store().losses()) {
            if (loss.stream().equals(stream.name())
                    && loss.account().equals(stream.log().account())) {
                json.object("lost").array("msgs");
                loss.ranges().stream()
                        .flatMapToLong(range -> LongStream.rangeClosed(range.firstSeq(), range.lastSeq()))
                        .limit(LOST_MAX)
                        .forEach(json::value);
                json.end().field("bytes", 0).end();
            }
        }
    }

    private void writeDeleted(JsonWriter json) {
        json.array("deleted");
        stream.log().deletedRanges((first, last) -> {
            for (long seq = first; seq <= last; seq++) {
                json.value(seq);
            }
            return true;
        });
        json.end();
    }

    private static String time(long epochNs) {
        return epochNs == 0 ? GoTime.NONE : GoTime.text(epochNs);
    }
}
