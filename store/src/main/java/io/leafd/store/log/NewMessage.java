package io.leafd.store.log;

import io.leafd.protocol.Subject;
import java.nio.ByteBuffer;

/**
 * A message on its way into a log.
 *
 * @param body header block, if any, directly followed by the payload; somebody else's, only for as long as it is staged, and its
 *     position and limit stay as they are
 * @param headerBytes length of the header block
 */
record NewMessage(long seq, long timestampNs, Subject subject, ByteBuffer body, int headerBytes) {
    /** Refuses a header block that is longer than the body. */
    NewMessage {
        if (headerBytes < 0 || headerBytes > body.remaining()) {
            throw new IllegalArgumentException("header of " + headerBytes + " bytes in a body of " + body.remaining());
        }
    }

    /** Bytes of its {@link MessageRecord}. */
    int recordBytes() {
        return MessageRecord.FIXED_BYTES + subject.length() + body.remaining();
    }

    /** Bytes that it counts in {@code max_bytes}. */
    int sizeBytes() {
        return StoredMessage.sizeBytes(subject.length(), headerBytes, body.remaining() - headerBytes);
    }
}
