package io.leafd.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnCommandTest {
    private static final Path SCRATCH = Path.of("/scratch");

    @Test
    void keepsTheFlagsAndTheProgramAndLeavesTheArguments() {
        List<String> own =
                List.of("java", "@java.options", "-cp", "a.jar:b.jar", "io.leafd.app.Main", "demo", "--json", "--keep");
        assertThat(OwnCommand.leafd(own, "/jdk/bin/java", SCRATCH, List.of("run")))
                .containsExactly(
                        "/jdk/bin/java",
                        "-Djava.io.tmpdir=/scratch",
                        "@java.options",
                        "-cp",
                        "a.jar:b.jar",
                        "io.leafd.app.Main",
                        "run");
    }

    @Test
    void anotherCommandIsRefused() {
        assertThatThrownBy(() -> OwnCommand.leafd(List.of("java", "Main", "run"), "java", SCRATCH, List.of()))
                .isInstanceOf(IllegalStateException.class);
    }
}
