package io.leafd.jetstream.mirror;

import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamField;
import io.leafd.jetstream.stream.StreamSource;
import io.leafd.jetstream.stream.SubjectMapping;
import io.leafd.jetstream.stream.SubjectTransform;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.CursorStore;
import io.leafd.store.log.StoredMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One source of a stream: new sequences and times here, the place of origin in the header {@code Nats-Stream-Source}.
 *
 * <p>Position: a cursor {@code source/<stream id>/<source>}, 8 bytes big endian of the origin's sequence copied last, then the
 * origin's identity in ASCII. It is staged with the message, so after a crash both are there or neither.
 */
final class SourceTarget implements CopyTarget {
    private static final String MSG_ID = "Nats-Msg-Id";

    private final Stream stream;
    private final StreamSource source;
    private final CursorStore cursors;
    private final String cursor;
    private final List<SubjectTransform> transforms = new ArrayList<>();
    private long copied;
    private String identity = "";

    SourceTarget(Stream stream, StreamSource source) {
        this.stream = stream;
        this.source = source;
        this.cursors = stream.scope().store().cursors();
        this.cursor = "source/" + stream.log().id() + "/" + key(source);
        for (SubjectMapping mapping : source.transforms()) {
            String destination = mapping.destination().isEmpty() ? mapping.source() : mapping.destination();
            transforms.add(SubjectTransform.of(
                    mapping.source(), destination, stream.scope().random()));
        }
        byte[] position = cursors.get(cursor);
        if (position != null) {
            copied = ByteBuffer.wrap(position).getLong();
            identity = new String(position, Long.BYTES, position.length - Long.BYTES, StandardCharsets.US_ASCII);
        }
    }

    /** What tells the sources of one stream apart. */
    static String key(StreamSource source) {
        return source.name() + " " + source.selection();
    }

    /** Forgets the position of a source that is no longer wanted. */
    void forget() {
        cursors.remove(cursor);
    }

    /** Sequence of the origin's message that was copied last, 0 for none. */
    long copied() {
        return copied;
    }

    @Override
    public OriginRequest.Start start() {
        return copied > 0
                ? new OriginRequest.Start(copied + 1, null)
                : new OriginRequest.Start(source.startSeq(), source.startTime());
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public void onConsumer(String newIdentity, long skippedTo) {
        if (!newIdentity.isEmpty() && !newIdentity.equals(identity)) {
            identity = newIdentity;
            remember();
        }
    }

    @Override
    public void onNewIdentity(String newIdentity) {
        copied = 0;
        identity = newIdentity;
        remember();
    }

    @Override
    public @Nullable String store(OriginFrame.Data data) {
        if (data.originSeq() <= copied) {
            return null;
        }
        Message message = data.message();
        String subject = message.subject().toString();
        SubjectTransform transform =
                transforms.stream().filter(t -> t.matches(subject)).findFirst().orElse(null);
        Subject target = transform == null ? message.subject() : Subject.of(transform.apply(subject));
        byte[] headers = Headers.with(withoutOwn(message), "Nats-Stream-Source", provenance(data, subject));
        Message kept = Message.withHeaders(target, null, headers, message.payload());
        String id = message.header(MSG_ID);
        byte[] msgId = id == null ? null : id.getBytes(StandardCharsets.UTF_8);
        if (msgId == null || !isDuplicate(msgId)) {
            int size = StoredMessage.sizeBytes(target.length(), kept.headerLength(), kept.payloadLength());
            String refusal = stream.refusal(target, size);
            if (refusal != null) {
                return refusal;
            }
            stream.append(target, kept.body(), kept.headerLength(), msgId);
        }
        copied = data.originSeq();
        remember();
        return null;
    }

    private boolean isDuplicate(byte[] msgId) {
        long window = stream.config().get(StreamField.DUPLICATE_WINDOW);
        return window > 0 && stream.log().duplicateOf(msgId, window, stream.nowNs()) > 0;
    }

    private static byte[] withoutOwn(Message message) {
        byte[] headers = OriginFrame.keptHeaders(message);
        return headers.length > 0 && Headers.has(headers, 0, headers.length, "Nats-Stream-Source")
                ? Headers.without(headers, "Nats-Stream-Source:")
                : headers;
    }

    /** {@code ORD[:api] 3 ord.* > ord.1 identity}, as nats-server 2.15 writes it. */
    private String provenance(OriginFrame.Data data, String subject) {
        String from = source.external() == null
                ? source.name()
                : source.name() + ":"
                        + Integer.toHexString(source.external().api().hashCode());
        String filter = source.filter().isEmpty() ? ">" : source.filter();
        return from + " " + data.originSeq() + " " + filter + " > " + subject
                + (identity.isEmpty() ? "" : " " + identity);
    }

    private void remember() {
        byte[] name = identity.getBytes(StandardCharsets.US_ASCII);
        cursors.put(
                cursor,
                ByteBuffer.allocate(Long.BYTES + name.length)
                        .putLong(copied)
                        .put(name)
                        .array());
    }
}
