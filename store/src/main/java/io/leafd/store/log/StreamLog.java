package io.leafd.store.log;

import io.leafd.protocol.Subject;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one stream. Owned by the store loop.
 *
 * <p>Reads see what was staged before them in the same group. All methods throw {@link
 * io.leafd.store.loop.StoreException.Unavailable} while the store is down and {@link
 * io.leafd.store.loop.StoreException.Gone} after the stream was deleted; then nothing was changed. After the store was
 * reopened the same object shows what is on disk again.
 */
@SuppressWarnings("DoNotCallSuggester") // signatures only
public final class StreamLog {
    private StreamLog() {}

    /** The account it belongs to. */
    public String account() {
        throw unwritten();
    }

    /** Its name, unique within the account. */
    public String name() {
        throw unwritten();
    }

    /** Its configuration as last written. */
    public byte[] config() {
        throw unwritten();
    }

    /** When it was made, nanoseconds since 1970. */
    public long createdNs() {
        throw unwritten();
    }

    /** Numbers of the log; an allocation, so not for every message: see the accessors below. */
    public StreamState state() {
        throw unwritten();
    }

    /** Live messages. */
    public long messages() {
        throw unwritten();
    }

    /** Sum of the sizes of the live messages, see {@link StoredMessage#sizeBytes()}. */
    public long bytes() {
        throw unwritten();
    }

    /** Sequence of the oldest live message; {@code lastSeq + 1} if there is none. */
    public long firstSeq() {
        throw unwritten();
    }

    /** Highest sequence given so far, deleted ones included; 0 if there is none. */
    public long lastSeq() {
        throw unwritten();
    }

    /** Timestamp of the oldest live message, 0 if there is none. May read it. */
    public long firstTimestampNs() {
        throw unwritten();
    }

    /**
     * Appends a message and gives it the next sequence. Appends of one work item that does not read between them are written
     * in one piece: after a crash all or none are there.
     *
     * @param body header block directly followed by the payload; the log keeps the array, the caller must not write to it
     * @param headerBytes length of the header block, 0 without headers
     * @param timestampNs nanoseconds since 1970; {@link #seqAtTime} relies on timestamps that do not fall
     * @param msgId what {@link #duplicateOf} shall find later; null for none
     * @return the sequence
     */
    public long append(Subject subject, byte[] body, int headerBytes, long timestampNs, byte @Nullable [] msgId) {
        throw unwritten();
    }

    /**
     * Appends a message of a mirror with the sequence it has at its origin; skipped sequences count as deleted.
     *
     * @throws IllegalArgumentException if {@code seq} is not above {@link #lastSeq}
     */
    public void appendAt(
            long seq, Subject subject, byte[] body, int headerBytes, long timestampNs, byte @Nullable [] msgId) {
        throw unwritten();
    }

    /**
     * Gives away sequences without messages, so that the next append gets {@code nextSeq}. On an empty log this moves the
     * first sequence as well. Nothing happens if {@code nextSeq <= lastSeq + 1}.
     */
    public void skipTo(long nextSeq) {
        throw unwritten();
    }

    /** The message at exactly this sequence; null if there is none (never was, deleted). */
    public @Nullable LogEntry get(long seq) {
        throw unwritten();
    }

    /** The first match at or after {@code fromSeq}; null if there is none. For one look-up; to read on, use a reader. */
    public @Nullable LogEntry next(long fromSeq, LogFilter filter) {
        throw unwritten();
    }

    /** The last match; null if there is none. */
    public @Nullable LogEntry last(LogFilter filter) {
        throw unwritten();
    }

    /** Reads matches from {@code fromSeq} on, in chunks. Needs no closing. */
    public LogReader reader(long fromSeq, LogFilter filter) {
        throw unwritten();
    }

    /** Sequence of the last message of a literal subject, 0 if there is none. One look-up, usually in memory. */
    public long lastSeq(Subject subject) {
        throw unwritten();
    }

    /** Sequence of the oldest message of a literal subject, 0 if there is none. */
    public long firstSeq(Subject subject) {
        throw unwritten();
    }

    /** Live messages of a literal subject. */
    public long messages(Subject subject) {
        throw unwritten();
    }

    /** Shows all subjects that match, in byte order, with their counts. Costs the number of subjects under the literal prefix. */
    public void subjects(LogFilter filter, SubjectVisitor visitor) {
        throw unwritten();
    }

    /** Exact number of matches at or after {@code fromSeq}. Cheap without filter, and from the first sequence on. */
    public long countFrom(long fromSeq, LogFilter filter) {
        throw unwritten();
    }

    /**
     * Sequences of the last message of each matching subject, looking only at sequences up to {@code upToSeq}; ascending.
     *
     * @param max most subjects wanted
     * @return at most {@code max + 1} entries: one more than {@code max} says that there are too many
     */
    public long[] lastPerSubject(LogFilter filter, long upToSeq, int max) {
        throw unwritten();
    }

    /** First live sequence with a timestamp at or after this; {@code lastSeq + 1} if there is none. */
    public long seqAtTime(long timestampNs) {
        throw unwritten();
    }

    /** Shows the deleted sequences between first and last as ranges. */
    public void deletedRanges(RangeVisitor visitor) {
        throw unwritten();
    }

    /**
     * The sequence that was stored with this message id within the window before {@code nowNs}, or 0. Durable: survives
     * restarts; ids of removed messages still count until they leave the window.
     */
    public long duplicateOf(byte[] msgId, long windowNs, long nowNs) {
        throw unwritten();
    }

    /** Removes one message; false if there is none at this sequence. */
    public boolean delete(long seq, RemovalVisitor visitor) {
        throw unwritten();
    }

    /** Removes the oldest message; 0 if there is none, else its sequence. What limits call, one message at a time. */
    public long removeFirst(RemovalVisitor visitor) {
        throw unwritten();
    }

    /**
     * Purges at most {@code max} messages, oldest first.
     *
     * <p>Bounded so that a purge of millions does not keep the loop from everybody else: the caller comes again while the
     * answer equals {@code max} (the arguments may stay the same). A purge of everything with {@link RemovalVisitor#NONE} is
     * done at once whatever its size.
     *
     * @return how many were removed
     */
    public long purge(Purge what, long max, RemovalVisitor visitor) {
        throw unwritten();
    }

    private static UnsupportedOperationException unwritten() {
        return new UnsupportedOperationException("signature only, code follows");
    }
}
