package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Everything too much at the same time, for a leafd with the flags of the package: writers who offer twice what the disk was seen to
 * take, a publisher into a stream who waits for nothing, a flood of core messages to clients that do not read, many connections, many
 * subjects, and logins that stop in the middle. Once with the disk of this machine, which takes so much that the processors are
 * what there is too little of; and once with the disk of a small box, and a flood that leaves processors free.
 *
 * <p>Nothing acknowledged is lost; publishers are slowed down instead of refused, and what they got rid of is stored; slow readers are
 * cut off and nobody else is; memory stays below its ceiling; and who has nothing to do with it all gets its answers. How long that one
 * waits is reported beside what it waited before, and beside what the same client waits meanwhile for a leafd that has nothing to do:
 * the machine that runs this is overloaded as well.
 */
@ParameterizedClass
@EnumSource
@Timeout(value = 1, unit = TimeUnit.HOURS)
class OverloadIT {
    /** What there is too little of. */
    enum Scarce {
        PROCESSORS(2_000, Duration.ofSeconds(5), Long.MAX_VALUE),
        DISK(500, Duration.ofSeconds(30), 16 << 20);

        /** Messages of each writer that are under way. */
        private final int window;
        /** How long a writer waits for an answer. */
        private final Duration patience;
        /** Of the flood, of which nobody reads anything. */
        private final long floodBytesPerSecond;

        Scarce(int window, Duration patience, long floodBytesPerSecond) {
            this.window = window;
            this.patience = patience;
            this.floodBytesPerSecond = floodBytesPerSecond;
        }
    }

    private static final String STREAM = "OVER";
    private static final String MANY = "MANY";
    private static final String BLIND = "BLIND";
    private static final int WRITERS = 4;
    private static final int SLOW_READERS = 8;
    /** The documented ceiling: 192 MiB and {@code store.memory}, which is 64 MiB by default. */
    private static final long RESIDENT_MAX_KIB = 256 << 10;

    private static final int DISK_MIB = 16 << 10;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Scarce scarce;
    private final Profile profile;
    private final int connections;
    private final int halfOpen;
    private final int subjects;
    private final Duration duration;
    private final Duration idle;
    private final @Nullable Disk disk;
    private final Box box;
    /** Nobody overloads this one: what its clients wait for is the machine, and the threads of this test. */
    private final Box control = Box.on(Box.Kind.LEAFD, "").asShipped();

    private final Ledger ledger = new Ledger(WRITERS);
    private final Ledger manyLedger = new Ledger(1);
    private final List<Endeavour> running = new ArrayList<>();
    private final List<Bystander> bystanders = new ArrayList<>();

    OverloadIT(Scarce scarce) {
        this.scarce = scarce;
        profile = Profile.of("overload of the " + scarce.name().toLowerCase(Locale.ROOT));
        connections = profile.isLong() ? 5_000 : 300;
        halfOpen = profile.isLong() ? 1_000 : 200;
        subjects = profile.isLong() ? 1_000_000 : 20_000;
        duration = profile.isLong() ? Duration.ofMinutes(10) : Duration.ofSeconds(12);
        idle = profile.isLong() ? Duration.ofSeconds(30) : Duration.ofSeconds(3);
        // few inodes and a small journal: all that is written at once to make them is in memory until the first flush
        disk = scarce == Scarce.DISK ? Disk.format(DISK_MIB, "-N", "16384", "-J", "size=16") : null;
        Box unshipped = disk == null
                ? Box.on(Box.Kind.LEAFD, "")
                : Box.on(Box.Kind.LEAFD, disk.mountPoint().resolve("data"), "");
        box = unshipped.asShipped();
    }

    @BeforeEach
    void start() {
        diskSpeed(DiskSpeed.CARD);
        box.start();
        control.start();
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            api.createStream(STREAM, "over.>", "");
            api.createStream(MANY, "many.>", "");
            api.request(
                    "STREAM.CREATE." + BLIND,
                    "{\"name\":\"%s\",\"subjects\":[\"blind.>\"],\"storage\":\"file\",\"max_bytes\":268435456}"
                            .formatted(BLIND));
        }
        for (Box asked : List.of(box, control)) {
            Bystander bystander = Bystander.of(asked.clientPort());
            bystanders.add(bystander);
            Deadline.await(
                    "requests are answered", LIMIT, () -> bystander.take().count() > 0);
        }
    }

    @AfterEach
    void end() {
        Processors.stepForward();
        running.forEach(Endeavour::halt);
        bystanders.forEach(Bystander::close);
        control.close();
        box.close();
        if (disk != null) {
            disk.close();
        }
    }

    private void diskSpeed(DiskSpeed speed) {
        if (disk != null) {
            disk.speed(speed);
        }
    }

    @Test
    void theOverloadIsBoundedAndHurtsNobodyElse() {
        Waits before = waitsDuring(() -> Moments.pass(idle));
        int rate = capacity();
        try (Guests guests = Guests.enter(box.clientPort(), connections)) {
            if (scarce == Scarce.PROCESSORS) {
                Processors.standBack();
            }
            List<StreamWriter> writers = beginWriters(rate);
            CoreFlood blind = begin(new CoreFlood(box.clientPort(), "blind.data", Long.MAX_VALUE));
            CoreFlood flood = begin(new CoreFlood(box.clientPort(), "flood.data", scarce.floodBytesPerSecond));
            var slow = new AtomicInteger();
            Waits during = waitsDuring(() -> slow.set(attack()));
            stop(flood);
            stop(blind);
            long finished = finish(writers);
            Processors.stepForward();
            JsonTree status = AdminQuestion.status(box.dataDirectory());
            long peakKib = ProcessLoad.residentPeakKib(box.pid());
            diskSpeed(DiskSpeed.UNBOUNDED);
            long stored = storedBlindly(blind.messages());
            Verdict verdict = judge(STREAM, ledger);
            Verdict manyVerdict = judge(MANY, manyLedger);
            profile.report(
                    "connections=%d lost=%d subjects=%d resident peak=%d MiB, took %d/s alone, offered %d/s;%s\n  without waiting: sent %d, stored %d, %d MiB; flood %d MiB; slow readers=%d cut=%d\n  before: %s\n  during: %s\n  writers finished after %d ms; %s; many subjects: %s"
                            .formatted(
                                    connections,
                                    guests.lost(),
                                    subjects,
                                    peakKib >> 10,
                                    rate,
                                    3 * rate,
                                    answers(writers),
                                    blind.messages(),
                                    stored,
                                    blind.bytes() >> 20,
                                    flood.bytes() >> 20,
                                    slow.get(),
                                    status.number("answer.clients.slow_consumers"),
                                    before,
                                    during,
                                    finished,
                                    verdict,
                                    manyVerdict));
            assertThat(box.logText()).doesNotContain("OutOfMemory", "ERROR", "broke the protocol");
            assertThat(verdict.clean()).as("%s %s", profile, verdict).isTrue();
            assertThat(manyVerdict.clean()).as("%s %s", profile, manyVerdict).isTrue();
            assertSlowedNotRefused(writers);
            assertThat(stored)
                    .as("messages stored of a publisher that waits for nothing")
                    .isEqualTo(blind.messages());
            assertThat(during.here().missing())
                    .as("requests without an answer in %d s", Requester.ANSWER_SECONDS)
                    .isZero();
            assertThat(during.here().count()).as("requests").isPositive();
            assertThat(status.number("answer.clients.slow_consumers"))
                    .as("clients cut off as slow readers")
                    .isEqualTo(slow.get());
            assertThat(guests.lost()).as("other clients cut off").isZero();
            assertThat(peakKib).as("KiB in RAM").isLessThanOrEqualTo(RESIDENT_MAX_KIB);
        }
    }

    /** Who waits for acknowledgements: some who offer twice what the disk takes together, and one with many subjects. */
    private List<StreamWriter> beginWriters(int rate) {
        var writers = new ArrayList<StreamWriter>();
        for (int i = 0; i < WRITERS; i++) {
            int perSecond = Math.max(1, 2 * rate / WRITERS);
            writers.add(new StreamWriter(box.clientPort(), ledger, i, "over.w" + i, scarce.window, perSecond));
        }
        writers.add(new StreamWriter(
                box.clientPort(),
                manyLedger,
                0,
                number -> "many.s" + number % subjects,
                scarce.window,
                Math.max(1, rate)));
        writers.forEach(writer -> begin(writer.patient(scarce.patience)));
        return writers;
    }

    private static void assertSlowedNotRefused(List<StreamWriter> writers) {
        for (StreamWriter writer : writers) {
            StreamWriter.Answers answers = writer.answers();
            assertThat(answers.connections).as("connections: %s", answers).hasValue(1);
            assertThat(answers.refused).as("refused: %s", answers).hasValue(0);
            assertThat(answers.unanswered).as("not answered: %s", answers).hasValue(0);
        }
    }

    private static String answers(List<StreamWriter> writers) {
        return writers.stream().map(writer -> "\n  " + writer.answers()).reduce("", String::concat);
    }

    /** What two clients waited for their answers while something was done: one of the overloaded leafd, and one of the other. */
    private Waits waitsDuring(Runnable something) {
        bystanders.forEach(Bystander::take);
        something.run();
        return new Waits(bystanders.getFirst().take(), bystanders.getLast().take());
    }

    private record Waits(Bystander.Waits here, Bystander.Waits there) {
        @Override
        public String toString() {
            return "%s (another leafd, without load: %s)".formatted(here, there);
        }
    }

    private <E extends Endeavour> E begin(E endeavour) {
        running.add(endeavour);
        endeavour.start();
        return endeavour;
    }

    private static void stop(Endeavour endeavour) {
        endeavour.stop();
        endeavour.join();
    }

    /** How many messages a second are acknowledged to writers that have nothing beside them. */
    private int capacity() {
        var trial = new ArrayList<StreamWriter>();
        long fromNs = System.nanoTime();
        for (int i = 0; i < WRITERS; i++) {
            trial.add(begin(new StreamWriter(box.clientPort(), ledger, i, "over.w" + i, scarce.window / 8, 100_000)));
        }
        Moments.pass(idle);
        trial.forEach(OverloadIT::stop);
        long seconds = Math.max(1, (System.nanoTime() - fromNs) / 1_000_000_000L);
        return (int) (ledger.acknowledged() / seconds);
    }

    /** Slow readers and half logins, again and again; answers how many slow readers there were. */
    private int attack() {
        long endNs = System.nanoTime() + duration.toNanos();
        int slow = 0;
        while (System.nanoTime() < endNs) {
            try (var wave = new Crowd(box.clientPort())) {
                wave.slowReaders(SLOW_READERS);
                slow += SLOW_READERS;
                wave.halfOpen(halfOpen);
                int expected = slow;
                Deadline.await(
                        "slow readers are cut off",
                        LIMIT,
                        Duration.ofMillis(500),
                        () -> AdminQuestion.status(box.dataDirectory()).number("answer.clients.slow_consumers")
                                >= expected);
                Moments.pass(Duration.ofSeconds(3));
            }
        }
        return slow;
    }

    /** How long it took, in milliseconds, until all writers had answers to what they had sent. */
    private static long finish(List<StreamWriter> writers) {
        long fromNs = System.nanoTime();
        writers.forEach(Endeavour::stop);
        writers.forEach(Endeavour::join);
        return (System.nanoTime() - fromNs) / 1_000_000;
    }

    /** How many messages came into the stream of the publisher that waits for nothing, once all have. */
    private long storedBlindly(long sent) {
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            long[] last = new long[1];
            try {
                Deadline.await("what was sent is stored", LIMIT, () -> {
                    last[0] = api.streamInfo(BLIND).number("state.last_seq");
                    return last[0] >= sent;
                });
            } catch (ConditionTimeoutException less) {
                // the caller compares
            }
            return last[0];
        }
    }

    private Verdict judge(String stream, Ledger book) {
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            Ledger.Judgement judgement = book.new Judgement();
            api.read(stream, 1, (seq, message) -> {
                MessageId id = MessageId.of(message.payload());
                if (id == null) {
                    judgement.takeDamaged();
                } else {
                    judgement.take(new Ledger.Entry(seq, id));
                }
            });
            return judgement.verdict(List.of());
        }
    }
}
