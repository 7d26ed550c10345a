package io.leafd.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subjects;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiltersTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "a.b, a.b, a.b",
                "a.b, a.c, -",
                "a.b, a, -",
                "a.*, a.b, a.b",
                "a.*, *.b, a.b",
                "*.*, *.*, *.*",
                ">, a.b, a.b",
                ">, >, >",
                "a.>, a, -",
                "a.>, a.b.*, a.b.*",
                "a.>, *.b.>, a.b.>",
                "a.*.c, a.b.>, a.b.c",
                "a.*, a.b.>, -",
                "a.>, b.>, -",
                "plant.*.temp, plant.press.>, plant.press.temp",
            })
    void intersects(String one, String other, String both) {
        assertThat(Filters.intersection(one, other)).isEqualTo(both);
        assertThat(Filters.intersection(other, one)).isEqualTo(both);
    }

    @Test
    void intersectionMatchesExactlyWhatBothMatch() {
        var random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            String one = random(random, true);
            String other = random(random, true);
            String subject = random(random, false);
            String both = Filters.intersection(one, other);
            boolean expected = Subjects.matches(one, subject) && Subjects.matches(other, subject);
            assertThat(both != null && Subjects.matches(both, subject))
                    .as("%s and %s on %s give %s", one, other, subject, both)
                    .isEqualTo(expected);
        }
    }

    @Test
    void keepsTheWidest() {
        assertThat(Filters.widest(List.of("a.b", "a.*", "a.c", "b", "a.*"))).containsExactly("a.*", "b");
    }

    private static String random(Random random, boolean wild) {
        int count = 1 + random.nextInt(3);
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            boolean last = i == count - 1;
            int pick = random.nextInt(wild ? (last ? 5 : 4) : 2);
            text.append(i == 0 ? "" : ".")
                    .append(List.of("a", "b", "*", "a", ">").get(pick));
        }
        return text.toString();
    }
}
