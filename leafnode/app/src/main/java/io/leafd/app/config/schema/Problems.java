package io.leafd.app.config.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects every problem of one reading, so that the box owner mends them all at once. Owned by the reading thread. */
public final class Problems {
    /** More than this many are no help; the rest is counted. */
    private static final int COUNT_MAX = 100;

    private final List<Problem> found = new ArrayList<>();

    public void add(Position position, String message) {
        found.add(new Problem(position, message));
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** In the order of the files. At most {@value #COUNT_MAX}, then one line that counts the others. */
    public List<Problem> list() {
        List<Problem> sorted = found.stream()
                .sorted(Comparator.comparing(Problem::position))
                .distinct()
                .toList();
        if (sorted.size() <= COUNT_MAX) {
            return sorted;
        }
        List<Problem> first = new ArrayList<>(sorted.subList(0, COUNT_MAX));
        Position last = sorted.get(COUNT_MAX).position();
        first.add(new Problem(last, "and " + (sorted.size() - COUNT_MAX) + " more problems from here on"));
        return List.copyOf(first);
    }

    /** Does nothing without problems. */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigException(list());
        }
    }
}
