package io.leafd.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.leafd.app.config.schema.ConfigException;
import io.leafd.app.config.schema.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Any bytes in {@code leafd.toml} are a configuration that reads the same again, or problems with a place in the file. */
class ConfigFuzzTest {
    private final Path file;

    ConfigFuzzTest() throws IOException {
        Path directory = Files.createTempDirectory("leafd-config");
        directory.toFile().deleteOnExit(); // behind the file in it
        file = directory.resolve("leafd.toml");
        file.toFile().deleteOnExit();
    }

    @FuzzTest(maxDuration = "6m")
    void isReadOrItsProblemsAreListed(byte[] content) throws IOException {
        Files.write(file, content);
        var reader = new ConfigFile(Map.of("HOST_ADDRESS", "nowhere"), "box");
        try {
            assertThat(reader.read(file).effective())
                    .isEqualTo(reader.read(file).effective());
        } catch (ConfigException e) {
            List<Problem> problems = e.problems();
            assertThat(problems).isNotEmpty();
            long lines = new String(content, java.nio.charset.StandardCharsets.ISO_8859_1)
                            .lines()
                            .count()
                    + 1;
            for (Problem problem : problems) {
                assertThat(problem.message()).isNotBlank();
                assertThat((long) problem.position().line()).isBetween(1L, lines);
                assertThat(problem.position().column()).isPositive();
            }
        }
    }
}
