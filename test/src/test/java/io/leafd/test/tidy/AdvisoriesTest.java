package io.leafd.test.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The advisories in {@code docs/security.md} were looked at for the versions that the build uses: who changes one looks again. */
class AdvisoriesTest {
    private static final Path TOP = Path.of(System.getProperty("basedir", "."), "..");
    private static final Map<String, String> PROPERTY_BY_LIBRARY = Map.of(
            "netty-handler", "netty",
            "rocksdbjni", "rocksdb",
            "bcprov-jdk18on", "bouncycastle",
            "eddsa", "eddsa",
            "tomlj", "tomlj",
            "jackson-core", "jackson",
            "picocli", "picocli",
            "slf4j-api", "slf4j",
            "jspecify", "jspecify");

    @Test
    void eachLibraryStandsThereWithItsVersion() throws IOException {
        String pom = Files.readString(TOP.resolve("pom.xml"));
        String page = Files.readString(TOP.resolve("docs/security.md"));
        PROPERTY_BY_LIBRARY.forEach((library, property) -> {
            Matcher version =
                    Pattern.compile("<" + property + "\\.version>(.+?)</").matcher(pom);
            assertThat(version.find()).as(property).isTrue();
            assertThat(page.lines().filter(line -> line.startsWith("|") && line.contains("`" + library + "`")))
                    .as(library)
                    .singleElement()
                    .asString()
                    .contains("| " + version.group(1) + " |");
        });
    }
}
