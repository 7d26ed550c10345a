package io.leafd.store.log;

import io.leafd.protocol.Subject;

/**
 * One message of a log, as it was appended. Immutable, any thread; the body is shared, nobody writes to it.
 *
 * <p>Allocated per read message: this object, the body, and the subject unless it equals the previous one's.
 */
public final class StoredMessage implements LogEntry {
    private final long seq;
    private final long timestampNs;
    private final Subject subject;
    private final byte[] body;
    private final int headerBytes;

    /** A message; {@code body} is the header block, if any, directly followed by the payload. */
    public StoredMessage(long seq, long timestampNs, Subject subject, byte[] body, int headerBytes) {
        if (headerBytes < 0 || headerBytes > body.length) {
            throw new IllegalArgumentException("header of " + headerBytes + " bytes in a body of " + body.length);
        }
        this.seq = seq;
        this.timestampNs = timestampNs;
        this.subject = subject;
        this.body = body;
        this.headerBytes = headerBytes;
    }

    /** Bytes that a message counts in {@code max_bytes}, as nats-server's file store counts them (observed on 2.15.2). */
    public static int sizeBytes(int subjectBytes, int headerBytes, int payloadBytes) {
        return (headerBytes == 0 ? 30 : 34) + subjectBytes + headerBytes + payloadBytes;
    }

    /** Position in the stream, from 1. */
    public long seq() {
        return seq;
    }

    /** When it was stored, nanoseconds since 1970 by the clock of whoever stored it first. */
    public long timestampNs() {
        return timestampNs;
    }

    public Subject subject() {
        return subject;
    }

    /** Header block and payload, contiguous. Not a copy. */
    public byte[] body() {
        return body;
    }

    /** Length of the header block {@code NATS/1.0\r\n…\r\n\r\n}; 0 without headers. */
    public int headerBytes() {
        return headerBytes;
    }

    /** Length of the payload, which follows the header block. */
    public int payloadBytes() {
        return body.length - headerBytes;
    }

    /** {@link #sizeBytes(int, int, int)} of this message. */
    public int sizeBytes() {
        return sizeBytes(subject.length(), headerBytes, payloadBytes());
    }

    @Override
    public String toString() {
        return "seq " + seq + " on " + subject + ", " + body.length + " bytes";
    }
}
