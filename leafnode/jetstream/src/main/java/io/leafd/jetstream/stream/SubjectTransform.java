package io.leafd.jetstream.stream;

import io.leafd.protocol.Subjects;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Turns subjects that match a source filter into other subjects. Immutable, any thread.
 *
 * <p>{@code orders.*.*} to {@code region.$2.{{partition(4,1)}}} makes {@code region.eu.3} of {@code orders.17.eu}. Each token of
 * the destination is a text, the rest behind a {@code >}, or a {@link TransformToken} over the wildcards of the source,
 * counted from 1. Source: ADR-30 and the behaviour of nats-server 2.15.
 */
public final class SubjectTransform {
    private final String source;
    private final List<TransformToken> destination;
    private final List<Integer> wildcards;
    private final boolean tail;
    private final RandomGenerator random;

    private SubjectTransform(
            String source,
            List<TransformToken> destination,
            List<Integer> wildcards,
            boolean tail,
            RandomGenerator random) {
        this.source = source;
        this.destination = destination;
        this.wildcards = wildcards;
        this.tail = tail;
        this.random = random;
    }

    /**
     * The transform from one subject space into another.
     *
     * @param source filter of the subjects it applies to; empty for all
     * @param destination must not be empty
     * @throws IllegalArgumentException with the text that nats-server answers
     */
    public static SubjectTransform of(String source, String destination, RandomGenerator random) {
        checkDestination(destination);
        String from = source.isEmpty() ? ">" : source;
        String[] sourceTokens = from.split("\\.", -1);
        String[] tokens = destination.split("\\.", -1);
        boolean tail = sourceTokens[sourceTokens.length - 1].equals(">");
        boolean destinationTail = tokens[tokens.length - 1].equals(">");
        if (!Subjects.isValidFilter(from)
                || tail != destinationTail
                || List.of(tokens).contains("*")) {
            throw new IllegalArgumentException("invalid subject");
        }
        List<Integer> wildcards = wildcardsOf(sourceTokens);
        var parsed = new ArrayList<TransformToken>();
        for (int i = 0; i < tokens.length - (tail ? 1 : 0); i++) {
            parsed.add(token(tokens[i], wildcards.size()));
        }
        return new SubjectTransform(from, List.copyOf(parsed), wildcards, tail, random);
    }

    /** Whether it applies to this literal subject. */
    public boolean matches(String subject) {
        return Subjects.matches(source, subject);
    }

    /** What a matching subject becomes; one that does not match stays as it is. */
    public String apply(String subject) {
        if (!matches(subject)) {
            return subject;
        }
        String[] tokens = subject.split("\\.", -1);
        var out = new StringBuilder(subject.length() + 16);
        for (TransformToken token : destination) {
            token.append(out.isEmpty() ? out : out.append('.'), tokens, wildcards, random);
        }
        if (tail) {
            for (int i = tailStart(); i < tokens.length; i++) {
                (out.isEmpty() ? out : out.append('.')).append(tokens[i]);
            }
        }
        return out.toString();
    }

    private int tailStart() {
        return source.split("\\.", -1).length - 1;
    }

    private static List<Integer> wildcardsOf(String[] tokens) {
        var wildcards = new ArrayList<Integer>();
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i].equals("*")) {
                wildcards.add(i);
            }
        }
        return List.copyOf(wildcards);
    }

    private static TransformToken token(String text, int wildcards) {
        TransformToken token = TransformToken.parse(text);
        for (int index : token.wildcardsUsed()) {
            if (index < 1 || index > wildcards) {
                throw new IllegalArgumentException(
                        "invalid mapping destination: wildcard index out of range in " + text + ": [" + index + "]");
            }
        }
        return token;
    }

    private static void checkDestination(String destination) {
        String[] tokens = destination.split("\\.", -1);
        for (int i = 0; i < tokens.length; i++) {
            boolean beforeEnd = i < tokens.length - 1;
            if (tokens[i].isEmpty() || tokens[i].equals(">") && beforeEnd || hasBlank(tokens[i])) {
                throw new IllegalArgumentException("invalid mapping destination: invalid transform");
            }
        }
    }

    private static boolean hasBlank(String token) {
        return !TransformToken.isFunction(token) && token.chars().anyMatch(Character::isWhitespace);
    }
}
