package io.leafd.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.app.config.schema.ConfigException;
import io.leafd.app.config.schema.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every case of {@code bad-configs.txt} is answered by exactly the problems that stand below it.
 *
 * <p>A case is {@code == title}, a configuration, {@code ====}, and the expected lines. {@code DIR} stands for the directory of
 * the file, which has {@code secret.nk} (mode 0600) and {@code open.nk} (mode 0644). {@code -Dgolden.update} rewrites the lines.
 */
class BadConfigTest {
    private record Case(String title, String toml, String expected) {
        @Override
        public String toString() {
            return "== " + title + "\n" + toml + "====\n" + expected;
        }
    }

    @TempDir
    private Path directory;

    @Test
    void everyProblemIsReportedWithItsPlaceAndWhatToDo() throws IOException {
        file("secret.nk", "rw-------");
        file("open.nk", "rw-r--r--");
        Golden golden = new Golden("io/leafd/app/config/bad-configs.txt");
        List<Case> cases = cases(golden.text());
        assertThat(cases).hasSizeGreaterThanOrEqualTo(30);

        String actual = cases.stream()
                .map(given -> new Case(given.title, given.toml, problems(given.toml)).toString())
                .collect(Collectors.joining());

        golden.assertIs(actual);
        assertThat(actual.lines().filter(line -> line.startsWith("DIR/"))).noneMatch(line -> line.contains("hunter2"));
    }

    private void file(String name, String mode) throws IOException {
        Path file = Files.writeString(directory.resolve(name), "secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private String problems(String toml) {
        try {
            Path file = Files.writeString(directory.resolve("leafd.toml"), toml);
            new ConfigFile(Map.of("HOST_ADDRESS", "nowhere:"), "box").read(file);
            return "(no problem)\n";
        } catch (ConfigException e) {
            return e.problems().stream()
                    .map(Problem::toString)
                    .map(line -> line.replace(directory.toString(), "DIR")
                            .replace("user " + System.getProperty("user.name"), "user USER"))
                    .collect(Collectors.joining("\n", "", "\n"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Case> cases(String text) {
        List<Case> cases = new ArrayList<>();
        for (String block : text.split("(?m)^== ")) {
            if (!block.isEmpty()) {
                int title = block.indexOf('\n');
                int end = block.indexOf("====\n", title);
                cases.add(
                        new Case(block.substring(0, title), block.substring(title + 1, end), block.substring(end + 5)));
            }
        }
        return cases;
    }
}
