package io.leafd.jetstream.stream;

import io.leafd.jetstream.api.ApiRequest;
import io.leafd.jetstream.json.GoTime;
import io.leafd.protocol.Headers;
import io.leafd.store.log.LogEntry;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.LogReader;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import io.leafd.store.loop.Work;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer of several messages, ended by {@code 204 EOB}. Owned by the store loop.
 *
 * <p>Each message carries {@code Nats-Num-Pending}, how many would follow it, and {@code Nats-Last-Sequence}, the sequence of the
 * message before it in the answer. It is sent in portions and waits while the account's way out is full, so that one reader can
 * neither fill the memory nor hold up the loop. Bounds: {@code batch} messages, {@code max_bytes} or 64 MiB; {@value
 * #SUBJECTS_MAX} subjects for the last of each.
 */
final class DirectBatch implements Work {
    private static final int PORTION = 256;
    private static final int SUBJECTS_MAX = 1024;
    private static final long MAX_BYTES = 64L << 20;
    private static final long RETRY_NS = 1_000_000;
    private static final byte[] NOTHING = new byte[0];

    private final Stream stream;
    private final ApiRequest request;
    private final Supplier<@Nullable LogEntry> source;
    private final boolean noHeaders;
    /** For the last of each subject: the newest sequence looked at; else -1. */
    private final long upToSeq;

    private long messagesLeft;
    private long bytesLeft;
    private long pending;
    private long lastSeq;

    private DirectBatch(
            Stream stream,
            ApiRequest request,
            MessageQuery query,
            Supplier<@Nullable LogEntry> source,
            long pending,
            long upToSeq) {
        this.stream = stream;
        this.request = request;
        this.source = source;
        this.noHeaders = query.noHeaders() && upToSeq < 0;
        this.upToSeq = upToSeq;
        this.messagesLeft = query.page().batch() > 0 ? query.page().batch() : Long.MAX_VALUE;
        this.bytesLeft = query.page().maxBytes() > 0 ? query.page().maxBytes() : MAX_BYTES;
        this.pending = pending;
    }

    /** Messages in the order of the stream from the start of the query on. */
    static Work inSequence(Stream stream, ApiRequest request, MessageQuery query) {
        StreamLog log = stream.log();
        long from = DirectGet.start(log, query);
        LogFilter filter = query.nextBySubject().isEmpty() ? LogFilter.ALL : MessageQuery.filter(query.nextBySubject());
        long pending = filter == null ? 0 : log.countFrom(from, filter);
        if (filter == null || pending == 0) {
            return () -> DirectGet.refuse(request, 404, "Message Not Found");
        }
        LogReader reader = log.reader(from, filter);
        return new DirectBatch(stream, request, query, reader::next, pending, -1);
    }

    /** The last message of each subject that the query matches. */
    static Work lastOfEach(Stream stream, ApiRequest request, MessageQuery query) {
        StreamLog log = stream.log();
        MessageQuery.Page page = query.page();
        long upToSeq = log.lastSeq();
        if (page.upToTime() != null) {
            upToSeq = log.seqAtTime(GoTime.epochNs(page.upToTime())) - 1;
        } else if (page.upToSeq() > 0) {
            upToSeq = page.upToSeq();
        }
        LogFilter filter = MessageQuery.filter(query.multiLast());
        long[] seqs = filter == null || upToSeq <= 0 ? new long[0] : log.lastPerSubject(filter, upToSeq, SUBJECTS_MAX);
        if (seqs.length == 0) {
            return () -> DirectGet.refuse(request, 404, "No Results");
        }
        if (seqs.length > SUBJECTS_MAX) {
            return () -> DirectGet.refuse(request, 413, "Too Many Results");
        }
        int[] at = {0};
        Supplier<@Nullable LogEntry> source = () -> at[0] < seqs.length ? log.get(seqs[at[0]++]) : null;
        return new DirectBatch(stream, request, query, source, seqs.length, upToSeq);
    }

    @Override
    public void run() {
        for (int i = 0; i < PORTION; i++) {
            LogEntry entry = messagesLeft > 0 && bytesLeft > 0 ? source.get() : null;
            if (entry == null) {
                finish();
                return;
            }
            pending--;
            if (entry instanceof StoredMessage message) {
                send(message);
            }
        }
        if (stream.scope().port().writable()) {
            stream.scope().store().loop().control(this);
        } else {
            stream.scope().store().loop().schedule(RETRY_NS, this);
        }
    }

    private void send(StoredMessage message) {
        byte[] headers = noHeaders
                ? NOTHING
                : DirectGet.headers(
                        stream.name(),
                        message,
                        "Nats-Num-Pending",
                        Long.toString(pending),
                        "Nats-Last-Sequence",
                        Long.toString(lastSeq));
        byte[] payload = DirectGet.payload(message);
        request.send(headers, payload);
        lastSeq = message.seq();
        messagesLeft--;
        bytesLeft -= message.subject().length() + message.body().length; // what was added does not count
    }

    private void finish() {
        String left = Long.toString(pending);
        String last = Long.toString(lastSeq);
        byte[] end = upToSeq < 0
                ? Headers.status(204, "EOB", "Nats-Num-Pending", left, "Nats-Last-Sequence", last)
                : Headers.status(
                        204,
                        "EOB",
                        "Nats-Num-Pending",
                        left,
                        "Nats-Last-Sequence",
                        last,
                        "Nats-UpTo-Sequence",
                        Long.toString(upToSeq));
        request.send(end, NOTHING);
    }
}
