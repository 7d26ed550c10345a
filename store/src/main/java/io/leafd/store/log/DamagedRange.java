package io.leafd.store.log;

/**
 * Messages that are not there although nobody removed them, or that are on disk and cannot be read: checksum, format or medium.
 * Nothing is deleted; reading goes on behind it. Immutable.
 *
 * @param firstSeq first damaged sequence
 * @param lastSeq last damaged sequence, at least {@code firstSeq}
 * @param reason what was wrong with the first of them, for people
 */
public record DamagedRange(long firstSeq, long lastSeq, String reason) implements LogEntry {
    /** Reason of a range whose records are gone. */
    public static final String MISSING = "record is missing";

    /** Reason of a range at the end whose records went with the newest part of the log. */
    public static final String LOST_END = "lost with the end of the log";

    /** Whether the records are gone; else they are there and cannot be read. */
    public boolean gone() {
        return reason.equals(MISSING) || reason.equals(LOST_END);
    }
}
