package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.TestDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Random;

/**
 * How long a fault scenario runs and from which seed. Immutable but for the random numbers, which belong to the scenario's thread.
 *
 * <p>{@code -Dleafd.faults=long} chooses the long profile, {@code -Dleafd.faults.seed=N} an earlier run's seed, and
 * {@code -Dleafd.faults.rounds=N} another number of rounds. The seed fixes what the scenario does and when; how the server's own
 * threads interleave with it is not in its hands.
 */
final class Profile {
    private final String scenario;
    private final boolean isLong;
    private final long seed;
    private final Random random;
    private final long startNs = System.nanoTime();

    private Profile(String scenario, boolean isLong, long seed) {
        this.scenario = scenario;
        this.isLong = isLong;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** The profile that this run asks for. */
    static Profile of(String scenario) {
        Long chosen = Long.getLong("leafd.faults.seed");
        long seed = chosen != null ? chosen : new SecureRandom().nextInt(1_000_000);
        return new Profile(scenario, "long".equals(System.getProperty("leafd.faults")), seed);
    }

    boolean isLong() {
        return isLong;
    }

    /** How many rounds to run. */
    int rounds(int shortRounds, int longRounds) {
        return Integer.getInteger("leafd.faults.rounds", isLong ? longRounds : shortRounds);
    }

    Random random() {
        return random;
    }

    /** A time between both, in milliseconds. */
    Duration between(int minMs, int maxMs) {
        return Duration.ofMillis(minMs + random.nextInt(maxMs - minMs));
    }

    /** Fails if a leafd has problems; another server is only looked at, its problems are in the report. */
    void judge(Findings findings) {
        if (Box.Kind.chosen() == Box.Kind.LEAFD) {
            assertThat(findings.problems()).as(toString()).isEmpty();
        }
    }

    /** Writes a line about the result to the build's output and to {@code target/faults.txt}. */
    void report(String result) {
        String line = "%s server=%s profile=%s seed=%d seconds=%d: %s"
                .formatted(
                        scenario,
                        Box.Kind.chosen(),
                        isLong ? "long" : "short",
                        seed,
                        (System.nanoTime() - startNs) / 1_000_000_000L,
                        result);
        System.out.println(line);
        Path file = TestDirectory.target().resolve("faults.txt");
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For the message of a failure: how to run the same again. */
    @Override
    public String toString() {
        return "%s, again with -Dleafd.faults.seed=%d%s"
                .formatted(scenario, seed, isLong ? " -Dleafd.faults=long" : "");
    }
}
