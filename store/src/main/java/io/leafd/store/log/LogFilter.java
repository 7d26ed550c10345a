package io.leafd.store.log;

import io.leafd.protocol.Subject;
import io.leafd.protocol.SubjectFilter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a log somebody wants: all, or those whose subject is matched by at least one of several filters.
 * Immutable, any thread.
 */
public final class LogFilter {
    /** Every message. */
    public static final LogFilter ALL = new LogFilter(List.of());

    private final List<SubjectFilter> filters;

    private LogFilter(List<SubjectFilter> filters) {
        this.filters = filters;
    }

    /** Messages on subjects that this filter matches. */
    public static LogFilter of(SubjectFilter filter) {
        return of(List.of(filter));
    }

    /** Messages of one subject. */
    public static LogFilter of(Subject literal) {
        return new LogFilter(List.of(new SubjectFilter(literal, true)));
    }

    /** Messages on subjects that at least one of these matches; without any filter, every message. */
    public static LogFilter of(List<SubjectFilter> filters) {
        var distinct = new ArrayList<SubjectFilter>();
        for (SubjectFilter filter : filters) {
            if (filter.all()) {
                return ALL;
            }
            if (!distinct.contains(filter)) {
                distinct.add(filter);
            }
        }
        return distinct.isEmpty() ? ALL : new LogFilter(List.copyOf(distinct));
    }

    /** Whether it takes every message. */
    public boolean all() {
        return filters.isEmpty();
    }

    /** The one subject it names, or null if it may match several. */
    public @Nullable Subject literal() {
        return filters.size() == 1 && filters.getFirst().literal()
                ? filters.getFirst().subject()
                : null;
    }

    /** Its parts; empty means every message. */
    public List<SubjectFilter> parts() {
        return filters;
    }

    /** Whether messages on this subject are wanted. */
    public boolean matches(Subject subject) {
        byte[] bytes = subject.bytes();
        return matches(bytes, 0, bytes.length);
    }

    /** {@link #matches(Subject)} of a slice. */
    boolean matches(byte[] buf, int offset, int length) {
        if (filters.isEmpty()) {
            return true;
        }
        for (int i = 0; i < filters.size(); i++) {
            if (filters.get(i).matches(buf, offset, length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return all() ? ">" : filters.toString();
    }
}
