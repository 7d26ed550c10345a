package io.leafd.app.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AotCacheTest {
    @Test
    void recordsAPlainSelfTestWithTheSameFlags() {
        List<String> own = List.of(
                "/lib/leafd/runtime/bin/java",
                "@/lib/leafd/lib/java.options",
                "-XX:AOTCache=/var/cache/old.aot",
                "-cp",
                "a.jar:b.jar",
                "io.leafd.app.Main",
                "self-test",
                "--aot-output",
                "/var/cache/new.aot");
        assertThat(AotCache.recorded(own, Path.of("/var/cache/new.aot.tmp")))
                .containsExactly(
                        "/lib/leafd/runtime/bin/java",
                        "-XX:AOTCacheOutput=/var/cache/new.aot.tmp",
                        "@/lib/leafd/lib/java.options",
                        "-cp",
                        "a.jar:b.jar",
                        "io.leafd.app.Main",
                        "self-test",
                        "--quiet");
    }

    @Test
    void recordsNothingElseThanLeafd() {
        assertThatThrownBy(() -> AotCache.recorded(List.of("java", "-jar", "other.jar"), Path.of("x")))
                .hasMessageContaining("io.leafd.app.Main");
    }
}
