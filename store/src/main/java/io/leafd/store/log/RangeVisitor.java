package io.leafd.store.log;

/** Is shown ranges of sequences in rising order, not touching each other. Called on the store loop. */
@FunctionalInterface
public interface RangeVisitor {
    /**
     * One range, both ends included. Must not change the log.
     *
     * @return whether to go on
     */
    boolean range(long firstSeq, long lastSeq);
}
