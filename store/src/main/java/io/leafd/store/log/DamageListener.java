package io.leafd.store.log;

/** Hears of damage in logs. Called on the store loop, in the middle of operations: it may only take notes. */
public interface DamageListener {
    /** For who does not want to know. */
    DamageListener NONE = new DamageListener() {
        @Override
        public void met(long streamId, DamagedRange range) {}

        @Override
        public void settled(long streamId, long firstSeq, long lastSeq) {}
    };

    /** A range of a stream was met for the first time since the opening. */
    void met(long streamId, DamagedRange range);

    /** None of these sequences is lost any more: those that were are back, or would have been removed by now. Durable. */
    void settled(long streamId, long firstSeq, long lastSeq);
}
