package io.leafd.store.log;

/**
 * Messages that are on disk but cannot be read: checksum, format or medium. Nothing is deleted; reading goes on behind it.
 *
 * @param firstSeq first damaged sequence
 * @param lastSeq last damaged sequence, at least {@code firstSeq}
 * @param reason what was wrong with the first of them, for people
 */
public record DamagedRange(long firstSeq, long lastSeq, String reason) implements LogEntry {}
