package io.leafd.jetstream.mirror;

import io.leafd.jetstream.api.NameHash;
import io.leafd.jetstream.stream.StreamSource;
import io.leafd.jetstream.stream.SubjectMapping;
import java.util.stream.Collectors;

/**
 * How a source is called in the header {@code Nats-Stream-Source} of what was copied from it. Immutable.
 *
 * <p>Shape, as observed on nats-server 2.15: {@code ORD:bTMUkJQk 3 ord.* > ord.1 NTMQkM6Q}: the origin and, if it is outside, the hash
 * of its API prefix; the sequence there; filters and what they become, {@code >} for all and as it is, several joined by form feeds;
 * the subject there; the origin's identity if it told one.
 */
record SourceName(String origin, String selection) {
    private static final String ALL = ">";
    private static final String SEPARATOR = "\f";

    static SourceName of(StreamSource source) {
        StreamSource.External external = source.external();
        String origin = external == null ? source.name() : source.name() + ":" + NameHash.of(external.api());
        String from = source.filter();
        String to = "";
        if (!source.transforms().isEmpty()) {
            from = source.transforms().stream()
                    .map(SubjectMapping::source)
                    .map(SourceName::orAll)
                    .collect(Collectors.joining(SEPARATOR));
            to = source.transforms().stream()
                    .map(SubjectMapping::destination)
                    .map(SourceName::orAll)
                    .collect(Collectors.joining(SEPARATOR));
        }
        return new SourceName(origin, orAll(from) + " " + orAll(to));
    }

    /** The header of one message. */
    String header(long seq, String subject, String identity) {
        return origin + " " + seq + " " + selection + " " + subject + (identity.isEmpty() ? "" : " " + identity);
    }

    private static String orAll(String filter) {
        return filter.isEmpty() ? ALL : filter;
    }
}
