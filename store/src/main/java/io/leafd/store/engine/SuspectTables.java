package io.leafd.store.engine;

import java.util.HashSet;
import java.util.Set;

/**
 * Tables that were found unreadable since the database was opened, by their numbers. Owned by the store loop.
 *
 * <p>Those that come in the way of everything are suspected at once. Tables of messages are only patchy: readers pass over the place,
 * and they are suspected when somebody has what was lost.
 */
final class SuspectTables {
    private static final int PATCHY_MAX = 1000;

    private final Set<Long> suspected = new HashSet<>();
    private final Set<Long> patchy = new HashSet<>();

    /** Suspects tables; whether any of them was not suspected before. */
    boolean add(Set<Long> tables) {
        return suspected.addAll(tables);
    }

    void addPatchy(Set<Long> tables) {
        if (patchy.size() < PATCHY_MAX) {
            patchy.addAll(tables);
        }
    }

    void suspectPatchy() {
        suspected.addAll(patchy);
    }

    boolean any() {
        return !suspected.isEmpty();
    }

    boolean anyPatchy() {
        return !patchy.isEmpty();
    }

    /** Those that the next opening takes out. */
    Set<Long> numbers() {
        return Set.copyOf(suspected);
    }

    /** Forgets all: the database was opened without them, or what was patchy is met again. */
    void clear() {
        suspected.clear();
        patchy.clear();
    }
}
