package io.leafd.security.permission;

import io.leafd.security.SecurityConfigException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One allow or deny list, compiled: entries about everybody, and entries about members of named queue groups. Immutable.
 *
 * <p>Asked one entry after the other: lists are written by hand and short, and a mismatch shows in the first bytes.
 */
final class RuleList {
    private static final SubjectPattern[] NO_PATTERNS = {};

    private final SubjectPattern[] plain;
    private final QueueRule[] queued;

    /** An entry {@code "subject queue"}. The group's name is text, so a wildcard character in it means nothing. */
    private record QueueRule(SubjectPattern subject, SubjectPattern queue) {
        boolean names(byte[] group) {
            return SubjectPattern.wellFormed(group, 0, group.length) && queue.matches(group, 0, group.length);
        }
    }

    private RuleList(List<SubjectPattern> plain, List<QueueRule> queued) {
        this.plain = plain.toArray(NO_PATTERNS);
        this.queued = queued.toArray(new QueueRule[0]);
    }

    static RuleList ofSubjects(List<String> entries) {
        return new RuleList(entries.stream().map(entry -> pattern(entry, entry)).toList(), List.of());
    }

    static RuleList ofSubjectsAndQueues(List<String> entries) {
        List<SubjectPattern> plain = new ArrayList<>();
        List<QueueRule> queued = new ArrayList<>();
        for (String entry : entries) {
            String[] words = entry.strip().split("\\s+");
            switch (words.length) {
                case 1 -> plain.add(pattern(words[0], entry));
                case 2 -> queued.add(new QueueRule(pattern(words[0], entry), pattern(words[1], entry)));
                default ->
                    throw new SecurityConfigException(
                            "permission \"" + entry + "\"",
                            "has " + words.length + " words",
                            "write \"subject\" or \"subject queue\"");
            }
        }
        return new RuleList(plain, queued);
    }

    private static SubjectPattern pattern(String text, String entry) {
        if (!SubjectPattern.valid(text.getBytes(StandardCharsets.UTF_8))) {
            throw new SecurityConfigException(
                    "permission \"" + entry + "\"",
                    "\"" + text + "\" is no valid subject",
                    "separate non-empty tokens by dots, and use > only as the last one");
        }
        return SubjectPattern.of(text);
    }

    boolean isEmpty() {
        return plain.length == 0 && queued.length == 0;
    }

    boolean hasQueueRules() {
        return queued.length > 0;
    }

    /** Whether an entry about everybody matches the published subject. */
    boolean matches(byte[] subject, int from, int to) {
        for (SubjectPattern pattern : plain) {
            if (pattern.matches(subject, from, to)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an entry about everybody, or about that group, matches the published subject. */
    boolean matches(byte[] subject, int from, int to, byte @Nullable [] group) {
        if (matches(subject, from, to)) {
            return true;
        }
        if (group != null) {
            for (QueueRule rule : queued) {
                if (rule.subject.matches(subject, from, to) && rule.names(group)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether an entry about everybody contains the subscription. */
    boolean contains(SubjectPattern subscription) {
        for (SubjectPattern pattern : plain) {
            if (pattern.contains(subscription)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an entry about some group contains the subscription. */
    boolean limitsGroups(SubjectPattern subscription) {
        for (QueueRule rule : queued) {
            if (rule.subject.contains(subscription)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an entry about that group contains the subscription. */
    boolean namesGroup(SubjectPattern subscription, byte[] group) {
        for (QueueRule rule : queued) {
            if (rule.subject.contains(subscription) && rule.names(group)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an entry about everybody lies within the subscription. */
    boolean liesWithin(SubjectPattern subscription) {
        for (SubjectPattern pattern : plain) {
            if (subscription.contains(pattern)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an entry about everybody, or about that group, has a subject in common with the subscription. */
    boolean overlaps(SubjectPattern subscription, byte @Nullable [] group) {
        for (SubjectPattern pattern : plain) {
            if (pattern.overlaps(subscription)) {
                return true;
            }
        }
        if (group != null) {
            for (QueueRule rule : queued) {
                if (rule.subject.overlaps(subscription) && rule.names(group)) {
                    return true;
                }
            }
        }
        return false;
    }
}
