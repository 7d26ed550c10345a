package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.test.peer.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The disk is full, or fails, or has become read-only: publishers are told so at once, everything that needs no new room goes on,
 * and taking in resumes by itself. nats-server is only looked at, not judged.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class DiskFaultIT {
    private static final int DISK_MIB = 64;
    /**
     * At most one in so many refusals may come after more than 100 ms. If all came late that wait behind one long sync, a windowful of each
     * writer at each time the disk is filled, it would be one in eight.
     */
    private static final int LATE_SHARE = 12;

    private static final Duration RESUMES_WITHIN = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Box.Kind kind = Box.Kind.chosen();
    private final List<String> problems = new ArrayList<>();

    @Test
    void aFullDiskRefusesAndResumes() throws IOException {
        Profile profile = Profile.of("disk-full");
        try (Disk disk = Disk.format(DISK_MIB);
                Box box = boxOn(disk)) {
            var workload = new Workload(box, null, 2, 300);
            box.start();
            workload.prepare();
            prepareVictim(box);
            workload.start();
            Deadline.await("something is stored", LIMIT, () -> workload.ledger().acknowledged() > 500);
            Path ballast = disk.mountPoint().resolve("ballast");
            fill(ballast);
            List<StreamWriter.Answers> answers = workload.answers();
            boolean told = within(LIMIT, () -> answers.stream().allMatch(each -> each.refused.get() > 20));
            note(told, "publishers are not told that the disk is full: " + answers);
            workload.core().reset();
            long confirmed = workload.acks().confirmedCount();
            Moments.pass(Duration.ofSeconds(profile.isLong() ? 20 : 3));
            note(workload.core().count() > 50 && workload.core().missing() == 0, "core traffic stops");
            note(acknowledges(box), "a consumer cannot go on");
            note(deletes(box), "a message cannot be deleted");
            long unanswered =
                    answers.stream().mapToLong(each -> each.unanswered.get()).sum();
            note(unanswered == 0, unanswered + " publishers got no answer");
            String full = "core while full=%d p99=%d us, acks confirmed while full=%d"
                    .formatted(
                            workload.core().count(),
                            workload.core().percentile(99).toNanos() / 1000,
                            workload.acks().confirmedCount() - confirmed);
            Files.delete(ballast);
            Duration resumed = resumed(workload);
            for (int again = kind == Box.Kind.LEAFD ? profile.rounds(3, 20) : 1; again > 1; again--) {
                resumed = longer(resumed, fillOnceMore(ballast, workload));
            }
            long late =
                    answers.stream().mapToLong(each -> each.refusedLate.get()).sum();
            long refused = refused(answers);
            note(late * LATE_SHARE < refused, "%d of %d refusals took more than 100 ms".formatted(late, refused));
            note(resumed.compareTo(RESUMES_WITHIN) <= 0, "taking in resumes after " + resumed);
            String summary = "%s, %s, resumed after at most %d ms".formatted(full, answers, resumed.toMillis());
            workload.halt(); // what is under way then gets no answer
            finish(profile, box, workload, summary);
        }
    }

    /** Fills the disk, waits until publishers were refused for about a second, makes room, and answers how long it took to resume. */
    private Duration fillOnceMore(Path ballast, Workload workload) throws IOException {
        long acknowledged = workload.ledger().acknowledged();
        Deadline.await(
                "something more is stored", LIMIT, () -> workload.ledger().acknowledged() > acknowledged + 200);
        long refused = refused(workload.answers());
        fill(ballast);
        note(
                within(LIMIT, () -> refused(workload.answers()) > refused + 500),
                "publishers are not told once more: " + workload.answers());
        Files.delete(ballast);
        return resumed(workload);
    }

    /**
     * The reserve is what it starts with. Every other time somebody else has taken that as well, after the kill: then it may end, but must
     * say why, and start as soon as there is room.
     */
    @Test
    void itStartsOnAFullDiskAfterAKill() throws IOException {
        if (kind != Box.Kind.LEAFD) {
            return; // nats-server does not take in again after the disk was full, so there is nothing to repeat
        }
        Profile profile = Profile.of("full-start");
        try (Disk disk = Disk.format(DISK_MIB);
                Box box = boxOn(disk)) {
            var workload = new Workload(box, null, 2, 300);
            box.start();
            workload.prepare();
            Path ballast = disk.mountPoint().resolve("ballast");
            Path rest = disk.mountPoint().resolve("rest");
            int rounds = profile.rounds(2, 20);
            int ended = 0;
            Duration slowestStart = Duration.ZERO;
            Duration slowest = Duration.ZERO;
            for (int round = 0; round < rounds; round++) {
                workload.start();
                long before = workload.ledger().acknowledged();
                Deadline.await(
                        "something is stored", LIMIT, () -> workload.ledger().acknowledged() > before + 200);
                fill(ballast);
                Moments.pass(profile.between(100, 1_000));
                box.kill();
                boolean reserved = round % 2 == 0;
                if (!reserved) {
                    fill(rest);
                }
                long fromNs = System.nanoTime();
                if (startsOrSaysWhy(box, reserved)) {
                    slowestStart = longer(slowestStart, Duration.ofNanos(System.nanoTime() - fromNs));
                    List<StreamWriter.Answers> answers = workload.answers();
                    long refused = refused(answers);
                    note(within(LIMIT, () -> refused(answers) > refused + 20), "publishers are not told: " + answers);
                } else {
                    ended++;
                }
                Files.delete(ballast);
                Files.deleteIfExists(rest);
                if (!box.running()) {
                    box.start();
                }
                slowest = longer(slowest, resumed(workload));
                workload.halt();
            }
            note(slowest.compareTo(RESUMES_WITHIN) <= 0, "taking in resumes after " + slowest);
            finish(
                    profile,
                    box,
                    workload,
                    "rounds=%d, not started for want of a single block %d times, slowest start %d ms, slowest resumption %d ms"
                            .formatted(rounds, ended, slowestStart.toMillis(), slowest.toMillis()));
        }
    }

    private boolean startsOrSaysWhy(Box box, boolean must) {
        try {
            box.start();
            return true;
        } catch (IllegalStateException ended) {
            note(!must, "it does not start with the reserve: " + ended.getMessage());
            note(String.valueOf(ended.getMessage()).contains("No space left on device"), "why it ends is not said");
            return false;
        }
    }

    private static long refused(List<StreamWriter.Answers> answers) {
        return answers.stream().mapToLong(each -> each.refused.get()).sum();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    @Test
    void failingWritesStopAcknowledgementsUntilTheyAreMended() {
        fails("write-errors", Fuse.EIO, Fuse.EIO);
    }

    @Test
    void failingFlushesStopAcknowledgementsUntilTheyAreMended() {
        fails("flush-errors", 0, Fuse.EIO);
    }

    @Test
    void aFileSystemThatTurnsReadOnlyIsServedAndLosesNothing() {
        Profile profile = Profile.of("read-only");
        try (Disk disk = Disk.format(DISK_MIB);
                Box box = boxOn(disk)) {
            var workload = new Workload(box, null, 2, 300);
            box.start();
            workload.prepare();
            workload.start();
            Deadline.await("something is stored", LIMIT, () -> workload.ledger().acknowledged() > 500);
            disk.platters().fail(Fuse.EIO, Fuse.EIO); // the journal of ext4 fails, and it becomes read-only for good
            Moments.pass(Duration.ofSeconds(3));
            List<StreamWriter.Answers> answers = workload.answers();
            note(answers.stream().allMatch(each -> each.refused.get() > 0), "publishers are not told: " + answers);
            note(box.running(), "the server has ended");
            workload.core().reset();
            Moments.pass(Duration.ofSeconds(1));
            note(workload.core().count() > 20 && workload.core().missing() == 0, "core traffic stops");
            workload.halt();
            if (box.running()) {
                box.kill();
            }
            disk.platters().fail(0, 0);
            disk.restore();
            box.start();
            finish(profile, box, workload, answers.toString());
        }
    }

    /** On a file system without journal: with one it would become read-only at the first error. */
    private void fails(String name, int writeErrno, int flushErrno) {
        Profile profile = Profile.of(name);
        try (Disk disk = Disk.format(DISK_MIB, "-O", "^has_journal");
                Box box = boxOn(disk)) {
            var workload = new Workload(box, null, 2, 300);
            box.start();
            workload.prepare();
            workload.start();
            Deadline.await("something is stored", LIMIT, () -> workload.ledger().acknowledged() > 500);
            int rounds = profile.rounds(1, 20);
            Duration slowest = Duration.ZERO;
            for (int round = 0; round < rounds; round++) {
                disk.platters().fail(writeErrno, flushErrno);
                Moments.pass(profile.between(500, 3_000));
                disk.platters().fail(0, 0);
                Duration resumed = resumed(workload);
                slowest = longer(slowest, resumed);
                Moments.pass(profile.between(200, 500));
            }
            note(slowest.compareTo(RESUMES_WITHIN) <= 0, "taking in resumes after " + slowest);
            List<StreamWriter.Answers> answers = workload.answers();
            workload.halt();
            box.kill();
            box.start();
            finish(
                    profile,
                    box,
                    workload,
                    "rounds=%d slowest resumption %d ms, %s".formatted(rounds, slowest.toMillis(), answers));
        }
    }

    private Box boxOn(Disk disk) {
        return Box.on(kind, disk.mountPoint().resolve("data"), kind == Box.Kind.LEAFD ? Box.SMALL_DISK : "");
    }

    private void finish(Profile profile, Box box, Workload workload, String told) {
        String found;
        try {
            Findings findings = workload.check();
            problems.addAll(findings.problems());
            found = findings.toString();
        } catch (AssertionError unreadable) {
            problems.add("nothing can be read back: " + unreadable.getMessage());
            found = "";
        }
        profile.report("%s; %s; problems: %s".formatted(told, found, problems));
        if (kind == Box.Kind.LEAFD) {
            assertThat(problems).as("%s%n%s", profile, box.logTail()).isEmpty();
        }
    }

    private void note(boolean fine, String problem) {
        if (!fine) {
            problems.add(problem);
        }
    }

    /** How long it takes until something more is acknowledged. */
    private static Duration resumed(Workload workload) {
        long fromNs = System.nanoTime();
        long before = workload.ledger().acknowledged();
        within(LIMIT, () -> workload.ledger().acknowledged() > before + 10);
        return Duration.ofNanos(System.nanoTime() - fromNs);
    }

    /** A stream with one message, to be deleted from. */
    private static void prepareVictim(Box box) {
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            api.createStream("VICTIMS", "victim", "");
            api.ask("victim", new byte[10], LIMIT);
            AckingReader.create(api, "VICTIMS");
        }
    }

    private static boolean acknowledges(Box box) {
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            return AckingReader.acknowledgeOne(api, "VICTIMS");
        } catch (AssertionError noAnswer) {
            return false;
        }
    }

    private static boolean deletes(Box box) {
        try (JetStreamApi api = JetStreamApi.open(box.clientPort())) {
            return api.attempt("STREAM.MSG.DELETE.VICTIMS", "{\"seq\":1}").isTrue("success");
        } catch (AssertionError noAnswer) {
            return false;
        }
    }

    private static boolean within(Duration limit, BooleanSupplier condition) {
        long endNs = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > endNs) {
                return false;
            }
            Moments.pass(Duration.ofMillis(20));
        }
        return true;
    }

    /** Writes zeros until not one more byte fits. */
    private static void fill(Path file) throws IOException {
        byte[] block = new byte[1 << 16];
        try (var out = Files.newOutputStream(file)) {
            for (int size = block.length; size > 0; size /= 2) {
                fill(out, block, size);
            }
        }
    }

    private static void fill(OutputStream out, byte[] block, int size) {
        try {
            while (true) {
                out.write(block, 0, size);
            }
        } catch (IOException full) {
            // not even this much fits any more
        }
    }
}
