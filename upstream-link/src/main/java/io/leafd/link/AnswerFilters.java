package io.leafd.link;

import io.leafd.protocol.Subject;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Filters of reply subjects that the peer was told because a request crossed, or because a part of this server asks. Any
 * thread.
 *
 * <p>Shape: only {@code a.b.c}, {@code a.b.*} and {@code a.b.>}, with at least two tokens in front: what client libraries
 * subscribe to for answers. So a reply subject is looked up three times and never searched for, and nobody's {@code >}
 * becomes interest in everything.
 *
 * <p>Bound: {@value #FILTERS_MAX} filters; more are not let in, and those answers do not cross.
 */
final class AnswerFilters {
    static final int FILTERS_MAX = 8192;

    private final ConcurrentHashMap<Subject, Boolean> filters = new ConcurrentHashMap<>();

    /** Adds a filter; false if it is there already, has another shape, or there are too many. */
    boolean add(Subject filter) {
        return fits(filter) && filters.size() < FILTERS_MAX && filters.putIfAbsent(filter, true) == null;
    }

    /** Removes a filter; false if it was not there. */
    boolean remove(Subject filter) {
        return filters.remove(filter) != null;
    }

    boolean contains(Subject filter) {
        return filters.containsKey(filter);
    }

    boolean isEmpty() {
        return filters.isEmpty();
    }

    /** Whether a reply subject is matched by one of the filters. */
    boolean matches(byte[] buf, int offset, int length) {
        if (filters.isEmpty()) {
            return false;
        }
        for (Subject filter : candidates(buf, offset, length)) {
            if (filter != null && filters.containsKey(filter)) {
                return true;
            }
        }
        return false;
    }

    /** The filters of our shape that match a reply subject; null in place of one that it has not tokens enough for. */
    static @Nullable Subject[] candidates(byte[] buf, int offset, int length) {
        Subject exact = Subject.copyOf(buf, offset, length);
        int dot = offset + length - 1;
        while (dot > offset && buf[dot] != '.') {
            dot--;
        }
        Subject any = dot == offset ? null : wild(buf, offset, dot, '*');
        Subject rest = dot == offset ? null : wild(buf, offset, dot, '>');
        return new @Nullable Subject[] {fits(exact) ? exact : null, fits(any) ? any : null, fits(rest) ? rest : null};
    }

    private static Subject wild(byte[] buf, int offset, int dot, char wildcard) {
        byte[] bytes = new byte[dot - offset + 2];
        System.arraycopy(buf, offset, bytes, 0, dot - offset + 1);
        bytes[bytes.length - 1] = (byte) wildcard;
        return Subject.copyOf(bytes, 0, bytes.length);
    }

    private static boolean fits(@Nullable Subject filter) {
        if (filter == null) {
            return false;
        }
        byte[] bytes = filter.bytes();
        int dots = 0;
        for (int i = 0; i < bytes.length; i++) {
            boolean wild = bytes[i] == '*' || bytes[i] == '>';
            if (wild && (i < bytes.length - 1 || dots < 2 || bytes[i - 1] != '.')) {
                return false;
            }
            dots += bytes[i] == '.' ? 1 : 0;
        }
        return dots > 0;
    }
}
