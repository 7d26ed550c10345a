package io.leafd.test.setup;

import java.util.List;

/**
 * Subjects that a user may publish or subscribe to.
 *
 * @param allow subjects, wildcards allowed, {@code "subject queue"} for queue subscriptions; empty for all
 * @param deny subjects taken away from those allowed
 */
public record Permission(List<String> allow, List<String> deny) {

    /** No restriction. */
    public static final Permission ALL = new Permission(List.of(), List.of());

    /** Only these subjects. */
    public static Permission allow(String... subjects) {
        return new Permission(List.of(subjects), List.of());
    }

    /** All but these subjects. */
    public static Permission deny(String... subjects) {
        return new Permission(List.of(), List.of(subjects));
    }

    /** The same, without these subjects. */
    public Permission except(String... subjects) {
        return new Permission(allow, List.of(subjects));
    }

    boolean isAll() {
        return allow.isEmpty() && deny.isEmpty();
    }
}
