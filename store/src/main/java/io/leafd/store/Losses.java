package io.leafd.store;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What was met as lost or damaged since the process began. Written by the store loop; any thread reads. */
final class Losses {
    /** Most that are remembered one by one; beyond that they are only counted. */
    private static final int LOSSES_MAX = 1000;

    private final List<Store.Loss> losses = new CopyOnWriteArrayList<>();
    private long count;

    /** On the store loop. */
    void add(Store.Loss loss) {
        count++;
        if (losses.size() < LOSSES_MAX) {
            losses.add(loss);
        }
    }

    /** Any thread. */
    List<Store.Loss> list() {
        return List.copyOf(losses);
    }

    /** On the store loop. */
    long count() {
        return count;
    }
}
