package io.leafd.jetstream.mirror;

import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamField;
import io.leafd.jetstream.stream.StreamSource;
import io.leafd.protocol.Headers;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.CursorStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One source of a stream: new sequences and times here, the place of origin in the header {@code Nats-Stream-Source}. Owned by the
 * store loop.
 *
 * <p>Position: a cursor {@code source/<stream id>/<source>}, 8 bytes big endian of the origin's sequence copied last, then the
 * origin's identity in ASCII. It is staged with the message, so after a crash both are there or neither. nats-server looks for
 * the header in the stream's last messages instead; here those may be removed and the position still holds.
 */
final class SourceTarget implements CopyTarget {
    private static final String MSG_ID = "Nats-Msg-Id";
    private static final String STREAM_SOURCE = "Nats-Stream-Source";

    private final Stream stream;
    private final StreamSource source;
    private final CursorStore cursors;
    private final String cursor;
    private final SourceName name;
    private final Renaming renaming;
    private long copied;
    private String identity = "";

    SourceTarget(Stream stream, StreamSource source) {
        this.stream = stream;
        this.source = source;
        this.cursors = stream.scope().store().cursors();
        this.cursor = "source/" + stream.log().id() + "/" + key(source);
        this.name = SourceName.of(source);
        this.renaming = new Renaming(source, stream.scope().random());
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

    @Override
    public long copied() {
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
        Message kept = signed(data);
        byte[] msgId = msgId(kept);
        if (msgId == null || !isDuplicate(msgId)) {
            String refusal = CopyTarget.refusal(stream, kept);
            if (refusal != null) {
                return refusal;
            }
            stream.append(kept.subject(), ByteBuffer.wrap(kept.body()), kept.headerLength(), msgId);
        }
        copied = data.originSeq();
        remember();
        return null;
    }

    /** The message as it is stored: under its new subject, with its place of origin. */
    private Message signed(OriginFrame.Data data) {
        Message message = OriginFrame.withoutOriginsOwn(data.message());
        byte[] headers = Arrays.copyOf(message.body(), message.headerLength());
        if (Headers.has(headers, 0, headers.length, STREAM_SOURCE)) {
            headers = Headers.without(headers, STREAM_SOURCE + ":");
        }
        Subject subject = message.subject();
        headers = Headers.with(headers, STREAM_SOURCE, name.header(data.originSeq(), subject.toString(), identity));
        return Message.withHeaders(renaming.apply(subject), null, headers, message.payload());
    }

    private byte @Nullable [] msgId(Message message) {
        String id = message.header(MSG_ID);
        return id == null || id.isEmpty() || windowNs() <= 0 ? null : id.getBytes(StandardCharsets.UTF_8);
    }

    private boolean isDuplicate(byte[] msgId) {
        return stream.log().duplicateOf(msgId, windowNs(), stream.nowNs()) > 0;
    }

    private long windowNs() {
        return stream.config().get(StreamField.DUPLICATE_WINDOW);
    }

    private void remember() {
        byte[] bytes = identity.getBytes(StandardCharsets.US_ASCII);
        cursors.put(
                cursor,
                ByteBuffer.allocate(Long.BYTES + bytes.length)
                        .putLong(copied)
                        .put(bytes)
                        .array());
    }
}
