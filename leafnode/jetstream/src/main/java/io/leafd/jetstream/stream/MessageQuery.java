package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.InvalidJson;
import io.leafd.jetstream.json.JsonField;
import io.leafd.protocol.Subject;
import io.leafd.protocol.SubjectFilter;
import io.leafd.protocol.Subjects;
import io.leafd.store.log.LogFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which stored messages somebody asks for, as sent. Immutable; zero, empty or null where nothing was said.
 *
 * @param seq a sequence, or where to begin
 * @param lastBySubject last message on subjects that this matches
 * @param nextBySubject first message on subjects that this matches
 * @param startTime first message at or after
 * @param multiLast last message of each subject that one of these matches
 * @param page how much is wanted
 * @param noHeaders whether payloads alone are wanted
 */
record MessageQuery(
        long seq,
        String lastBySubject,
        String nextBySubject,
        @Nullable Instant startTime,
        List<String> multiLast,
        Page page,
        boolean noHeaders) {

    /**
     * Bounds of an answer of several messages.
     *
     * @param batch messages, 0 for a single one
     * @param maxBytes bytes after which to stop
     * @param upToSeq newest sequence to look at
     * @param upToTime newest time to look at
     */
    record Page(
            long batch,
            long maxBytes,
            long upToSeq,
            @Nullable Instant upToTime) {}

    /**
     * The query in these fields.
     *
     * @param strict whether an unknown field is an error
     * @throws InvalidJson for a wrong type
     */
    static MessageQuery read(List<JsonField> fields, boolean strict) {
        long seq = 0;
        String lastBySubject = "";
        String nextBySubject = "";
        Instant startTime = null;
        List<String> multiLast = List.of();
        long batch = 0;
        long maxBytes = 0;
        long upToSeq = 0;
        Instant upToTime = null;
        boolean noHeaders = false;
        for (JsonField field : fields) {
            switch (field.name()) {
                case "seq" -> seq = field.sequence();
                case "last_by_subj" -> lastBySubject = field.text();
                case "next_by_subj" -> nextBySubject = field.text();
                case "start_time" -> startTime = field.time();
                case "multi_last" -> multiLast = List.copyOf(field.texts());
                case "batch" -> batch = field.number();
                case "max_bytes" -> maxBytes = field.number();
                case "up_to_seq" -> upToSeq = field.sequence();
                case "up_to_time" -> upToTime = field.time();
                case "no_hdr" -> noHeaders = field.flag();
                default -> {
                    if (strict) {
                        throw field.unknown();
                    }
                }
            }
        }
        var page = new Page(batch, maxBytes, upToSeq, upToTime);
        return new MessageQuery(seq, lastBySubject, nextBySubject, startTime, multiLast, page, noHeaders);
    }

    /** The query for the last message of a subject. */
    MessageQuery lastOf(String subject) {
        return new MessageQuery(seq, subject, nextBySubject, startTime, multiLast, page, noHeaders);
    }

    /** Whether it names no message at all. */
    boolean isEmpty() {
        return seq == 0
                && lastBySubject.isEmpty()
                && nextBySubject.isEmpty()
                && startTime == null
                && multiLast.isEmpty();
    }

    /** Whether its parts exclude each other. */
    boolean isContradictory() {
        boolean last = !lastBySubject.isEmpty();
        return last && (seq > 0 || !nextBySubject.isEmpty() || startTime != null || page.batch > 0)
                || seq > 0 && startTime != null
                || page.upToSeq > 0 && page.upToTime != null;
    }

    /** The filter of this text, or null if it is no valid one and so matches nothing. */
    static @Nullable LogFilter filter(String text) {
        if (!Subjects.isValidFilter(text)) {
            return null;
        }
        return Subjects.isLiteral(text) ? LogFilter.of(Subject.of(text)) : LogFilter.of(SubjectFilter.of(text));
    }

    /** The filter of all valid ones of these texts, or null if there is none. */
    static @Nullable LogFilter filter(List<String> texts) {
        var valid = new ArrayList<SubjectFilter>();
        for (String text : texts) {
            if (Subjects.isValidFilter(text)) {
                valid.add(SubjectFilter.of(text));
            }
        }
        return valid.isEmpty() ? null : LogFilter.of(valid);
    }
}
