package io.leafd.jetstream.fakes;

import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.stream.Removal;
import io.leafd.jetstream.stream.StreamConfig;
import io.leafd.jetstream.stream.StreamConsumers;
import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.store.log.LogFilter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Consumers that note what they are told and want what a test says. One thread. */
public final class FakeConsumers implements StreamConsumers {
    /** What happened, in words: {@code +1 a.b 35}, {@code -1 a.b LIMIT}, {@code purged >}. */
    public final List<String> events = new ArrayList<>();

    /** Filters of the consumers. */
    public final Set<String> filters = new HashSet<>();

    /** Sequences that some consumer waits for. */
    public final Set<Long> awaited = new HashSet<>();

    /** Whether updates of the stream are refused. */
    public boolean strict;

    @Override
    public int count() {
        return filters.size();
    }

    @Override
    public void writeInfos(JsonWriter json) {
        json.array().end();
    }

    @Override
    public void onAppended(long seq, Subject subject, int sizeBytes) {
        events.add("+" + seq + " " + subject + " " + sizeBytes);
    }

    @Override
    public void onRemoved(long seq, Subject subject, Removal cause) {
        events.add("-" + seq + " " + subject + " " + cause);
    }

    @Override
    public void onPurged(LogFilter filter) {
        events.add("purged " + filter);
    }

    @Override
    public void onPutBack() {
        events.add("put back");
    }

    @Override
    public boolean match(Subject subject) {
        return filters.stream().anyMatch(filter -> Subjects.matches(filter, subject.toString()));
    }

    @Override
    public boolean await(long seq) {
        return awaited.contains(seq);
    }

    @Override
    public void checkUpdate(StreamConfig wanted) {
        if (strict) {
            throw JsError.STREAM_UPDATE.refuse("change to limits violates consumers: c");
        }
    }

    @Override
    public void onUpdated(StreamConfig before) {
        events.add("updated");
    }

    @Override
    public void onReopened() {
        events.add("reopened");
    }

    @Override
    public void onDeleted() {
        events.add("deleted");
    }
}
