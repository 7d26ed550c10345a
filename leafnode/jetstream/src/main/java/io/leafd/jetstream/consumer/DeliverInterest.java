package io.leafd.jetstream.consumer;

import io.leafd.broker.interest.InterestListener;
import io.leafd.broker.interest.Subscription;
import io.leafd.jetstream.api.AccountScope;
import io.leafd.protocol.Subject;
import io.leafd.protocol.SubjectFilter;
import io.leafd.protocol.Subjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells push consumers of one account when somebody begins or ceases to listen on their deliver subject.
 *
 * <p>Consumers come and go on the store loop. Changes of interest are reported on whatever thread made them: there it is only noted
 * which deliver subjects they concern, and one look at them is queued for the store loop, however many changes follow.
 */
final class DeliverInterest implements InterestListener {
    private final AccountScope scope;
    /** Push consumers by deliver subject; keys are read by any thread. */
    private final ConcurrentHashMap<Subject, List<Consumer>> bySubject = new ConcurrentHashMap<>();

    private final Set<Subject> changed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean queued = new AtomicBoolean();

    DeliverInterest(AccountScope scope) {
        this.scope = scope;
    }

    /** Begins to tell a consumer, if it is a push consumer; it is told once in any case. */
    void add(Consumer consumer) {
        Subject deliver = consumer.deliverSubject();
        if (deliver != null) {
            bySubject
                    .computeIfAbsent(deliver, subject -> new CopyOnWriteArrayList<>())
                    .add(consumer);
            consumer.onInterest(); // whatever changed before it was here
        }
    }

    void remove(Consumer consumer) {
        Subject deliver = consumer.deliverSubject();
        if (deliver != null) {
            bySubject.computeIfPresent(deliver, (subject, consumers) -> {
                consumers.remove(consumer);
                return consumers.isEmpty() ? null : consumers;
            });
        }
    }

    @Override
    public void onInterest(Subscription subscription, boolean added) {
        Subject filter = subscription.filter();
        byte[] bytes = filter.bytes();
        if (Subjects.isLiteral(bytes, 0, bytes.length)) {
            if (bySubject.containsKey(filter)) {
                note(filter);
            }
            return;
        }
        var wildcard = new SubjectFilter(filter, false);
        for (Subject deliver : bySubject.keySet()) {
            if (wildcard.matches(deliver)) {
                note(deliver);
            }
        }
    }

    private void note(Subject deliver) {
        changed.add(deliver);
        if (queued.compareAndSet(false, true)) {
            scope.store().loop().control(this::look);
        }
    }

    private void look() {
        queued.set(false);
        for (Subject deliver : new ArrayList<>(changed)) {
            changed.remove(deliver);
            bySubject.getOrDefault(deliver, List.of()).forEach(Consumer::onInterest);
        }
    }
}
