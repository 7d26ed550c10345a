package io.leafd.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchOptionsTest {
    private static final List<String> TREE = List.of("java", "leafd");

    @Test
    void withoutOptionsAllLinesRunOnTheTree() {
        BenchOptions options = BenchOptions.parse(List.of(), TREE);
        assertThat(options.lines().matcher("core-1-1-128").matches()).isTrue();
        assertThat(options.rounds()).isEqualTo(5);
        assertThat(options.warmUp()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.leafd()).isEqualTo(TREE);
        assertThat(options.json()).isNull();
    }

    @Test
    void optionsReplaceTheDefaults() {
        BenchOptions options = BenchOptions.parse(
                List.of(
                        "--lines",
                        "start",
                        "--seconds",
                        "0.5",
                        "--warm-up",
                        "1.5",
                        "--leafd",
                        "/usr/bin/leafd",
                        "--json",
                        "a.json"),
                TREE);
        assertThat(options.lines().matcher("restart").matches()).isFalse();
        assertThat(options.measured()).isEqualTo(Duration.ofMillis(500));
        assertThat(options.warmUp()).isEqualTo(Duration.ofMillis(1500));
        assertThat(options.leafd()).containsExactly("/usr/bin/leafd");
        assertThat(options.json()).isEqualTo(Path.of("a.json"));
    }

    @Test
    void unknownOptionIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BenchOptions.parse(List.of("--line", "x"), TREE))
                .withMessageContaining("--line");
    }

    @Test
    void optionWithoutValueIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BenchOptions.parse(List.of("--rounds"), TREE))
                .withMessageContaining("needs a value");
    }
}
