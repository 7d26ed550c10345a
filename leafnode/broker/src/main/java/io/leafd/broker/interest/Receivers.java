package io.leafd.broker.interest;

import io.leafd.protocol.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who receives a subject: the answer of {@link Sublist#match}. Immutable, any thread; cached by event loops for as long
 * as the trie it came from is the current one.
 *
 * @param plain local clients and code of ours: each gets the message
 * @param leafs one plain subscription for each leaf that wants it, however many of its filters match
 * @param groups the queue groups: each delivers to one member
 */
public record Receivers(Subscription[] plain, Subscription[] leafs, Group[] groups) {
    static final Subscription[] NO_SUBSCRIPTIONS = new Subscription[0];
    static final Group[] NO_GROUPS = new Group[0];

    /** Nobody. */
    public static final Receivers NONE = new Receivers(NO_SUBSCRIPTIONS, NO_SUBSCRIPTIONS, NO_GROUPS);

    /**
     * A queue group, matched.
     *
     * @param local members on this server: one of them takes the message if any can
     * @param leafs members behind leafs, each standing for {@link Subscription#weight} of them
     */
    public record Group(Subject name, Subscription[] local, Subscription[] leafs) {}

    /** The receivers of what only this one matches. */
    static Receivers of(Subscription only) {
        Subscription[] alone = {only};
        boolean leaf = only.receiver().kind() == Receiver.Kind.LEAF;
        Subject queue = only.queue();
        if (queue != null) {
            var group = new Group(queue, leaf ? NO_SUBSCRIPTIONS : alone, leaf ? alone : NO_SUBSCRIPTIONS);
            return new Receivers(NO_SUBSCRIPTIONS, NO_SUBSCRIPTIONS, new Group[] {group});
        }
        return new Receivers(leaf ? NO_SUBSCRIPTIONS : alone, leaf ? alone : NO_SUBSCRIPTIONS, NO_GROUPS);
    }

    /** The receivers among these subscriptions. */
    static Receivers of(List<Subscription> matching) {
        if (matching.isEmpty()) {
            return NONE;
        }
        var plain = new ArrayList<Subscription>();
        var leafs = new LinkedHashMap<Receiver, Subscription>();
        Map<Subject, List<Subscription>> groups = new LinkedHashMap<>();
        for (Subscription subscription : matching) {
            Subject queue = subscription.queue();
            if (queue != null) {
                groups.computeIfAbsent(queue, q -> new ArrayList<>()).add(subscription);
            } else if (subscription.receiver().kind() == Receiver.Kind.LEAF) {
                leafs.putIfAbsent(subscription.receiver(), subscription);
            } else {
                plain.add(subscription);
            }
        }
        return new Receivers(
                plain.toArray(NO_SUBSCRIPTIONS),
                leafs.values().toArray(NO_SUBSCRIPTIONS),
                groups.entrySet().stream()
                        .map(e -> group(e.getKey(), e.getValue()))
                        .toArray(Group[]::new));
    }

    private static Group group(Subject name, List<Subscription> members) {
        return new Group(
                name,
                members.stream()
                        .filter(m -> m.receiver().kind() != Receiver.Kind.LEAF)
                        .toArray(Subscription[]::new),
                members.stream()
                        .filter(m -> m.receiver().kind() == Receiver.Kind.LEAF)
                        .toArray(Subscription[]::new));
    }

    /** How many subscriptions it refers to. */
    public int count() {
        int count = plain.length + leafs.length;
        for (Group group : groups) {
            count += group.local.length + group.leafs.length;
        }
        return count;
    }

    /** Whether nobody wants it. */
    public boolean isEmpty() {
        return plain.length == 0 && leafs.length == 0 && groups.length == 0;
    }
}
