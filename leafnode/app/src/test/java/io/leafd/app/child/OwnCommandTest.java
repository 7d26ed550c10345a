package io.leafd.app.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OwnCommandTest {
    private static final List<String> OWN = List.of(
            "java",
            "@java.options",
            "-XX:AOTCache=old.aot",
            "-cp",
            "a.jar:b.jar",
            "io.leafd.app.Main",
            "demo",
            "--json",
            "--keep");

    @Test
    void keepsTheFlagsAndTheProgramAndLeavesTheArguments() {
        assertThat(OwnCommand.leafd(OWN, "/jdk/bin/java", List.of("-Djava.io.tmpdir=/scratch"), List.of("run")))
                .containsExactly(
                        "/jdk/bin/java",
                        "-Djava.io.tmpdir=/scratch",
                        "@java.options",
                        "-XX:AOTCache=old.aot",
                        "-cp",
                        "a.jar:b.jar",
                        "io.leafd.app.Main",
                        "run");
    }

    @Test
    void aCacheThatIsMadeReplacesTheOneThatIsUsed() {
        assertThat(OwnCommand.leafd(OWN, "/jdk/bin/java", List.of("-XX:AOTCacheOutput=new.aot"), List.of("run")))
                .containsExactly(
                        "/jdk/bin/java",
                        "-XX:AOTCacheOutput=new.aot",
                        "@java.options",
                        "-cp",
                        "a.jar:b.jar",
                        "io.leafd.app.Main",
                        "run");
    }

    @Test
    void anotherProgramIsRefused() {
        assertThatThrownBy(
                        () -> OwnCommand.leafd(List.of("java", "-jar", "other.jar"), "java", List.of(), List.of("run")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("io.leafd.app.Main");
    }
}
