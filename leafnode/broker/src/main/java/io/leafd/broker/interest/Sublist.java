package io.leafd.broker.interest;

import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    private record Node(TokenMap<Node> children, @Nullable Node any, Wishes rest, Wishes here) {
        static final Node EMPTY = new Node(TokenMap.empty(), null, Wishes.NONE, Wishes.NONE);

        boolean isEmpty() {
            return children.isEmpty() && any == null && rest.isEmpty() && here.isEmpty();
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
        var found = new Found();
        collect(root, buf, offset, offset + length, found);
        return found.receivers();
    }

    /** Whether anybody receives a published subject. */
    public boolean matches(Subject subject) {
        byte[] bytes = subject.bytes();
        return size > 0 && !Subjects.hasEmptyToken(bytes, 0, bytes.length) && matches(root, bytes, 0, bytes.length);
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
        for (Subscription subscription : node.here.all) {
            visitor.accept(subscription);
        }
        for (Subscription subscription : node.rest.all) {
            visitor.accept(subscription);
        }
        if (node.any != null) {
            visit(node.any, visitor);
        }
        node.children.forEach(child -> visit(child, visitor));
    }

    private static void collect(Node node, byte[] buf, int from, int end, Found found) {
        found.add(node.rest);
        int tokenEnd = tokenEnd(buf, from, end);
        Node child = node.children.get(buf, from, tokenEnd);
        if (tokenEnd == end) {
            found.add(child == null ? Wishes.NONE : child.here);
            found.add(node.any == null ? Wishes.NONE : node.any.here);
            return;
        }
        if (child != null) {
            collect(child, buf, tokenEnd + 1, end, found);
        }
        if (node.any != null) {
            collect(node.any, buf, tokenEnd + 1, end, found);
        }
    }

    private static boolean matches(Node node, byte[] buf, int from, int end) {
        if (!node.rest.isEmpty()) {
            return true;
        }
        int tokenEnd = tokenEnd(buf, from, end);
        Node child = node.children.get(buf, from, tokenEnd);
        if (tokenEnd == end) {
            return (child != null && !child.here.isEmpty()) || (node.any != null && !node.any.here.isEmpty());
        }
        return (child != null && matches(child, buf, tokenEnd + 1, end))
                || (node.any != null && matches(node.any, buf, tokenEnd + 1, end));
    }

    private static int tokenEnd(byte[] buf, int from, int end) {
        int at = from;
        while (at < end && buf[at] != '.') {
            at++;
        }
        return at;
    }

    private static Node change(Node node, byte[][] tokens, int depth, Subscription subscription, boolean add) {
        if (depth == tokens.length) {
            Wishes here = node.here.changed(subscription, add);
            return here == node.here ? node : new Node(node.children, node.any, node.rest, here);
        }
        byte[] token = tokens[depth];
        if (isOnly(token, '>') && depth == tokens.length - 1) {
            Wishes rest = node.rest.changed(subscription, add);
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

    /** What one match has found so far: nearly always the wishes of one place, whose receivers are known already. */
    private static final class Found {
        private Wishes first = Wishes.NONE;
        private @Nullable List<Subscription> all; // from the second place on

        void add(Wishes wishes) {
            if (wishes.isEmpty()) {
                return;
            }
            if (first.isEmpty()) {
                first = wishes;
                return;
            }
            List<Subscription> joined = all;
            if (joined == null) {
                joined = new ArrayList<>(Arrays.asList(first.all));
                all = joined;
            }
            joined.addAll(Arrays.asList(wishes.all));
        }

        Receivers receivers() {
            return all == null ? first.receivers() : Receivers.of(all);
        }
    }
}
