package io.leafd.test.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The book of a key-value bucket with one writer: each key's last acknowledged change and the changes tried after it. Any thread.
 *
 * <p>The value of a key must be that of its last acknowledged change or of a change tried after that.
 */
final class KeyLedger {
    private final Map<String, List<Change>> changes = new HashMap<>();

    /**
     * One change.
     *
     * @param value empty for a delete
     * @param acknowledged whether the server said that it is done
     */
    private record Change(String value, boolean acknowledged) {}

    synchronized void attempt(String key, String value) {
        changes.computeIfAbsent(key, k -> new ArrayList<>()).add(new Change(value, false));
    }

    /** Acknowledges the change that was attempted last. */
    synchronized void acknowledged(String key) {
        List<Change> of = Objects.requireNonNull(changes.get(key));
        of.set(of.size() - 1, new Change(of.getLast().value, true));
    }

    /** The state of the book, to come back to. */
    synchronized Map<String, Integer> mark() {
        var sizes = new HashMap<String, Integer>();
        changes.forEach((key, of) -> sizes.put(key, lastAcknowledged(of) + 1));
        return sizes;
    }

    /** Takes back the acknowledgements since the mark. */
    synchronized void rewind(Map<String, Integer> mark) {
        changes.forEach((key, of) -> {
            for (int i = mark.getOrDefault(key, 0); i < of.size(); i++) {
                of.set(i, new Change(of.get(i).value, false));
            }
        });
    }

    synchronized int size() {
        return changes.values().stream().mapToInt(List::size).sum();
    }

    /**
     * Compares with the bucket.
     *
     * @param bucket value by key; a deleted or missing key is absent
     * @return one sentence for each key that is wrong
     */
    synchronized List<String> judge(Map<String, String> bucket) {
        var wrong = new ArrayList<String>();
        changes.forEach((key, of) -> {
            int last = lastAcknowledged(of);
            String found = bucket.getOrDefault(key, "");
            boolean allowed = last < 0 && found.isEmpty();
            for (int i = Math.max(0, last); i < of.size(); i++) {
                allowed |= of.get(i).value.equals(found);
            }
            if (!allowed) {
                wrong.add("key %s is '%s', the last acknowledged change made it '%s'"
                        .formatted(key, found, last < 0 ? "" : of.get(last).value));
            }
        });
        bucket.keySet().stream()
                .filter(key -> !changes.containsKey(key))
                .forEach(key -> wrong.add("key %s was never written".formatted(key)));
        return wrong;
    }

    private static int lastAcknowledged(List<Change> of) {
        for (int i = of.size() - 1; i >= 0; i--) {
            if (of.get(i).acknowledged) {
                return i;
            }
        }
        return -1;
    }
}
