package io.leafd.test.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Scenarios that leafd does not pass yet, one {@code Class.method} a line. The list is honest in both directions: a scenario that fails
 * and is not listed fails the build, and so does one that is listed and passes. It is complete when it is empty.
 */
final class ConformanceGaps {

    static final String FILE = "test/src/test/resources/conformance-gaps.txt";

    private static final Set<String> SCENARIOS = read();

    private ConformanceGaps() {}

    static boolean contains(String scenario) {
        return SCENARIOS.contains(scenario);
    }

    static Set<String> all() {
        return SCENARIOS;
    }

    private static Set<String> read() {
        try (InputStream in =
                Objects.requireNonNull(ConformanceGaps.class.getResourceAsStream("/conformance-gaps.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
