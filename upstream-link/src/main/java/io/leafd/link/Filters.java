package io.leafd.link;

import io.leafd.protocol.SubjectFilter;
import io.leafd.protocol.Subjects;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Set arithmetic on subject filters. Pure functions, any thread; for set-up code, not for each message. */
final class Filters {
    private Filters() {}

    /**
     * The filter that matches exactly what both match, or null if that is nothing.
     *
     * <p>{@code plant.*.temp} and {@code plant.press.>} give {@code plant.press.temp}: two filters have at most one such filter,
     * because each token is decided on its own.
     */
    static @Nullable String intersection(String one, String other) {
        String[] a = one.split("\\.", -1);
        String[] b = other.split("\\.", -1);
        var tokens = new ArrayList<String>();
        for (int i = 0; ; i++) {
            if (i == a.length || i == b.length) {
                return a.length == b.length ? String.join(".", tokens) : null;
            }
            boolean aRest = a[i].equals(">") && i == a.length - 1;
            boolean bRest = b[i].equals(">") && i == b.length - 1;
            if (aRest || bRest) {
                String[] longer = aRest ? b : a;
                tokens.addAll(List.of(longer).subList(i, longer.length));
                return String.join(".", tokens);
            }
            if (a[i].equals("*")) {
                tokens.add(b[i]);
            } else if (b[i].equals("*") || a[i].equals(b[i])) {
                tokens.add(a[i]);
            } else {
                return null;
            }
        }
    }

    /** {@code filters} without those that another one contains; of equal ones the first stays. */
    static List<String> widest(List<String> filters) {
        var kept = new ArrayList<String>();
        for (String filter : filters) {
            if (kept.stream().noneMatch(k -> Subjects.isSubset(filter, k))) {
                kept.removeIf(k -> Subjects.isSubset(k, filter));
                kept.add(filter);
            }
        }
        return kept;
    }

    /** The filters with these texts. */
    static SubjectFilter[] compiled(List<String> filters) {
        return filters.stream().map(SubjectFilter::of).toArray(SubjectFilter[]::new);
    }
}
