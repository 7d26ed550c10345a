package io.leafd.link;

import io.leafd.protocol.SubjectFilter;
import io.leafd.protocol.Subjects;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules about messages that cross a link in one direction. Immutable, any thread.
 *
 * <p>Questions are asked in this order, and the first no is the answer: is it JetStream's own, has the peer refused it, does
 * a forward take it, does the configured list name it, does the peer permit it.
 */
final class Crossing {
    /** Subjects that cross whatever a list says, because the flow that they serve was let cross. */
    private static final String[] EXEMPT = {"_R_.", "$JS.ACK.", "$JS.FC.", "$LDS."};

    private static final LinkRule NOT_LISTED = new LinkRule(LinkRule.Origin.LIST, "", false);
    private static final LinkRule NOT_PERMITTED = new LinkRule(LinkRule.Origin.PEER, "", false);
    private static final LinkRule PERMITTED = new LinkRule(LinkRule.Origin.PEER, "", true);

    private final Entry[] refusals;
    private final Entry @Nullable [] list;
    private final @Nullable PeerRules peer;

    private record Entry(SubjectFilter filter, LinkRule rule) {
        static Entry of(LinkRule.Origin origin, String filter, boolean allows) {
            return new Entry(SubjectFilter.of(filter), new LinkRule(origin, filter, allows));
        }
    }

    /** What the peer permits in this direction. */
    interface PeerRules {
        boolean permits(byte[] buf, int offset, int length);
    }

    /**
     * The rules of one direction.
     *
     * @param kept filters that JetStream keeps on its side
     * @param refused filters that the peer closed a connection for
     * @param forwarded filters that forwards take
     * @param listed the configured list; null for everything
     * @param peer what the peer permits; null for everything
     */
    Crossing(
            List<String> kept,
            List<String> refused,
            List<String> forwarded,
            @Nullable List<String> listed,
            @Nullable PeerRules peer) {
        var noes = new ArrayList<Entry>();
        kept.forEach(f -> noes.add(Entry.of(LinkRule.Origin.JETSTREAM, f, false)));
        refused.forEach(f -> noes.add(Entry.of(LinkRule.Origin.REFUSED, f, false)));
        forwarded.forEach(f -> noes.add(Entry.of(LinkRule.Origin.FORWARD, f, false)));
        this.refusals = noes.toArray(Entry[]::new);
        this.list = listed == null
                ? null
                : listed.stream()
                        .map(f -> Entry.of(LinkRule.Origin.LIST, f, true))
                        .toArray(Entry[]::new);
        this.peer = peer;
    }

    /** The rule that decides about a message. Does not keep the buffer. */
    LinkRule judge(byte[] buf, int offset, int length) {
        for (Entry entry : refusals) {
            if (entry.filter.matches(buf, offset, length)) {
                return entry.rule;
            }
        }
        LinkRule listed = list == null ? LinkRule.OPEN : listed(list, buf, offset, length);
        return listed.allows() ? permitted(buf, offset, length, listed) : listed;
    }

    /** The rule that decides about a message of a forward: as {@link #judge}, without the forwards. */
    LinkRule judgeForwarded(byte[] buf, int offset, int length) {
        LinkRule listed = list == null ? LinkRule.OPEN : listed(list, buf, offset, length);
        LinkRule permitted = judgeAnswer(buf, offset, length);
        return listed.allows() ? permitted : listed;
    }

    /** The rule that decides about an answer: as {@link #judge}, without the list and the forwards. */
    LinkRule judgeAnswer(byte[] buf, int offset, int length) {
        for (Entry entry : refusals) {
            boolean applies = entry.rule.origin() != LinkRule.Origin.FORWARD;
            if (applies && entry.filter.matches(buf, offset, length)) {
                return entry.rule;
            }
        }
        return permitted(buf, offset, length, LinkRule.ANSWERED);
    }

    private static LinkRule listed(Entry[] list, byte[] buf, int offset, int length) {
        for (String prefix : EXEMPT) {
            if (Subjects.startsWith(buf, offset, length, prefix)) {
                return LinkRule.OPEN;
            }
        }
        for (Entry entry : list) {
            if (entry.filter.matches(buf, offset, length)) {
                return entry.rule;
            }
        }
        return NOT_LISTED;
    }

    private LinkRule permitted(byte[] buf, int offset, int length, LinkRule otherwise) {
        if (peer == null) {
            return otherwise;
        }
        if (!peer.permits(buf, offset, length)) {
            return NOT_PERMITTED;
        }
        return otherwise == LinkRule.OPEN ? PERMITTED : otherwise;
    }

    /** Whether a filter lies wholly within what is refused. */
    boolean refuses(String filter) {
        for (Entry entry : refusals) {
            if (Subjects.isSubset(filter, entry.filter.toString())) {
                return true;
            }
        }
        return false;
    }

    /** Whether the list leaves open what crosses. */
    boolean listsAll() {
        return list == null;
    }

    /** The parts of a filter that the list names; the filter itself if there is no list or the filter is exempt. */
    List<String> listedParts(String filter) {
        if (list == null) {
            return List.of(filter);
        }
        for (String prefix : EXEMPT) {
            if (filter.startsWith(prefix)) {
                return List.of(filter);
            }
        }
        var parts = new ArrayList<String>();
        for (Entry entry : list) {
            String part = Filters.intersection(filter, entry.filter.toString());
            if (part != null) {
                parts.add(part);
            }
        }
        return parts;
    }
}
