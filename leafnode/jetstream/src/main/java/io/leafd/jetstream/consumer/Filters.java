package io.leafd.jetstream.consumer;

import io.leafd.jetstream.consumer.config.ConsumerConfig;
import io.leafd.protocol.SubjectFilter;
import io.leafd.protocol.Subjects;
import io.leafd.store.log.LogFilter;
import java.util.ArrayList;
import java.util.List;

/** Which messages of its stream a consumer wants. Pure. */
final class Filters {
    private Filters() {}

    /** The filter that a configuration names. */
    static LogFilter of(ConsumerConfig config) {
        var parts = new ArrayList<SubjectFilter>();
        for (String filter : config.filters()) {
            parts.add(SubjectFilter.of(filter));
        }
        return LogFilter.of(parts);
    }

    /** Whether some subject is selected by both. */
    static boolean overlap(LogFilter one, LogFilter other) {
        return one.all() || other.all() || overlap(texts(one), texts(other));
    }

    /** Whether some subject is selected by both lists of filters. */
    static boolean overlap(List<String> one, List<String> other) {
        return one.stream().anyMatch(a -> other.stream().anyMatch(b -> Subjects.overlaps(a, b)));
    }

    /** Whether everything that {@code part} selects is selected by {@code whole}. */
    static boolean within(LogFilter part, LogFilter whole) {
        return whole.all()
                || (!part.all()
                        && texts(part).stream()
                                .allMatch(a -> texts(whole).stream().anyMatch(b -> Subjects.isSubset(a, b))));
    }

    private static List<String> texts(LogFilter filter) {
        return filter.parts().stream().map(SubjectFilter::toString).toList();
    }
}
