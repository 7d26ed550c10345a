package io.leafd.store.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The column families. Their order is the order in which they are opened; names are part of the format.
 *
 * <p>Each kind of record has its own family because they age differently: messages only grow at the end and are dropped from
 * the front in whole files, subject entries are overwritten all the time, pending entries live for seconds.
 */
public enum Family {
    /** Format, streams, stream states. RocksDB insists on a family of this name. */
    METADATA(0, "default", 1, false),
    /** Messages by stream and sequence. */
    MESSAGES(1, "messages", 8, true),
    /** One entry per stream and subject: count, last sequence. */
    SUBJECTS(2, "subjects", 2, false),
    /** One entry per message, by stream, block of sequences, subject. */
    INDEX(3, "index", 4, false),
    /** Bitmaps of deleted sequences. */
    DELETED(4, "deleted", 1, false),
    /** Message ids within the duplicate window. */
    MSG_IDS(5, "msgids", 2, false),
    /** Consumers: configuration, state, pending entries. */
    CONSUMERS(6, "consumers", 2, false),
    /** Cursors by name. */
    CURSORS(7, "cursors", 1, true);

    private final int id;
    private final String familyName;
    private final int memtableShare;
    private final boolean encrypted;

    Family(int id, String familyName, int memtableShare, boolean encrypted) {
        this.id = id;
        this.familyName = familyName;
        this.memtableShare = memtableShare;
        this.encrypted = encrypted;
    }

    /** Its number, in RocksDB as well: families are made in this order. */
    public int id() {
        return id;
    }

    /**
     * The family of this number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Family of(int id) {
        for (Family family : values()) {
            if (family.id == id) {
                return family;
            }
        }
        throw new IllegalArgumentException("unknown column family " + id);
    }

    /** Its name in RocksDB. */
    public String familyName() {
        return familyName;
    }

    /**
     * The family of this name.
     *
     * @throws IllegalArgumentException if there is none: then the database is not a store of this format
     */
    static Family named(byte[] name) {
        String wanted = new String(name, StandardCharsets.US_ASCII);
        for (Family family : values()) {
            if (family.familyName.equals(wanted)) {
                return family;
            }
        }
        throw new IllegalArgumentException("unknown column family " + wanted);
    }

    /** Whether there is a family of this name. */
    static boolean isName(byte[] name) {
        String wanted = new String(name, StandardCharsets.US_ASCII);
        return Arrays.stream(values()).anyMatch(family -> family.familyName.equals(wanted));
    }

    byte[] nameBytes() {
        return familyName.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Whether its values are encrypted if the store has a key: those with what clients said. The others hold numbers, names and
     * subjects, which are needed to find what there is, and stand in keys as well, which cannot be encrypted.
     */
    public boolean encrypted() {
        return encrypted;
    }

    /** Largest memtable, in sixteenths of the write-buffer budget. */
    int memtableShare() {
        return memtableShare;
    }
}
