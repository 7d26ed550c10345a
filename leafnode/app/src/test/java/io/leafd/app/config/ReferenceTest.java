package io.leafd.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.app.config.schema.ConfigException;
import io.leafd.app.config.schema.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people read about the keys says what the program checks. */
class ReferenceTest {
    private static final Reference REFERENCE = new Reference(LeafdConfig.TABLE);

    @Test
    void theReferenceInTheDocumentationIsTheTableOfKeys() throws IOException {
        Golden page = new Golden("/docs/configuration.md");
        page.assertIs(between(
                page.text(),
                "<!-- keys: written by ReferenceTest -->\n",
                "<!-- end of keys -->",
                REFERENCE.markdown()));
    }

    @Test
    void theManualPageIsTheTableOfKeys() throws IOException {
        Golden page = new Golden("/packaging/src/main/man/leafd.toml.5");
        page.assertIs(
                between(page.text(), ".\\\" keys: written by ReferenceTest\n", ".\\\" end of keys", REFERENCE.mdoc()));
    }

    @Test
    void theShippedFileIsTheTableOfKeys() throws IOException {
        new Golden("/packaging/src/main/deb/leafd.toml").assertIs(DefaultFile.forPackage());
    }

    private static String between(String page, String start, String end, String content) {
        int from = page.indexOf(start) + start.length();
        return page.substring(0, from) + content + page.substring(page.indexOf(end));
    }

    @Test
    void theCommentedFileHoldsOnceItsCommentSignsAreGone(@TempDir Path directory) throws IOException {
        // every "#key = value" and "#[table]" line begins without a blank; prose begins with "# "
        String active = Pattern.compile("^#(?=[\\[a-z])", Pattern.MULTILINE)
                .matcher(DefaultFile.commented())
                .replaceAll("");
        Path file = Files.writeString(directory.resolve("leafd.toml"), active);

        // it names files that are not there and alternatives side by side, but no key is unknown and no example is bad
        assertThat(problems(file))
                .isNotEmpty()
                .noneMatch(problem -> problem.matches(
                        ".*(unknown (key|table)|expected a| is no |out of range|not TOML|belongs here).*"));
        assertThat(new ConfigFile(Map.of(), "box")
                        .read(Files.writeString(file, DefaultFile.commented()))
                        .config())
                .isEqualTo(new ConfigFile(Map.of(), "box").defaults().config());
    }

    private static List<String> problems(Path file) {
        try {
            new ConfigFile(Map.of(), "box").read(file);
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream().map(Object::toString).toList();
        }
    }
}
