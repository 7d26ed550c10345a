package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import io.leafd.test.peer.JsonTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Everything too much at the same time, for a leafd with the flags of the package: writers who offer twice what the disk was seen to
 * take, a flood of core messages to clients that do not read, many connections, many subjects, and logins that stop in the middle.
 *
 * <p>Nothing acknowledged is lost, slow readers are cut off, memory stays below its ceiling, and who has nothing to do with it all gets
 * its answers. How long that one waits is reported beside what it waited before, and how many messages publishers got rid of beside what
 * they offered; these are no assertions, because the machine that runs this is overloaded as well.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class OverloadIT {
    private static final String STREAM = "OVER";
    private static final String MANY = "MANY";
    private static final int WRITERS = 4;
    private static final int WINDOW = 2_000;
    private static final int SLOW_READERS = 8;
    /** The documented ceiling: 192 MiB and {@code store.memory}, which is 64 MiB by default. */
    private static final long RESIDENT_MAX_KIB = 256 << 10;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Profile profile = Profile.of("overload");
    private final int guests = profile.isLong() ? 5_000 : 300;
    private final int halfOpen = profile.isLong() ? 1_000 : 200;
    private final int subjects = profile.isLong() ? 1_000_000 : 20_000;
    private final Duration duration = profile.isLong() ? Duration.ofMinutes(10) : Duration.ofSeconds(12);
    private final Duration idle = profile.isLong() ? Duration.ofSeconds(30) : Duration.ofSeconds(3);

    private final Box box = Box.on(Box.Kind.LEAFD, "").asShipped();
    private final Crowd crowd = new Crowd(box.clientPort());
    private final Ledger ledger = new Ledger(WRITERS);
    private final Ledger manyLedger = new Ledger(1);
    private final List<Endeavour> running = new ArrayList<>();
    private final Requester requester = new Requester(box.clientPort());

    @BeforeEach
    void start() {
        box.start();
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            api.createStream(STREAM, "over.>", "");
            api.createStream(MANY, "many.>", "");
        }
        begin(new Requester.Responder(box.clientPort()));
        begin(requester);
        Deadline.await(
                "requests are answered", LIMIT, () -> requester.latencies().count() > 20);
        requester.latencies().reset();
    }

    @AfterEach
    void end() {
        running.forEach(Endeavour::halt);
        crowd.close();
        box.close();
    }

    @Test
    void theOverloadIsBoundedAndHurtsNobodyElse() {
        Moments.pass(idle);
        String before = requester.latencies().toString();
        int rate = capacity();
        requester.latencies().reset();

        crowd.guests(guests);
        var writers = new ArrayList<StreamWriter>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(begin(new StreamWriter(
                    box.clientPort(), ledger, i, "over.w" + i, WINDOW, Math.max(1, 2 * rate / WRITERS))));
        }
        StreamWriter many = begin(new StreamWriter(
                box.clientPort(), manyLedger, 0, number -> "many.s" + number % subjects, WINDOW, Math.max(1, rate)));
        CoreFlood flood = begin(new CoreFlood(box.clientPort()));
        int slow = attack();
        String during = requester.latencies().toString();
        String answers =
                writers.stream().map(writer -> "\n  " + writer.answers()).reduce("", String::concat);
        stop(flood);
        long finished = finish(writers, many);
        JsonTree status = AdminQuestion.status(box.dataDirectory());
        long peakKib = ProcessLoad.residentPeakKib(box.pid());
        Verdict verdict = judge(STREAM, ledger);
        Verdict manyVerdict = judge(MANY, manyLedger);
        profile.report(
                "connections=%d subjects=%d resident peak=%d MiB, took %d/s alone, offered %d/s;%s\n  many subjects: %s\n  flood %d MiB; request-reply before: %s\n  request-reply during: %s\n  writers finished after %d ms; slow readers=%d cut=%d; %s; many subjects: %s"
                        .formatted(
                                guests,
                                subjects,
                                peakKib >> 10,
                                rate,
                                3 * rate,
                                answers,
                                many.answers(),
                                flood.bytes() >> 20,
                                before,
                                during,
                                finished,
                                slow,
                                status.number("answer.clients.slow_consumers"),
                                verdict,
                                manyVerdict));
        assertThat(verdict.clean()).as("%s %s", profile, verdict).isTrue();
        assertThat(manyVerdict.clean()).as("%s %s", profile, manyVerdict).isTrue();
        assertThat(requester.latencies().missing())
                .as("requests without an answer in %d s", Requester.ANSWER_SECONDS)
                .isZero();
        assertThat(requester.latencies().count()).as("requests").isPositive();
        assertThat(status.number("answer.clients.slow_consumers"))
                .as("slow readers that were cut off, of %d", slow)
                .isGreaterThanOrEqualTo(slow);
        assertThat(peakKib).as("KiB in RAM").isLessThanOrEqualTo(RESIDENT_MAX_KIB);
        assertThat(box.logText()).doesNotContain("OutOfMemory", "OutOfDirectMemory");
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
            trial.add(begin(new StreamWriter(box.clientPort(), ledger, i, "over.w" + i, WINDOW / 8, 100_000)));
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
                        () -> AdminQuestion.status(box.dataDirectory()).number("answer.clients.slow_consumers")
                                >= expected);
                Moments.pass(Duration.ofSeconds(3)); // half logins are cut off by themselves
            }
        }
        return slow;
    }

    /** How long it took, in milliseconds, until all writers had answers to what they had sent. */
    private static long finish(List<StreamWriter> writers, StreamWriter many) {
        long fromNs = System.nanoTime();
        writers.forEach(Endeavour::stop);
        many.stop();
        writers.forEach(Endeavour::join);
        many.join();
        return (System.nanoTime() - fromNs) / 1_000_000;
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
