package io.leafd.jetstream.consumer;

import io.leafd.protocol.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which consumers of a stream want a subject. Owned by the store loop.
 *
 * <p>Consumers without filter and those with one literal filter, the most frequent kinds, are found without comparing filters.
 */
final class ConsumerIndex {
    private final List<Consumer> ofAll = new ArrayList<>();
    private final Map<Subject, List<Consumer>> ofOne = new HashMap<>();
    private final List<Consumer> ofSome = new ArrayList<>();

    void add(Consumer consumer) {
        Subject literal = consumer.filter().literal();
        if (consumer.filter().all()) {
            ofAll.add(consumer);
        } else if (literal != null) {
            ofOne.computeIfAbsent(literal, subject -> new ArrayList<>(1)).add(consumer);
        } else {
            ofSome.add(consumer);
        }
    }

    /** Takes a consumer out; its filter must be the one it was added with. */
    void remove(Consumer consumer) {
        Subject literal = consumer.filter().literal();
        if (consumer.filter().all()) {
            ofAll.remove(consumer);
        } else if (literal != null) {
            ofOne.computeIfPresent(literal, (subject, consumers) -> {
                consumers.remove(consumer);
                return consumers.isEmpty() ? null : consumers;
            });
        } else {
            ofSome.remove(consumer);
        }
    }

    /** Whether anybody wants this subject. */
    boolean wants(Subject subject) {
        if (!ofAll.isEmpty() || ofOne.containsKey(subject)) {
            return true;
        }
        for (Consumer consumer : ofSome) {
            if (consumer.filter().matches(subject)) {
                return true;
            }
        }
        return false;
    }

    /** Shows those who want this subject to {@code visitor} as long as it answers true; whether it always did. */
    boolean forEach(Subject subject, Visitor visitor) {
        for (int i = 0; i < ofAll.size(); i++) {
            if (!visitor.visit(ofAll.get(i))) {
                return false;
            }
        }
        List<Consumer> literal = ofOne.isEmpty() ? null : ofOne.get(subject);
        if (literal != null) {
            for (int i = 0; i < literal.size(); i++) {
                if (!visitor.visit(literal.get(i))) {
                    return false;
                }
            }
        }
        for (int i = 0; i < ofSome.size(); i++) {
            Consumer consumer = ofSome.get(i);
            if (consumer.filter().matches(subject) && !visitor.visit(consumer)) {
                return false;
            }
        }
        return true;
    }

    void clear() {
        ofAll.clear();
        ofOne.clear();
        ofSome.clear();
    }

    /** Is shown consumers; must not add or remove any. */
    @FunctionalInterface
    interface Visitor {
        /** Whether to go on. */
        boolean visit(Consumer consumer);
    }
}
