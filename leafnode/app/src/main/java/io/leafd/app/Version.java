package io.leafd.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this build is. Immutable.
 *
 * @param leafd   version of leafd
 * @param commit  it was built from, or {@code unknown}
 * @param rocksdb version of the store's library
 */
public record Version(String leafd, String commit, String rocksdb) {
    /** Reads what the build wrote. */
    public static Version read() {
        Properties properties = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("version.properties")) {
            if (file == null) {
                throw new IllegalStateException("version.properties is missing in this build");
            }
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Version(
                properties.getProperty("leafd"), properties.getProperty("commit"), properties.getProperty("rocksdb"));
    }
}
