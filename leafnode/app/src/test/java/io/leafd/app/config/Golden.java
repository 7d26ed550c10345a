package io.leafd.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file with what is expected. Run the tests with {@code -Dgolden.update} to rewrite it, and read the difference. */
public final class Golden {
    private static final boolean UPDATE = System.getProperty("golden.update") != null;

    private final Path file;

    /** @param resource below {@code src/test/resources}, or a path from the top of the tree that begins with a slash */
    public Golden(String resource) {
        this.file = resource.startsWith("/")
                ? Path.of("..", "..", resource.substring(1))
                : Path.of("src/test/resources", resource);
    }

    public String text() throws IOException {
        return Files.readString(file);
    }

    public void assertIs(String actual) throws IOException {
        if (UPDATE) {
            Files.writeString(file, actual);
        }
        assertThat(actual).as(file + " (rewrite with -Dgolden.update)").isEqualTo(text());
    }
}
