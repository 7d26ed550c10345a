package io.leafd.security.permission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The byte walks against the definition: all patterns of up to three tokens are compared through the set of subjects that a
 * naive matcher, which splits into tokens, finds for them.
 */
class SubjectPatternTest {
    /** Tokens {@code a} and {@code b} occur in patterns, {@code c} stands for all others. */
    private static final List<String> SUBJECTS = sequences(List.of("a", "b", "c"), 4);

    private static final List<String> PATTERNS = patterns();

    private static List<String> sequences(List<String> tokens, int depthMax) {
        List<String> all = new ArrayList<>(tokens);
        List<String> last = tokens;
        for (int depth = 2; depth <= depthMax; depth++) {
            List<String> next = new ArrayList<>();
            for (String head : last) {
                tokens.forEach(token -> next.add(head + "." + token));
            }
            all.addAll(next);
            last = next;
        }
        return all;
    }

    private static List<String> patterns() {
        List<String> all = new ArrayList<>(List.of(">"));
        for (String pattern : sequences(List.of("a", "b", "*"), 3)) {
            all.add(pattern);
            if (pattern.length() < 5) {
                all.add(pattern + ".>");
            }
        }
        return all;
    }

    private static boolean matches(String pattern, String subject) {
        byte[] padded = ("x" + subject + "y").getBytes(UTF_8);
        return SubjectPattern.of(pattern).matches(padded, 1, padded.length - 1);
    }

    @Test
    void matchesAsTheNaiveMatcherDoes() {
        for (String pattern : PATTERNS) {
            for (String subject : SUBJECTS) {
                assertThat(matches(pattern, subject))
                        .as("%s matches %s", pattern, subject)
                        .isEqualTo(Naive.matches(pattern, subject));
            }
        }
    }

    @Test
    void containsExactlyIfEverySubjectOfTheOtherIsItsOwn() {
        for (String one : PATTERNS) {
            for (String other : PATTERNS) {
                boolean expected = SUBJECTS.stream()
                        .filter(subject -> Naive.matches(other, subject))
                        .allMatch(subject -> Naive.matches(one, subject));
                assertThat(SubjectPattern.of(one).contains(SubjectPattern.of(other)))
                        .as("%s contains %s", one, other)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void overlapsExactlyIfSomeSubjectIsOfBoth() {
        for (String one : PATTERNS) {
            for (String other : PATTERNS) {
                boolean expected = SUBJECTS.stream()
                        .anyMatch(subject -> Naive.matches(one, subject) && Naive.matches(other, subject));
                assertThat(SubjectPattern.of(one).overlaps(SubjectPattern.of(other)))
                        .as("%s overlaps %s", one, other)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void matchesAsTheNaiveMatcherDoesForTokensThatResembleWildcardsAndEachOther() {
        Random random = new Random(7);
        List<String> tokens = List.of("a", "aa", "ab", "*a", "a*", "**", ">a", ">>", "\u00e9", "*", ">");
        for (int i = 0; i < 20_000; i++) {
            String subject = randomSubject(random, tokens, 5);
            String pattern = randomSubject(random, tokens, 5);
            if (SubjectPattern.valid(pattern.getBytes(UTF_8))) {
                assertThat(matches(pattern, subject))
                        .as("%s matches %s", pattern, subject)
                        .isEqualTo(Naive.matches(pattern, subject));
            }
        }
    }

    private static String randomSubject(Random random, List<String> tokens, int depthMax) {
        StringBuilder subject = new StringBuilder(tokens.get(random.nextInt(tokens.size())));
        for (int depth = random.nextInt(depthMax); depth > 0; depth--) {
            subject.append('.').append(tokens.get(random.nextInt(tokens.size())));
        }
        return subject.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "w.*, w.*, true",
        "w.*, w.>, true",
        "w.>, w.>, true",
        "w.a, w.*, false",
        "w.*, w, false",
        "w.>, w, false",
        "a*b, a*b, true",
        "a*b, axb, false",
        "*, >, true"
    })
    void wildcardCharactersOfAPublishedSubjectAreText(String pattern, String subject, boolean expected) {
        assertThat(matches(pattern, subject)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a.b",
                "*",
                ">",
                "a.*",
                "a.>",
                "*.b.>",
                "a*b.>x",
                "a.**",
                "\u00fc.x",
                "$JS.API.>",
                "_INBOX.>"
            })
    void validPatterns(String pattern) {
        assertThat(SubjectPattern.valid(pattern.getBytes(UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", ">.a", "a.>.b", "a b", "a\tb", "a.\n", "a.\u0000"})
    void invalidPatterns(String pattern) {
        assertThat(SubjectPattern.valid(pattern.getBytes(UTF_8))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"a,true", "a.b,true", "'',false", ".,false", "a.,false", ".a,false", "a..b,false", "*.>,true"})
    void subjectWithAnEmptyTokenIsNotWellFormed(String subject, boolean expected) {
        byte[] bytes = subject.getBytes(UTF_8);

        assertThat(SubjectPattern.wellFormed(bytes, 0, bytes.length)).isEqualTo(expected);
    }

    @Test
    void wildcardIsSeenOnlyAloneInItsToken() {
        assertThat(SubjectPattern.of("a.*.b").wildcard()).isTrue();
        assertThat(SubjectPattern.of("a.>").wildcard()).isTrue();
        assertThat(SubjectPattern.of("a*.>b").wildcard()).isFalse();
    }
}
