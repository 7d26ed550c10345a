package io.leafd.store.engine;

import java.nio.charset.StandardCharsets;

/**
 * The column families. Their order is the order in which they are opened; names are part of the format.
 *
 * <p>Each kind of record has its own family because they age differently: messages only grow at the end and are dropped from
 * the front in whole files, subject entries are overwritten all the time, pending entries live for seconds.
 */
public enum Family {
    /** Format, streams, stream states. RocksDB insists on a family of this name. */
    METADATA("default", 1),
    /** Messages by stream and sequence. */
    MESSAGES("messages", 8),
    /** One entry per stream and subject: count, last sequence. */
    SUBJECTS("subjects", 2),
    /** One entry per message, by stream, block of sequences, subject. */
    INDEX("index", 4),
    /** Bitmaps of deleted sequences. */
    DELETED("deleted", 1),
    /** Message ids within the duplicate window. */
    MSG_IDS("msgids", 2),
    /** Consumers: configuration, state, pending entries. */
    CONSUMERS("consumers", 2),
    /** Cursors by name. */
    CURSORS("cursors", 1);

    private final String familyName;
    private final int memtableShare;

    Family(String familyName, int memtableShare) {
        this.familyName = familyName;
        this.memtableShare = memtableShare;
    }

    /** Its name in RocksDB. */
    public String familyName() {
        return familyName;
    }

    byte[] nameBytes() {
        return familyName.getBytes(StandardCharsets.US_ASCII);
    }

    /** Largest memtable, in sixteenths of the write-buffer budget. */
    int memtableShare() {
        return memtableShare;
    }
}
