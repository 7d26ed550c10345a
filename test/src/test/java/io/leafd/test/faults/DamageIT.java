package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import io.leafd.test.peer.TestDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One file of the data directory is damaged while leafd is down. It must come up, deliver no wrong byte, take in new messages under new
 * sequences, and say of exactly the messages that are gone that they are. Another server is only looked at, see {@link PeerDamage}.
 */
@ParameterizedClass
@ValueSource(strings = {"in the clear", "encrypted"})
@Timeout(value = 3, unit = TimeUnit.HOURS)
class DamageIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int MESSAGES = 1_200;
    private static final String KEY = "5eed".repeat(16);
    private static final List<FileDamage> DAMAGES = List.of(FileDamage.values());

    private final boolean encrypted;
    private final Profile profile;
    private final Map<FileDamage, Integer> done = new EnumMap<>(FileDamage.class);
    private final Map<String, Integer> kinds = new TreeMap<>();
    private long declared;

    DamageIT(String how) {
        encrypted = "encrypted".equals(how);
        profile = Profile.of("damage " + how);
    }

    @Test
    void damageIsServedAroundAndToldExactly() throws IOException {
        Box.Kind kind = Box.Kind.chosen();
        var peer = new PeerDamage();
        if (encrypted && kind != Box.Kind.LEAFD) {
            return; // nats-server's store in the clear is what leafd's is compared with
        }
        Path keys = TestDirectory.create("keys");
        try (Box box = Box.on(kind, encrypted ? encryption(keys.resolve("store.key")) : "")) {
            var workload = new Workload(box, null, 1, 2_000);
            Path earlier = TestDirectory.create("earlier");
            Path sound = TestDirectory.create("sound");
            fill(box, workload, earlier, sound);
            Ledger.Mark mark = workload.ledger().mark();
            int rounds = profile.rounds(4, 500);
            for (int round = 1; round <= rounds; round++) {
                TestDirectory.delete(box.dataDirectory());
                copy(sound, box.dataDirectory());
                workload.ledger().rewind(mark);
                try {
                    String what = damage(box, earlier);
                    if (kind == Box.Kind.LEAFD) {
                        round(box, workload, what);
                    } else {
                        peer.round(box, workload);
                    }
                } catch (RuntimeException | AssertionError e) {
                    Path kept = TestDirectory.create("damaged").resolve("data");
                    copy(box.dataDirectory(), kept);
                    throw new AssertionError(
                            "round %d, %s, the store is kept in %s".formatted(round, profile, kept), e);
                }
            }
            profile.report("rounds=%d damages=%s files=%s %s"
                    .formatted(
                            rounds,
                            done,
                            kinds,
                            kind == Box.Kind.LEAFD ? "messages told as lost=" + declared : peer.toString()));
            TestDirectory.delete(earlier);
            TestDirectory.delete(sound);
            TestDirectory.delete(keys);
        }
    }

    /** Makes a key; answers the lines of the configuration that use it. */
    private static String encryption(Path keyFile) {
        return "[store]\nencryption_key_file = \"%s\"\n".formatted(TestDirectory.secret(keyFile, KEY));
    }

    /** Two thirds of the messages, a copy, the rest, another copy; with restarts, so that there are tables and a log. */
    private static void fill(Box box, Workload workload, Path earlier, Path sound) throws IOException {
        box.start();
        workload.prepare();
        for (int part = 1; part <= 3; part++) {
            workload.start();
            int until = part * MESSAGES / 3;
            Deadline.await(
                    "acknowledged " + until, LIMIT, () -> workload.ledger().acknowledged() >= until);
            workload.stop();
            box.terminate();
            if (part == 2) {
                copy(box.dataDirectory(), earlier);
            }
            if (part < 3) {
                box.start();
            }
        }
        copy(box.dataDirectory(), sound);
    }

    /** Damages a file; answers which one and how. */
    private String damage(Box box, Path earlier) throws IOException {
        List<Path> files = files(box.dataDirectory());
        Path file = files.get(profile.random().nextInt(files.size()));
        FileDamage damage = DAMAGES.get(profile.random().nextInt(DAMAGES.size()));
        Path relative = box.dataDirectory().relativize(file);
        String what = "%s of %s (%s)".formatted(damage, relative, profile);
        damage.apply(file, earlier.resolve(relative), profile.random());
        done.merge(damage, 1, Integer::sum);
        kinds.merge(kind(relative), 1, Integer::sum);
        return what;
    }

    private void round(Box box, Workload workload, String what) {
        box.start();
        JetStreamApi.Reading reading;
        List<Ledger.SeqRange> told;
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            MessageId id = workload.ledger().attempt(0);
            var answer = api.ask("led.0", id.payload(), LIMIT).text();
            assertThat(answer).as(what).contains("\"seq\"").doesNotContain("\"error\"");
            workload.ledger().acknowledged(id, JsonTree.of(answer).number("seq"));
            reading = api.readIds(Workload.STREAM);
            told = PeerDamage.told(api);
        }
        JsonTree status = AdminQuestion.status(box.dataDirectory());
        box.terminate();
        LossReport report = LossReport.of(box.configFile());
        List<Ledger.SeqRange> lost = report.lost(Workload.STREAM);
        Verdict verdict =
                workload.ledger().judge(reading.entries(), reading.damaged().size(), lost);
        assertThat(verdict.honest())
                .as("%s: %s, report %s", what, verdict, report)
                .isTrue();
        var overstated = new ArrayList<>(reading.entries());
        overstated.removeIf(entry -> lost.stream().noneMatch(range -> range.holds(entry.seq())));
        assertThat(overstated)
                .as("told as lost and there, %s, report %s", what, report)
                .isEmpty();
        assertThat(sequences(AdminQuestion.lost(status, Workload.STREAM)))
                .as("told by leafd status as by leafd store check, %s, status %s, report %s", what, status, report)
                .isEqualTo(sequences(lost));
        assertThat(sequences(told)).as("told by the stream's info, %s", what).isEqualTo(sequences(lost));
        declared += verdict.failures().declared().size();
    }

    private static Set<Long> sequences(List<Ledger.SeqRange> ranges) {
        return ranges.stream()
                .flatMap(range ->
                        LongStream.rangeClosed(range.from(), range.to()).boxed())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String kind(Path relative) {
        String name = String.valueOf(relative.getFileName());
        return name.replaceFirst("[0-9]{6}|^[0-9]+", "N");
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : files(from)) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.resolveSibling("."));
            Files.copy(file, target);
        }
    }
}
