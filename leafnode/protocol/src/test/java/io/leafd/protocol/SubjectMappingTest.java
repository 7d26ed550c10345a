package io.leafd.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectMappingTest {
    @ParameterizedTest
    @CsvSource({
        "ev.>, plant.ev.>, ev.a, plant.ev.a",
        "ev.>, plant.ev.>, ev.a.b, plant.ev.a.b",
        "ev.>, plant.ev.>, ev, ",
        "ev.>, plant.ev.>, evx.a, ",
        ">, plant.>, a.b, plant.a.b",
        "plant.>, >, plant.a.b, a.b",
        "a.*.c.*, x.*.*, a.1.c.2, x.1.2",
        "a.*.c.*, x.*.*, a.1.d.2, ",
        "*.*, *.in.*.out, a.b, a.in.b.out",
        "*.x.>, y.*.>, a.x.>, y.a.>",
        "*, t.*, *, t.*",
        "one, other, one, other",
        "one, other, two, ",
        "ü.*, ö.ä.*, ü.ß, ö.ä.ß"
    })
    void givesTheOtherName(String from, String to, String subject, String expected) {
        byte[] bytes = Subject.of("--" + subject + "--").bytes();
        Subject mapped = SubjectMapping.of(from, to).map(bytes, 2, bytes.length - 4);
        assertThat(mapped == null ? null : mapped.toString()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "ev.>, plant.ev.>, >, plant.ev.>",
        "ev.>, plant.ev.>, ev.>, plant.ev.>",
        "ev.>, plant.ev.>, ev.*, plant.ev.*",
        "ev.>, plant.ev.>, *.a, plant.ev.a",
        "ev.>, plant.ev.>, ev.a.>, plant.ev.a.>",
        "ev.>, plant.ev.>, ev, ",
        "ev.>, plant.ev.>, *, ",
        "ev.>, plant.ev.>, other.>, ",
        "a.*.c.*, x.*.*, a.>, x.*.*",
        "a.*.c.*, x.*.*, *.1.>, x.1.*",
        "a.*.c.*, x.*.*, a.1.c.2, x.1.2",
        "a.*.c.*, x.*.*, a.1.c.2.3, ",
        "a.*.c.*, x.*.*, a.1.c, ",
        "a.*.c.*, x.*.*, a.1.c.2.>, ",
        "one, other, >, other",
        "one, other, one, other",
        "one, other, one.>, ",
        "one, other, two, "
    })
    void narrowsAFilter(String from, String to, String filter, String expected) {
        assertThat(SubjectMapping.of(from, to).narrow(filter)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"a.*, b.>", "a.*.>, b.>.*", "a.*, b", "a, b.*", "a.*, b.*.*", "a..b, c", "a, ''"})
    void filtersWithOtherWildcardsAreRefused(String from, String to) {
        assertThatThrownBy(() -> SubjectMapping.of(from, to))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the same wildcards, in the same order");
    }

    /** What is narrowed matches exactly the other names of those subjects that both filters match. */
    @Test
    void narrowedFiltersMatchWhatBothMatch() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int round = 0; round < 20_000; round++) {
            String from = filter(random);
            SubjectMapping mapping = SubjectMapping.of(from, "to." + from);
            String other = filter(random);
            String narrowed = mapping.narrow(other);
            String subject = tokens(random, List.of("a", "b"));
            boolean both = Subjects.matches(from, subject) && Subjects.matches(other, subject);
            assertThat(narrowed != null && Subjects.matches(narrowed, "to." + subject))
                    .as("%s, %s, %s: %s", from, other, subject, narrowed)
                    .isEqualTo(both);
            byte[] bytes = Subject.of(subject).bytes();
            Subject there = mapping.map(bytes, 0, bytes.length);
            if (there != null) {
                byte[] mapped = there.bytes();
                assertThat(mapping.reversed().map(mapped, 0, mapped.length)).isEqualTo(Subject.of(subject));
            }
        }
    }

    private static String filter(RandomGenerator random) {
        String tokens = tokens(random, List.of("a", "b", "*"));
        return random.nextInt(3) == 0 ? tokens + ".>" : tokens;
    }

    private static String tokens(RandomGenerator random, List<String> of) {
        var text = new StringBuilder(of.get(random.nextInt(of.size())));
        for (int more = random.nextInt(4); more > 0; more--) {
            text.append('.').append(of.get(random.nextInt(of.size())));
        }
        return text.toString();
    }
}
