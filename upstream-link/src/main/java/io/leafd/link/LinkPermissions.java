package io.leafd.link;

import io.leafd.protocol.Subject;
import io.leafd.protocol.Subjects;
import io.leafd.security.permission.LeafPermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may cross one leaf connection, out and in, and which interest the peer is told of. Immutable, any thread: a new INFO
 * or a changed configuration makes a new one.
 *
 * <p>Out and in are judged by the subject on the wire: for a consumer's delivery that is its deliver subject.
 *
 * <p>Interest is cut down to what may come in. A local {@code >} behind {@code import = ["cmd.>"]} is told to the upstream as
 * {@code LS+ cmd.>}, so that a wide local subscription does not draw the whole world over a thin link, and the upstream never
 * sees a literal filter that its user may not subscribe to, which it would close the connection for.
 */
public final class LinkPermissions {
    private static final int PARTS_MAX = 1024;

    private final Crossing out;
    private final Crossing in;
    private final @Nullable LeafPermissions peer;

    /** Both directions; {@code peer} is what the upstream permits us, null for everything or at the upstream's side. */
    LinkPermissions(Crossing out, Crossing in, @Nullable LeafPermissions peer) {
        this.out = out;
        this.in = in;
        this.peer = peer;
    }

    /** What the upstream has closed connections for: subjects to publish, filters to subscribe. */
    record Refused(List<String> publish, List<String> subscribe) {
        static final Refused NOTHING = new Refused(List.of(), List.of());
    }

    /**
     * The permissions of a connection that we dialled.
     *
     * @param upstream the {@code export} (as publish) and {@code import} (as subscribe) of the upstream's INFO
     * @param kept what JetStream keeps on its side, in both directions
     */
    static LinkPermissions ofUpstream(
            LinkRules rules, LeafPermissions upstream, JetStreamBorder kept, Refused refused) {
        boolean open = upstream.permissions().unrestricted();
        var out = new Crossing(
                kept.out(),
                refused.publish(),
                rules.forwarded(),
                rules.exports(),
                open ? null : (buf, offset, length) -> upstream.mayPublish(buf, offset, offset + length));
        var in = new Crossing(
                kept.in(),
                refused.subscribe(),
                List.of(),
                rules.imports(),
                open ? null : (buf, offset, length) -> upstream.mayDeliver(buf, offset, offset + length));
        return new LinkPermissions(out, in, open ? null : upstream);
    }

    /**
     * The permissions of a connection that a leaf dialled. What the leaf sends is judged apart from this, as a violation
     * closes its connection.
     *
     * @param user what the leaf's user may publish and subscribe
     * @param denied filters of what the leaf does not want to be sent
     */
    static LinkPermissions ofLeaf(LeafPermissions user, List<String> denied, JetStreamBorder kept) {
        boolean open = user.permissions().unrestricted();
        var out = new Crossing(
                kept.out(),
                denied,
                List.of(),
                null,
                open ? null : (buf, offset, length) -> user.mayDeliver(buf, offset, offset + length));
        return new LinkPermissions(out, new Crossing(kept.in(), List.of(), List.of(), null, null), null);
    }

    /** The rule about a message that would go out, by its subject on the wire. Does not keep the buffer. */
    LinkRule out(byte[] buf, int offset, int length) {
        return out.judge(buf, offset, length);
    }

    /** As {@link #out}, for an answer to a message that came in. */
    LinkRule answerOut(byte[] buf, int offset, int length) {
        return out.judgeAnswer(buf, offset, length);
    }

    /** As {@link #out}, for a message that a forward takes up. */
    LinkRule forwardedOut(byte[] buf, int offset, int length) {
        return out.judgeForwarded(buf, offset, length);
    }

    /** The rule about a message that has come in, by its subject on the wire. Does not keep the buffer. */
    LinkRule in(byte[] buf, int offset, int length) {
        return in.judge(buf, offset, length);
    }

    /** As {@link #in}, for an answer to a message that went out. */
    LinkRule answerIn(byte[] buf, int offset, int length) {
        return in.judgeAnswer(buf, offset, length);
    }

    /** As {@link #out(byte[], int, int)}. */
    public LinkRule out(String subject) {
        Subject bytes = Subject.of(subject);
        return out.judge(bytes.bytes(), 0, bytes.length());
    }

    /** As {@link #in(byte[], int, int)}. */
    public LinkRule in(String subject) {
        Subject bytes = Subject.of(subject);
        return in.judge(bytes.bytes(), 0, bytes.length());
    }

    /** Whether answers to what came in may go out only because they are answers. */
    boolean limitsAnswersOut() {
        return !out.listsAll();
    }

    /** Whether answers to what went out come in only because they are answers. */
    boolean limitsAnswersIn() {
        return !in.listsAll();
    }

    /**
     * The filters that the peer is told for a local subscription: the parts of it that may come in. Empty if nothing may.
     *
     * @param queue the subscription's queue group, or null
     */
    List<String> advertised(String filter, @Nullable String queue) {
        var told = new ArrayList<String>();
        for (String listed : in.listedParts(filter)) {
            for (String part : permittedParts(listed, queue)) {
                if (!in.refuses(part) && told.size() < PARTS_MAX) {
                    told.add(part);
                }
            }
        }
        return told.size() < 2 ? told : Filters.widest(told);
    }

    /** As {@link #advertised} for a reply subject: the list does not apply, and it is all or nothing. */
    boolean advertisesAnswer(String filter) {
        return !in.refuses(filter) && (peer == null || peer.maySubscribe(filter, null));
    }

    /** Whether the list names some part of a filter, so that it may ever be advertised. */
    boolean listsIn(String filter) {
        return !in.listedParts(filter).isEmpty();
    }

    private List<String> permittedParts(String filter, @Nullable String queue) {
        if (peer == null || peer.maySubscribe(filter, queue)) {
            return List.of(filter);
        }
        var parts = new ArrayList<String>();
        for (String entry : peer.permissions().subscribe().allow()) {
            String allowed = entry.strip().split("\\s+", 2)[0]; // "subject queue"
            String part = Subjects.isValidFilter(allowed) ? Filters.intersection(filter, allowed) : null;
            if (part != null && peer.maySubscribe(part, queue)) {
                parts.add(part);
            }
        }
        return parts;
    }
}
