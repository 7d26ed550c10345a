package io.leafd.broker.net;

import io.leafd.broker.account.Account;
import io.leafd.broker.interest.Delivery;
import io.leafd.broker.interest.Publisher;
import io.leafd.broker.interest.Receiver;
import io.leafd.broker.interest.Receivers;
import io.leafd.broker.interest.Subscription;
import io.leafd.protocol.MessageView;
import io.leafd.protocol.Subject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings one message to everybody who receives it. Pure code on the publisher's event loop.
 *
 * <p>Rules (observed on nats-server 2.15.2): each plain subscription gets it; each queue group delivers to one member,
 * uniformly chosen, tried in turn until one takes it, and a local member is preferred to those behind leafs, who are chosen
 * by weight; a leaf gets one copy, however much of it wants the message, with the names of the groups it was chosen for.
 */
public final class Fanout {
    private Fanout() {}

    /**
     * Delivers a message of a local publisher.
     *
     * @return how many took it; 0 means nobody did
     */
    public static int deliver(Turn turn, Account account, MessageView message, Publisher origin) {
        return deliver(turn, account, message, origin, null, turn.delivery());
    }

    /**
     * Delivers a message that came over a leaf: to plain subscriptions, and to one local member of each named group.
     *
     * @param groups the groups this server was chosen for; empty for none
     * @return how many took it
     */
    public static int deliverFromLeaf(
            Turn turn, Account account, MessageView message, Publisher origin, List<Subject> groups) {
        return deliver(turn, account, message, origin, groups, turn.delivery());
    }

    /**
     * Delivers a message to another account in the midst of the delivery of the one that it is made of. Only for receivers of kind
     * {@link Receiver.Kind#LEAF}: they come when the others have what they share.
     *
     * @param outer the delivery in which the other message arrived
     * @param groups as for {@link #deliverFromLeaf}; null if each group is to have it
     * @return how many took it
     */
    public static int deliverAcross(
            Turn turn, Account account, MessageView message, Delivery outer, @Nullable List<Subject> groups) {
        return deliver(turn, account, message, outer.origin(), groups, new Delivery(turn.index()));
    }

    /** Answers a request that nobody took with a 503 on its reply subject, to whoever listens there. */
    public static void answerNoResponders(Turn turn, Account account, MessageView request) {
        var answer = new MessageView();
        answer.set(NoResponders.message(request), null);
        deliver(turn, account, answer, Publishers.NOBODY, null, turn.delivery());
    }

    private static int deliver(
            Turn turn,
            Account account,
            MessageView message,
            Publisher origin,
            @Nullable List<Subject> groups,
            Delivery delivery) {
        Subject route = message.route;
        Receivers receivers = route == null
                ? turn.match(account, message.buf, message.subjectOffset, message.subjectLength)
                : turn.match(account, route.bytes(), 0, route.length());
        if (receivers.isEmpty()) {
            return 0;
        }
        delivery.start(message, origin);
        int taken = 0;
        turn.shareIfMuch(message, receivers.plain().length);
        try {
            for (Subscription subscription : receivers.plain()) {
                if (subscription.receiver().deliver(subscription, delivery)) {
                    taken++;
                }
            }
        } finally {
            turn.endSharing();
        }
        if (receivers.groups().length == 0 && receivers.leafs().length == 0) {
            return taken; // by far the most messages
        }
        Map<Receiver, List<Subscription>> chosenLeafs = Map.of();
        for (Receivers.Group group : receivers.groups()) {
            if (groups != null && !groups.contains(group.name())) {
                continue;
            }
            if (deliverLocally(turn, group.local(), delivery)) {
                taken++;
            } else if (group.leafs().length > 0) {
                Subscription leaf = byWeight(turn, group.leafs());
                if (chosenLeafs.isEmpty()) {
                    chosenLeafs = new LinkedHashMap<>();
                }
                chosenLeafs
                        .computeIfAbsent(leaf.receiver(), r -> new ArrayList<>())
                        .add(leaf);
            }
        }
        return taken + deliverToLeafs(receivers.leafs(), chosenLeafs, delivery);
    }

    private static int deliverToLeafs(
            Subscription[] plain, Map<Receiver, List<Subscription>> chosen, Delivery delivery) {
        int taken = 0;
        for (Subscription leaf : plain) {
            List<Subscription> queues = chosen.isEmpty() ? null : chosen.remove(leaf.receiver());
            taken += deliverToLeaf(leaf, queues == null ? List.of() : queues, delivery);
        }
        for (List<Subscription> queues : chosen.values()) {
            taken += deliverToLeaf(queues.getFirst(), queues, delivery);
        }
        return taken;
    }

    private static int deliverToLeaf(Subscription leaf, List<Subscription> queues, Delivery delivery) {
        delivery.queues().clear();
        for (Subscription subscription : queues) {
            Subject queue = subscription.queue();
            if (queue != null) {
                delivery.queues().add(queue);
            }
        }
        return leaf.receiver().deliver(leaf, delivery) ? 1 : 0;
    }

    private static boolean deliverLocally(Turn turn, Subscription[] members, Delivery delivery) {
        int first = members.length < 2 ? 0 : turn.random().nextInt(members.length);
        for (int i = 0; i < members.length; i++) {
            Subscription member = members[(first + i) % members.length];
            if (member.receiver().deliver(member, delivery)) {
                return true;
            }
        }
        return false;
    }

    private static Subscription byWeight(Turn turn, Subscription[] leafs) {
        int total = 0;
        for (Subscription leaf : leafs) {
            total += leaf.weight();
        }
        int left = turn.random().nextInt(total);
        for (Subscription leaf : leafs) {
            left -= leaf.weight();
            if (left < 0) {
                return leaf;
            }
        }
        return leafs[leafs.length - 1];
    }
}
