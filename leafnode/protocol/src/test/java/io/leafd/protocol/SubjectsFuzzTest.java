package io.leafd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The grammar of subjects, held against a naive reading of it. The input is two filters and a subject, one a line. */
class SubjectsFuzzTest {
    private static final String FRESH = "\u0001never";

    @FuzzTest(maxDuration = "6m")
    void agreesWithTheNaiveModel(byte[] data) {
        String[] lines = new String(data, StandardCharsets.UTF_8).split("\n", 3);
        for (String line : lines) {
            assertThat(Subjects.isValidFilter(line)).isEqualTo(valid(line));
        }
        boolean usable = lines.length == 3 && Stream.of(lines).allMatch(line -> valid(line) && !line.contains(FRESH));
        if (!usable) {
            return;
        }
        String one = lines[0];
        String other = lines[1];
        String subject = lines[2];
        boolean first = Subjects.matches(one, subject);
        boolean second = Subjects.matches(other, subject);
        assertThat(first).isEqualTo(matches(tokens(one), tokens(subject)));
        assertThat(SubjectFilter.of(one).matches(Subject.of(subject))).isEqualTo(first);
        assertThat(Subject.of(subject).startsWith("x") || !first || fitsPrefix(one, subject))
                .isTrue();
        assertThat(Subjects.overlaps(one, other))
                .isEqualTo(Subjects.overlaps(other, one))
                .isEqualTo(overlapShown(one, other));
        assertThat(Subjects.overlaps(one, other) || !(first && second)).isTrue();
        assertThat(Subjects.isSubset(one, other))
                .isEqualTo(examples(one).allMatch(example -> Subjects.matches(other, example)));
    }

    /** Every subject that a filter matches begins with its literal prefix. */
    private static boolean fitsPrefix(String filter, String subject) {
        return subject.startsWith(SubjectFilter.of(filter).literalPrefix().toString());
    }

    private static List<String> tokens(String subject) {
        return List.of(subject.split("\\.", -1));
    }

    private static boolean valid(String filter) {
        List<String> tokens = tokens(filter);
        return tokens.stream().noneMatch(String::isEmpty)
                && filter.chars().noneMatch(c -> " \t\r\n\f".indexOf(c) >= 0)
                && !tokens.subList(0, tokens.size() - 1).contains(">");
    }

    private static boolean matches(List<String> filter, List<String> subject) {
        if (filter.isEmpty() || subject.isEmpty()) {
            return filter.isEmpty() && subject.isEmpty();
        }
        if (filter.equals(List.of(">"))) {
            return true;
        }
        String token = filter.getFirst();
        return (token.equals("*") || token.equals(subject.getFirst()))
                && matches(filter.subList(1, filter.size()), subject.subList(1, subject.size()));
    }

    /** Builds a subject that both match, token by token, and looks whether it does the job. */
    private static boolean overlapShown(String one, String other) {
        List<String> a = tokens(one);
        List<String> b = tokens(other);
        List<String> both = new ArrayList<>();
        for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
            String fromA = token(a, i);
            both.add(fromA.equals(FRESH) ? token(b, i) : fromA);
        }
        return matches(a, both) && matches(b, both);
    }

    /** The literal token at a place, or one that nobody else has. */
    private static String token(List<String> tokens, int i) {
        String token = i < tokens.size() ? tokens.get(i) : ">";
        return token.equals("*") || token.equals(">") ? FRESH : token;
    }

    /** Subjects of a filter that any filter which is not wider misses: wildcards become tokens that nobody else has. */
    private static Stream<String> examples(String filter) {
        String literal = String.join(
                ".",
                tokens(filter).stream()
                        .map(token -> token.equals("*") || token.equals(">") ? FRESH : token)
                        .toList());
        return filter.equals(">") || filter.endsWith(".>")
                ? Stream.of(literal, literal + "." + FRESH)
                : Stream.of(literal);
    }
}
