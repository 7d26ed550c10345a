package io.leafd.security.permission;

import java.util.List;

/**
 * What a configuration, a JWT or an {@code INFO} says about subjects: lists as written there. Immutable.
 *
 * <p>Shape: each entry is a subject, wildcards allowed. In subscribe rules an entry may be {@code "subject queue"}: it is
 * then about members of the queue groups whose name matches the second word, which may contain wildcards
 * ({@code v1.*}, {@code >}).
 *
 * @param allow what is allowed; empty means everything
 * @param deny what is not, even if allowed
 */
public record SubjectRules(List<String> allow, List<String> deny) {
    /** No rule: everything is allowed. */
    public static final SubjectRules NONE = new SubjectRules(List.of(), List.of());

    /** Copies both lists. */
    public SubjectRules {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
    }
}
