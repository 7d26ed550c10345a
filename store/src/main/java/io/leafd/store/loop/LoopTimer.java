package io.leafd.store.loop;

/** One pending timer. Owned by the store loop; made by {@link StoreLoop#schedule}. */
public final class LoopTimer {
    final Timers timers;
    final long dueNs;
    final long order;
    final Work work;
    /** Position in the heap of {@link Timers}; -1 when it fired or was cancelled. */
    int index = -1;

    LoopTimer(Timers timers, long dueNs, long order, Work work) {
        this.timers = timers;
        this.dueNs = dueNs;
        this.order = order;
        this.work = work;
    }

    /** Makes sure it does not fire any more. Harmless when it did. On the loop. */
    public void cancel() {
        timers.remove(this);
    }

    /** Whether it neither fired nor was cancelled. */
    public boolean pending() {
        return index >= 0;
    }

    boolean before(LoopTimer other) {
        long difference = dueNs - other.dueNs; // nanoTime may wrap: compare by difference
        return difference != 0 ? difference < 0 : order < other.order;
    }
}
