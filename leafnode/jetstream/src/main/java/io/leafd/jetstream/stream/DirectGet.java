package io.leafd.jetstream.stream;

import io.leafd.jetstream.api.ApiHandler;
import io.leafd.jetstream.api.ApiRequest;
import io.leafd.jetstream.json.GoTime;
import io.leafd.jetstream.json.InvalidJson;
import io.leafd.jetstream.json.JsonField;
import io.leafd.protocol.Headers;
import io.leafd.store.log.LogEntry;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a stream that are answered with the messages themselves: {@code $JS.API.DIRECT.GET.<stream>} with a query, or with the
 * subject whose last message is wanted behind it. Owned by the store loop.
 *
 * <p>Served while {@code allow_direct} is on; otherwise a request finds nobody, 503. A mirror with {@code mirror_direct} serves its
 * origin's name too where that is not a stream here. Answers are stored headers and {@code Nats-Stream}, {@code Nats-Subject},
 * {@code Nats-Sequence}, {@code Nats-Time-Stamp}; see {@link DirectBatch} for several at once. Source: ADR-31, nats-server 2.15.
 */
final class DirectGet implements ApiHandler {
    private static final String PREFIX = "DIRECT.GET.";
    private static final int STREAM_TOKENS = 3;
    private static final byte[] NOTHING = new byte[0];

    private final Stream stream;
    private @Nullable String originKey;

    DirectGet(Stream stream) {
        this.stream = stream;
    }

    /** Serves or stops serving, as the stream's configuration says now. */
    void open() {
        close();
        StreamConfig config = stream.config();
        if (config.is(StreamField.ALLOW_DIRECT)) {
            stream.scope().endpoints().put(PREFIX + stream.name(), this);
        }
        StreamSource mirror = config.mirror();
        if (mirror != null && config.is(StreamField.MIRROR_DIRECT)) {
            originKey = PREFIX + mirror.name();
            stream.scope().endpoints().putIfAbsent(originKey, this);
        }
    }

    /** Stops serving. */
    void close() {
        stream.scope().endpoints().remove(PREFIX + stream.name(), this);
        if (originKey != null) {
            stream.scope().endpoints().remove(originKey, this);
            originKey = null;
        }
    }

    @Override
    public void handle(ApiRequest request) {
        MessageQuery query;
        try {
            query = MessageQuery.read(JsonField.fields(request.body(), "JSApiMsgGetRequest"), false);
        } catch (InvalidJson e) {
            refuse(request, 408, "Malformed Request");
            return;
        }
        if (request.tokenCount() > STREAM_TOKENS) {
            if (!query.isEmpty() || query.page().batch() > 0) {
                refuse(request, 408, "Bad Request");
                return;
            }
            query = query.lastOf(request.tokensFrom(STREAM_TOKENS));
        }
        if (query.isEmpty()) {
            refuse(request, 408, "Empty Request");
        } else if (query.isContradictory()) {
            refuse(request, 408, "Bad Request");
        } else if (!query.multiLast().isEmpty()) {
            DirectBatch.lastOfEach(stream, request, query).run();
        } else if (query.page().batch() > 0) {
            DirectBatch.inSequence(stream, request, query).run();
        } else if (find(stream.log(), query) instanceof StoredMessage message) {
            request.send(query.noHeaders() ? NOTHING : headers(stream.name(), message), payload(message));
        } else {
            refuse(request, 404, "Message Not Found");
        }
    }

    /** The one message that a query without batch names, or null. */
    static @Nullable LogEntry find(StreamLog log, MessageQuery query) {
        if (!query.lastBySubject().isEmpty()) {
            LogFilter filter = MessageQuery.filter(query.lastBySubject());
            return filter == null ? null : log.last(filter);
        }
        long from = start(log, query);
        if (query.nextBySubject().isEmpty()) {
            return log.get(from);
        }
        LogFilter filter = MessageQuery.filter(query.nextBySubject());
        return filter == null ? null : log.next(from, filter);
    }

    /** The sequence that a query begins at. */
    static long start(StreamLog log, MessageQuery query) {
        return query.startTime() == null ? query.seq() : log.seqAtTime(GoTime.epochNs(query.startTime()));
    }

    /** The stored headers with where the message is from, and more. */
    static byte[] headers(String stream, StoredMessage message, String... more) {
        byte[] stored = Arrays.copyOf(message.body(), message.headerBytes());
        String[] all = new String[8 + more.length];
        all[0] = "Nats-Stream";
        all[1] = stream;
        all[2] = "Nats-Subject";
        all[3] = message.subject().toString();
        all[4] = "Nats-Sequence";
        all[5] = Long.toString(message.seq());
        all[6] = "Nats-Time-Stamp";
        all[7] = GoTime.text(message.timestampNs());
        System.arraycopy(more, 0, all, 8, more.length);
        return Headers.with(stored, all);
    }

    static byte[] payload(StoredMessage message) {
        return Arrays.copyOfRange(message.body(), message.headerBytes(), message.body().length);
    }

    static void refuse(ApiRequest request, int code, String text) {
        request.send(Headers.status(code, text), NOTHING);
    }
}
