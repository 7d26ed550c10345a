package io.leafd.store;

/** What one consumer keeps on disk. Owned by the store loop. All bytes are opaque here; arrays are kept, not copied. */
@SuppressWarnings("DoNotCallSuggester") // signatures only
public final class ConsumerStore {
    private ConsumerStore() {}

    /** The consumer's name. */
    public String name() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** When it was made, nanoseconds since 1970. */
    public long createdNs() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Its configuration as last written. */
    public byte[] config() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Replaces the configuration. */
    public void updateConfig(byte[] config) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Its state record as last written; empty if none was. */
    public byte[] state() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Replaces the state record. Cheap to call often: it is written once per group. */
    public void putState(byte[] state) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Notes a delivered, unacknowledged message; replaces what was noted for this sequence. */
    public void putPending(long streamSeq, byte[] entry) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Forgets a pending entry, if there is one. */
    public void removePending(long streamSeq) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Forgets all pending entries. */
    public void clearPending() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Shows all pending entries in order of sequence. Reads them from disk: for start-up and reopening. */
    public void forEachPending(PendingVisitor visitor) {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Deletes the consumer and everything it kept. */
    public void delete() {
        throw new UnsupportedOperationException("signature only, code follows");
    }

    /** Is shown pending entries. */
    @FunctionalInterface
    public interface PendingVisitor {
        /** One entry; must not change the consumer. */
        void pending(long streamSeq, byte[] entry);
    }
}
