package io.leafd.link.forward;

import io.leafd.protocol.Headers;
import io.leafd.protocol.Subject;
import io.leafd.protocol.json.Json;
import io.leafd.protocol.json.JsonException;
import io.leafd.protocol.json.JsonWriter;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which messages of a broken-off window the upstream holds, so that only the others are sent again. Owned by the
 * store loop; pure: it says what to ask and is told the answers.
 *
 * <p>The upstream forgets a {@code Nats-Msg-Id} after the stream's duplicate window; a break may last for days. So the ids
 * are read back from the stored messages themselves, which lie behind {@code afterSeq}, where the confirmed ones end:
 *
 * <ol>
 *   <li>{@code STREAM.INFO}: nothing behind {@code afterSeq} means that nothing came, and that is all.
 *   <li>Few messages behind it: {@code STREAM.MSG.GET} of each, many at a time.
 *   <li>Many, because others publish there: {@code last_by_subj} for each subject of the window. None, or one not behind
 *       {@code afterSeq}: nothing of this subject came. Otherwise {@code next_by_subj} goes from {@code afterSeq} to that
 *       last one, subjects side by side.
 * </ol>
 *
 * <p>A later message says nothing about an earlier one: a stream that is full for a moment refuses one and takes the next.
 * Only where earlier ones may have been removed by {@code max_msgs_per_subject} (or when that cannot be known) a later one of
 * the same subject vouches for them, since sending them again would put an old value over a new one.
 *
 * <p>Bounds: {@value #OUTSTANDING_MAX} requests at a time, {@value #LOOKS_MAX} of {@code next_by_subj} in all; when those are
 * spent, what a later message vouches for counts as held and the rest as not held.
 */
final class Holdings {
    static final int OUTSTANDING_MAX = 256;
    static final int LOOKS_MAX = 1024;
    static final int SCAN_MIN = 64;

    private static final int NO_MESSAGE = 10037;

    /** A question to the upstream's JetStream API: {@code <prefix>.<subject>} with this body. */
    sealed interface Question {
        /** API subject behind the prefix. */
        String subject();

        byte[] body();
    }

    private record AskInfo(String subject) implements Question {
        @Override
        public byte[] body() {
            return new byte[0];
        }
    }

    private record AskAt(String subject, long upstreamSeq) implements Question {
        @Override
        public byte[] body() {
            return new JsonWriter().object().field("seq", upstreamSeq).end().toBytes();
        }
    }

    private record AskLast(String subject, Track track) implements Question {
        @Override
        public byte[] body() {
            return new JsonWriter()
                    .object()
                    .field("last_by_subj", track.subject.toString())
                    .end()
                    .toBytes();
        }
    }

    private record AskNext(String subject, Track track, long fromUpstreamSeq) implements Question {
        @Override
        public byte[] body() {
            return new JsonWriter()
                    .object()
                    .field("seq", fromUpstreamSeq)
                    .field("next_by_subj", track.subject.toString())
                    .end()
                    .toBytes();
        }
    }

    /** What is known of one subject. */
    private static final class Track {
        final Subject subject;
        final TreeSet<Long> open = new TreeSet<>(); // messages of which nothing is known yet
        long lastUpstreamSeq; // of the newest message there, whoever sent it
        long lastOwnSeq; // 0 if that one is not ours

        Track(Subject subject) {
            this.subject = subject;
        }
    }

    private record Found(long upstreamSeq, long ownSeq) {}

    private final String get;
    private final MessageIds ids;
    private final long afterSeq;
    private final NavigableMap<Long, Subject> candidates;
    private final Map<Subject, Track> tracks = new LinkedHashMap<>();
    private final TreeSet<Long> held = new TreeSet<>();
    private final Deque<Question> toAsk = new ArrayDeque<>();
    private int outstanding;
    private int looks;
    private boolean keepsAll;
    private long lastSeq = -1;
    private @Nullable String failure;

    /**
     * A search.
     *
     * @param into the upstream stream
     * @param candidates the messages in question
     * @param afterSeq upstream sequence behind which they must be, see {@link Window#upstreamSeq}
     */
    Holdings(String into, NavigableMap<Long, Subject> candidates, MessageIds ids, long afterSeq) {
        this.get = "STREAM.MSG.GET." + into;
        this.ids = ids;
        this.afterSeq = afterSeq;
        this.candidates = new TreeMap<>(candidates);
        candidates.forEach((seq, subject) -> track(subject).open.add(seq));
        toAsk.add(new AskInfo("STREAM.INFO." + into));
    }

    /** The next question, or null if there is none now. Each must be answered once. */
    @Nullable
    Question next() {
        if (outstanding >= OUTSTANDING_MAX || toAsk.isEmpty()) {
            return null;
        }
        outstanding++;
        return toAsk.poll();
    }

    /**
     * The answer to a question.
     *
     * @param body JSON of the API; null if the question may not be asked
     */
    void answer(Question question, byte @Nullable [] body) {
        outstanding--;
        Map<String, @Nullable Object> json = parse(body);
        if (json.get("error") instanceof Map<?, ?> error && number(error, "err_code") != NO_MESSAGE) {
            failure = String.valueOf(error.get("description"));
        }
        if (failure != null) {
            toAsk.clear();
            return;
        }
        switch (question) {
            case AskInfo info -> onInfo(json);
            case AskAt at -> onFound(found(json));
            case AskLast last -> onLast(last.track, found(json));
            case AskNext next -> onNext(next.track, found(json));
        }
    }

    /** Whether everything is known that can be. */
    boolean done() {
        return outstanding == 0 && toAsk.isEmpty();
    }

    /** The last sequence upstream when the search began: every candidate that is not held will come behind it; -1 if unknown. */
    long lastSeq() {
        return lastSeq;
    }

    /** The candidates that the upstream holds. */
    SortedSet<Long> held() {
        return held;
    }

    /** Why the upstream could not say, for instance that there is no such stream; null if it could. */
    @Nullable
    String failure() {
        return failure;
    }

    private void onInfo(Map<String, @Nullable Object> json) {
        if (json.get("state") instanceof Map<?, ?> state) {
            lastSeq = number(state, "last_seq");
        }
        keepsAll = json.get("config") instanceof Map<?, ?> config && number(config, "max_msgs_per_subject") <= 0;
        if (candidates.isEmpty() || (lastSeq >= 0 && lastSeq <= afterSeq)) {
            return;
        }
        if (keepsAll && lastSeq - afterSeq <= Math.max(SCAN_MIN, 2L * candidates.size())) {
            for (long seq = afterSeq + 1; seq <= lastSeq; seq++) {
                toAsk.add(new AskAt(get, seq));
            }
        } else {
            for (Track track : tracks.values()) {
                toAsk.add(new AskLast(get, track));
            }
        }
    }

    private void onLast(Track track, @Nullable Found found) {
        if (found == null || found.upstreamSeq <= afterSeq) {
            return;
        }
        onFound(found);
        track.lastUpstreamSeq = found.upstreamSeq;
        track.lastOwnSeq = found.ownSeq;
        if (keepsAll) {
            look(track, afterSeq + 1);
        } else {
            vouch(track);
        }
    }

    private void onNext(Track track, @Nullable Found found) {
        if (found != null) {
            onFound(found);
            look(track, found.upstreamSeq + 1);
        }
    }

    private void look(Track track, long fromUpstreamSeq) {
        if (track.open.isEmpty() || fromUpstreamSeq >= track.lastUpstreamSeq) {
            return;
        }
        if (looks++ < LOOKS_MAX) {
            toAsk.add(new AskNext(get, track, fromUpstreamSeq));
        } else {
            vouch(track);
        }
    }

    private void vouch(Track track) {
        held.addAll(track.open.headSet(track.lastOwnSeq, true));
    }

    private void onFound(@Nullable Found found) {
        Subject subject = found == null ? null : candidates.get(found.ownSeq);
        if (found != null && subject != null) {
            held.add(found.ownSeq);
            track(subject).open.remove(found.ownSeq);
        }
    }

    private Track track(Subject subject) {
        return tracks.computeIfAbsent(subject, Track::new);
    }

    /** The message in an answer of MSG.GET; null if there is none there. */
    private @Nullable Found found(Map<String, @Nullable Object> json) {
        if (!(json.get("message") instanceof Map<?, ?> message)) {
            return null;
        }
        String id = null;
        if (message.get("hdrs") instanceof String base64) {
            byte[] headers = Base64.getMimeDecoder().decode(base64); // the lenient one: never throws for odd characters
            id = Headers.first(headers, 0, headers.length, "Nats-Msg-Id");
        }
        return new Found(number(message, "seq"), ids.seqOf(id));
    }

    private static long number(Map<?, ?> json, String name) {
        return json.get(name) instanceof Long number ? number : 0;
    }

    private static Map<String, @Nullable Object> parse(byte @Nullable [] body) {
        try {
            return body == null ? Map.of() : Json.parseObject(body);
        } catch (JsonException e) {
            return Map.of();
        }
    }

    /** For a log: what is searched. */
    @Override
    public String toString() {
        List<String> subjects = tracks.keySet().stream().map(Subject::toString).toList();
        return "Holdings[" + candidates.size() + " messages, subjects " + subjects + "]";
    }
}
