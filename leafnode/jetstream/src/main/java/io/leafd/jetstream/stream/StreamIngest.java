package io.leafd.jetstream.stream;

import static io.leafd.jetstream.stream.StreamField.*;

import io.leafd.jetstream.api.Fault;
import io.leafd.jetstream.api.JsError;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.protocol.SubjectFilter;
import io.leafd.protocol.Subjects;
import io.leafd.store.log.LogEntry;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.StoredMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes published messages into a stream: asks in a fixed order whether each may come in, stores it, and says what to answer.
 * Owned by the store loop.
 *
 * <p>The order of the questions is part of the protocol, because it decides which of several errors a publisher sees: a retried
 * duplicate with a stale expected sequence is told of the sequence, not of the duplicate. A message that fails one question
 * leaves no trace. Source: nats-server 2.15.
 */
final class StreamIngest {
    private static final int HEADERS_MAX_BYTES = 65_535;
    private static final int VERSION_LINE_BYTES = "NATS/1.0\r\n".length();
    private static final byte[] NO_HEADERS = {};

    private final Stream stream;
    private final PubAck ack;
    private final byte[] noRoom;
    private final @Nullable SubjectTransform transform;
    private final @Nullable Republisher republisher;
    private final LongPredicate room;
    private final boolean answers;
    private final boolean sealed;
    private final boolean rollupAllowed;
    private final long maxMsgSize;
    private final long duplicateWindowNs;
    private @Nullable String lastMsgId;

    /**
     * The intake of a stream with its present configuration.
     *
     * @param room whether the account may hold this many more bytes
     */
    StreamIngest(Stream stream, LongPredicate room) {
        this.stream = stream;
        this.room = room;
        this.ack = new PubAck(stream.name(), stream.scope().domain());
        this.noRoom = ack.refused(JsError.INSUFFICIENT_RESOURCES.with());
        this.transform = transformOf(stream);
        this.republisher = Republisher.of(stream);
        StreamConfig config = stream.config();
        this.answers = !config.is(NO_ACK);
        this.sealed = config.is(SEALED);
        this.rollupAllowed = config.is(ALLOW_ROLLUP) && !config.is(DENY_PURGE);
        this.maxMsgSize = config.get(MAX_MSG_SIZE);
        this.duplicateWindowNs = config.get(DUPLICATE_WINDOW);
    }

    /** The stream it feeds. */
    Stream stream() {
        return stream;
    }

    /** Whether publishers get an answer. */
    boolean answers() {
        return answers;
    }

    /** The answer for a message that finds no room on the disk. It says nothing of what is on it, so it need not wait for a sync. */
    byte[] noRoom() {
        return noRoom;
    }

    /** The answer for a message that was not taken. */
    byte[] refused(Fault fault) {
        return ack.refused(fault);
    }

    /**
     * Stores a message, or refuses it.
     *
     * @param body header block and payload; neither kept nor changed
     * @return what to answer once the group is committed; {@link #noRoom} at once
     */
    byte[] take(Subject published, ByteBuffer body, int headerLength) {
        if (sealed) {
            return refuse(JsError.STREAM_SEALED);
        }
        Subject subject = transform == null ? published : Subject.of(transform.apply(published.toString()));
        if (maxMsgSize >= 0 && body.remaining() > maxMsgSize) {
            return refuse(JsError.STREAM_MESSAGE_EXCEEDS_MAXIMUM);
        }
        if (headerLength > HEADERS_MAX_BYTES) {
            return refuse(JsError.STREAM_HEADER_EXCEEDS_MAXIMUM);
        }
        byte[] block = headerLength == 0 ? NO_HEADERS : bytes(body, headerLength);
        PublishHeaders headers = PublishHeaders.of(block);
        if (!headers.isEmpty()) {
            Fault fault = checkHeaders(headers, subject);
            if (fault != null) {
                return ack.refused(fault);
            }
            long known = duplicateOf(headers);
            if (known > 0) {
                return ack.duplicate(known);
            }
            fault = checkLate(headers);
            if (fault != null) {
                return ack.refused(fault);
            }
        }
        return store(subject, body, block, headers);
    }

    private byte[] store(Subject subject, ByteBuffer body, byte[] block, PublishHeaders headers) {
        int size = StoredMessage.sizeBytes(subject.length(), block.length, body.remaining() - block.length);
        if (!stream.scope().store().budget().mayAppend(size)) {
            return noRoom;
        }
        if (!room.test(size)) {
            return refuse(JsError.ACCOUNT_RESOURCES_EXCEEDED);
        }
        String refusal = stream.refusal(subject, size);
        if (refusal != null) {
            return refuse(JsError.STREAM_STORE_FAILED, refusal);
        }
        long previousSeq = republisher == null ? 0 : stream.log().lastSeq(subject);
        String msgId = headers.nonEmpty(PublishHeaders.MSG_ID);
        byte[] id = msgId == null || duplicateWindowNs <= 0 ? null : msgId.getBytes(StandardCharsets.UTF_8);
        int surplus = surplus(block);
        ByteBuffer stored = surplus == 0 ? body : without(surplus, body);
        long seq = stream.append(subject, stored, block.length - surplus, id);
        lastMsgId = msgId == null ? "" : msgId;
        String rollup = headers.nonEmpty(PublishHeaders.ROLLUP);
        if (rollup != null) {
            stream.rollup(rollup.equalsIgnoreCase("all") ? LogFilter.ALL : LogFilter.of(subject), seq);
        }
        if (republisher != null) {
            republisher.publish(
                    new Message(subject, null, bytes(stored, stored.remaining()), block.length - surplus),
                    seq,
                    previousSeq);
        }
        return ack.stored(seq);
    }

    private @Nullable Fault checkHeaders(PublishHeaders headers, Subject subject) {
        if (headers.get(PublishHeaders.BATCH_ID) != null) {
            return JsError.ATOMIC_PUBLISH_DISABLED.with();
        }
        if (headers.nonEmpty(PublishHeaders.INCREMENT) != null) {
            return JsError.MESSAGE_INCR_DISABLED.with();
        }
        String expectedStream = headers.nonEmpty(PublishHeaders.EXPECTED_STREAM);
        if (expectedStream != null && !expectedStream.equals(stream.name())) {
            return JsError.STREAM_NOT_MATCH.with();
        }
        if (headers.nonEmpty(PublishHeaders.TTL) != null) { // stored, it would stay for ever
            return JsError.MESSAGE_TTL_DISABLED.with();
        }
        Fault fault = checkLastSubjectSequence(headers, subject);
        if (fault != null) {
            return fault;
        }
        String expectedLast = headers.nonEmpty(PublishHeaders.EXPECTED_LAST_SEQUENCE);
        if (expectedLast != null && number(expectedLast) != stream.log().lastSeq()) {
            return JsError.STREAM_WRONG_LAST_SEQUENCE.with(stream.log().lastSeq());
        }
        if (headers.nonEmpty(PublishHeaders.SCHEDULE) != null) {
            return JsError.MESSAGE_SCHEDULES_DISABLED.with();
        }
        if (headers.nonEmpty(PublishHeaders.STREAM_SOURCE) != null) {
            return JsError.MESSAGE_SOURCE_HDR_NOT_ALLOWED.with();
        }
        return null;
    }

    private @Nullable Fault checkLastSubjectSequence(PublishHeaders headers, Subject subject) {
        String expected = headers.nonEmpty(PublishHeaders.EXPECTED_LAST_SUBJECT_SEQUENCE);
        String filter = headers.nonEmpty(PublishHeaders.EXPECTED_LAST_SUBJECT_SEQUENCE_SUBJECT);
        if (expected == null) {
            return filter == null ? null : JsError.STREAM_EXPECTED_LAST_SEQ_PER_SUBJECT_INVALID.with();
        }
        long last = filter == null ? stream.log().lastSeq(subject) : lastMatching(filter);
        return number(expected) == last ? null : JsError.STREAM_WRONG_LAST_SEQUENCE.with(last);
    }

    private long lastMatching(String filter) {
        if (!Subjects.isValidFilter(filter)) {
            return 0;
        }
        if (Subjects.isLiteral(filter)) {
            return stream.log().lastSeq(Subject.of(filter));
        }
        LogEntry last = stream.log().last(LogFilter.of(SubjectFilter.of(filter)));
        return last instanceof StoredMessage message ? message.seq() : 0;
    }

    private long duplicateOf(PublishHeaders headers) {
        String msgId = headers.nonEmpty(PublishHeaders.MSG_ID);
        if (msgId == null || duplicateWindowNs <= 0) {
            return 0;
        }
        return stream.duplicateOf(msgId.getBytes(StandardCharsets.UTF_8), duplicateWindowNs);
    }

    /** What is asked only of a message that is no duplicate. */
    private @Nullable Fault checkLate(PublishHeaders headers) {
        String expectedId = headers.nonEmpty(PublishHeaders.EXPECTED_LAST_MSG_ID);
        if (expectedId != null && !expectedId.equals(lastMsgId())) {
            return JsError.STREAM_WRONG_LAST_MSG_ID.with(lastMsgId());
        }
        String rollup = headers.nonEmpty(PublishHeaders.ROLLUP);
        if (rollup == null) {
            return null;
        }
        if (!rollupAllowed) {
            return JsError.STREAM_ROLLUP_FAILED.with("rollup not permitted");
        }
        String value = rollup.toLowerCase(Locale.ROOT);
        return value.equals("sub") || value.equals("all")
                ? null
                : JsError.STREAM_ROLLUP_FAILED.with("rollup value invalid: \"" + value + "\"");
    }

    /** The message id of the last stored message, empty if it had none; after a restart that message is asked. */
    private String lastMsgId() {
        if (lastMsgId == null) {
            LogEntry last = stream.log().last(LogFilter.ALL);
            String id = null;
            if (last instanceof StoredMessage message) {
                id = new Message(message.subject(), null, message.body(), message.headerBytes())
                        .header(PublishHeaders.MSG_ID);
            }
            lastMsgId = id == null ? "" : id;
        }
        return lastMsgId;
    }

    private byte[] refuse(JsError error, Object... values) {
        return ack.refused(error.with(values));
    }

    /** By how much the first line of a header block is longer than the bare version: a stored message must not look like a status frame. */
    private static int surplus(byte[] block) {
        int line = 0;
        while (line < block.length && block[line] != '\n') {
            line++;
        }
        return Math.max(0, line + 1 - VERSION_LINE_BYTES);
    }

    /** A copy of the body with the bare version as its first line. */
    private static ByteBuffer without(int surplus, ByteBuffer body) {
        byte[] all = bytes(body, body.remaining());
        int kept = VERSION_LINE_BYTES - 2;
        System.arraycopy(all, 0, all, surplus, kept);
        return ByteBuffer.wrap(all, surplus, all.length - surplus);
    }

    private static byte[] bytes(ByteBuffer body, int length) {
        byte[] bytes = new byte[length];
        body.get(body.position(), bytes);
        return bytes;
    }

    private static long number(String text) {
        try {
            return text.isEmpty() || !Character.isDigit(text.charAt(0)) ? -1 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static @Nullable SubjectTransform transformOf(Stream stream) {
        SubjectMapping mapping = stream.config().get(SUBJECT_TRANSFORM);
        if (mapping == null || mapping.destination().isEmpty()) {
            return null;
        }
        return SubjectTransform.of(
                mapping.source(), mapping.destination(), stream.scope().random());
    }
}
