package io.leafd.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectsTest {
    @ParameterizedTest
    @CsvSource({
        "a, true",
        "a.b, true",
        "a.*, true",
        "a.>, true",
        "*.>, true",
        "a*b.c, true",
        "a.>.b, false",
        ">.a, false",
        "a..b, false",
        ".a, false",
        "a., false",
        "'', false",
        "'a b', false",
        "a>, true"
    })
    void filtersAreValidated(String filter, boolean valid) {
        assertThat(Subjects.isValidFilter(filter)).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({
        "a, a, true", "a, b, false", "a.*, a.b, true", "a.*, a, false", "a.*, a.b.c, false", "a.>, a.b.c, true",
        "a.>, a, false", ">, a, true", "*, a, true", "*, a.b, false", "a.*.c, a.b.c, true", "w.*, w.*, true",
        "w.*, w.>, true", "a*, ab, false", "a.b.c, a.b, false"
    })
    void wildcardsMatchWholeTokens(String filter, String subject, boolean matches) {
        assertThat(Subjects.matches(filter, subject)).isEqualTo(matches);
        assertThat(SubjectFilter.of(filter).matches(Subject.of(subject))).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "a.b, a.*, true",
        "a.*, a.>, true",
        "a.>, a.>, true",
        "a.>, a.*, false",
        "*.b, a.b, false",
        "a, a.>, false",
        "a.b.c, a.>, true",
        "*, >, true",
        ">, *, false"
    })
    void subsets(String filter, String of, boolean subset) {
        assertThat(Subjects.isSubset(filter, of)).isEqualTo(subset);
    }

    @ParameterizedTest
    @CsvSource({
        "a.*, *.b, true",
        "a.b, a.c, false",
        "a.>, a.b.c, true",
        "a, a.>, false",
        "a.*, a.b.c, false",
        ">, a, true",
        "*.x, y.*, true"
    })
    void overlaps(String one, String other, boolean overlap) {
        assertThat(Subjects.overlaps(one, other)).isEqualTo(overlap);
        assertThat(Subjects.overlaps(other, one)).isEqualTo(overlap);
    }

    @Test
    void aSubsetMatchesNothingThatItsSupersetDoesNot() {
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            String a = filter(random);
            String b = filter(random);
            String subject = literal(random);
            boolean inA = Subjects.matches(a, subject);
            boolean inB = Subjects.matches(b, subject);
            if (Subjects.isSubset(a, b) && inA) {
                assertThat(inB).as("%s of %s for %s", a, b, subject).isTrue();
            }
            if (inA && inB) {
                assertThat(Subjects.overlaps(a, b))
                        .as("%s and %s share %s", a, b, subject)
                        .isTrue();
            }
        }
    }

    @Test
    void prefixesEndBeforeTheFirstWildcard() {
        assertThat(SubjectFilter.of("a.b.*.c").literalPrefix()).hasToString("a.b.");
        assertThat(SubjectFilter.of(">").literalPrefix()).hasToString("");
        assertThat(SubjectFilter.of("a.b").literalPrefix()).hasToString("a.b");
    }

    private static String literal(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            text.append((char) ('a' + random.nextInt(2))).append(i == 0 ? "" : ".");
        }
        return text.toString();
    }

    private static String filter(Random random) {
        String[] tokens = literal(random).split("\\.");
        for (int i = 0; i < tokens.length; i++) {
            if (random.nextInt(3) == 0) {
                tokens[i] = "*";
            }
        }
        return String.join(".", tokens) + (random.nextInt(4) == 0 ? ".>" : "");
    }
}
