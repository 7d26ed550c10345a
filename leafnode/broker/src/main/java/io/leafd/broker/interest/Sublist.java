package io.leafd.broker.interest;

import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one account as an immutable trie of subject tokens. Any thread.
 *
 * <pre>
 *   root ─ "plant" ─ "press" ─ [subs of plant.press]
 *              │         └ &gt; ─ [subs of plant.press.&gt;]
 *              └ * ─ "temp" ─ [subs of plant.*.temp]
 * </pre>
 *
 * A change makes a new trie that shares all but one path ({@link TokenMap} keeps wide nodes cheap) and is published by
 * compare-and-set on the account. So readers never lock, a snapshot is its own generation (a cached {@link Receivers} is
 * good for as long as the account still has the trie it was matched in), and a SUB is seen by the PUB behind it on the
 * same connection, because the event loop that reads the SUB publishes the trie itself.
 *
 * <p>Invariants: (1) a node without subscriptions and children does not exist; (2) a subscription is in exactly one node,
 * the one its filter's tokens lead to; (3) published subjects are matched literally: their wildcard characters are text.
 *
 * <p>Rejected: one mutable trie with a single writing thread (a SUB would have to wait for that thread before its
 * connection may read on) and a lock (readers would need it too).
 */
public final class Sublist {
    /** No subscriptions. */
    public static final Sublist EMPTY = new Sublist(Node.EMPTY, 0);

    private final Node root;
    private final int size;

    private Sublist(Node root, int size) {
        this.root = root;
        this.size = size;
    }

    /** One token's place in the trie. */
    private record Node(TokenMap<Node> children, @Nullable Node any, Subscription[] rest, Subscription[] here) {
        static final Node EMPTY =
                new Node(TokenMap.empty(), null, Receivers.NO_SUBSCRIPTIONS, Receivers.NO_SUBSCRIPTIONS);

        boolean isEmpty() {
            return children.isEmpty() && any == null && rest.length == 0 && here.length == 0;
        }
    }

    /** Number of subscriptions. */
    public int size() {
        return size;
    }

    /** The trie with one more subscription. */
    public Sublist with(Subscription subscription) {
        byte[][] tokens = tokens(subscription.filter());
        return new Sublist(change(root, tokens, 0, subscription, true), size + 1);
    }

    /** The trie without this subscription; the same trie if it is not in it. */
    public Sublist without(Subscription subscription) {
        Node changed = change(root, tokens(subscription.filter()), 0, subscription, false);
        return changed == root ? this : new Sublist(changed, size - 1);
    }

    /** Who receives a published subject; {@link Receivers#NONE} if it has an empty token. */
    public Receivers match(byte[] buf, int offset, int length) {
        if (size == 0 || Subjects.hasEmptyToken(buf, offset, length)) {
            return Receivers.NONE;
        }
        var found = new ArrayList<Subscription>();
        collect(root, buf, offset, offset + length, found);
        return found.isEmpty() ? Receivers.NONE : receivers(found);
    }

    /** {@link #match(byte[], int, int)} of a subject. */
    public Receivers match(Subject subject) {
        return match(subject.bytes(), 0, subject.length());
    }

    /** Visits every subscription, in no order. */
    public void forEach(Consumer<Subscription> visitor) {
        visit(root, visitor);
    }

    private static void visit(Node node, Consumer<Subscription> visitor) {
        for (Subscription subscription : node.here) {
            visitor.accept(subscription);
        }
        for (Subscription subscription : node.rest) {
            visitor.accept(subscription);
        }
        if (node.any != null) {
            visit(node.any, visitor);
        }
        node.children.forEach(child -> visit(child, visitor));
    }

    private static void collect(Node node, byte[] buf, int from, int end, List<Subscription> found) {
        found.addAll(Arrays.asList(node.rest));
        int tokenEnd = from;
        while (tokenEnd < end && buf[tokenEnd] != '.') {
            tokenEnd++;
        }
        Node child = node.children.get(buf, from, tokenEnd);
        for (Node next : new Node[] {child, node.any}) {
            if (next == null) {
                continue;
            }
            if (tokenEnd == end) {
                found.addAll(Arrays.asList(next.here));
            } else {
                collect(next, buf, tokenEnd + 1, end, found);
            }
        }
    }

    private static Node change(Node node, byte[][] tokens, int depth, Subscription subscription, boolean add) {
        if (depth == tokens.length) {
            Subscription[] here = changed(node.here, subscription, add);
            return here == node.here ? node : new Node(node.children, node.any, node.rest, here);
        }
        byte[] token = tokens[depth];
        if (isOnly(token, '>') && depth == tokens.length - 1) {
            Subscription[] rest = changed(node.rest, subscription, add);
            return rest == node.rest ? node : new Node(node.children, node.any, rest, node.here);
        }
        boolean any = isOnly(token, '*');
        Node old = any ? node.any : node.children.get(token, 0, token.length);
        Node child = change(old == null ? Node.EMPTY : old, tokens, depth + 1, subscription, add);
        if (child == old || (old == null && !add)) {
            return node;
        }
        Node kept = child.isEmpty() ? null : child;
        return any
                ? new Node(node.children, kept, node.rest, node.here)
                : new Node(node.children.with(token, kept), node.any, node.rest, node.here);
    }

    private static Subscription[] changed(Subscription[] subscriptions, Subscription subscription, boolean add) {
        if (add) {
            Subscription[] more = Arrays.copyOf(subscriptions, subscriptions.length + 1);
            more[subscriptions.length] = subscription;
            return more;
        }
        for (int i = 0; i < subscriptions.length; i++) {
            if (subscriptions[i] == subscription) {
                var fewer = new Subscription[subscriptions.length - 1];
                System.arraycopy(subscriptions, 0, fewer, 0, i);
                System.arraycopy(subscriptions, i + 1, fewer, i, fewer.length - i);
                return fewer;
            }
        }
        return subscriptions;
    }

    private static Receivers receivers(List<Subscription> found) {
        var plain = new ArrayList<Subscription>();
        var leafs = new LinkedHashMap<Receiver, Subscription>();
        Map<Subject, List<Subscription>> groups = new LinkedHashMap<>();
        for (Subscription subscription : found) {
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
                plain.toArray(Receivers.NO_SUBSCRIPTIONS),
                leafs.values().toArray(Receivers.NO_SUBSCRIPTIONS),
                groups.entrySet().stream()
                        .map(e -> group(e.getKey(), e.getValue()))
                        .toArray(Receivers.Group[]::new));
    }

    private static Receivers.Group group(Subject name, List<Subscription> members) {
        return new Receivers.Group(
                name,
                members.stream()
                        .filter(m -> m.receiver().kind() != Receiver.Kind.LEAF)
                        .toArray(Subscription[]::new),
                members.stream()
                        .filter(m -> m.receiver().kind() == Receiver.Kind.LEAF)
                        .toArray(Subscription[]::new));
    }

    private static boolean isOnly(byte[] token, char c) {
        return token.length == 1 && token[0] == c;
    }

    private static byte[][] tokens(Subject filter) {
        byte[] bytes = filter.bytes();
        var tokens = new byte[Subjects.tokenCount(bytes, 0, bytes.length)][];
        int from = 0;
        for (int i = 0; i < tokens.length; i++) {
            int to = from;
            while (to < bytes.length && bytes[to] != '.') {
                to++;
            }
            tokens[i] = Arrays.copyOfRange(bytes, from, to);
            from = to + 1;
        }
        return tokens;
    }
}
