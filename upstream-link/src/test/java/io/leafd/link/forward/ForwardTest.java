package io.leafd.link.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.link.forward.Rig.FakeHubSettings;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a forward does in each kind of trouble, one at a time. */
final class ForwardTest {
    private static final long SECOND = Simulation.SECOND;

    @Test
    void sendsNothingBeforeItsReservationIsOnDisk() {
        Rig rig = Rig.withHub();
        FakeLink link = rig.connect();
        rig.simulation.pass(SECOND);
        long before = link.sentMessages;
        rig.append("a", 10);
        assertThat(link.sentMessages).isEqualTo(before);
        rig.simulation.pass(2 * Simulation.MS);
        assertThat(link.sentMessages).isEqualTo(before + 1);
    }

    @Test
    void thePositionIsNotWrittenForEachAnswer() {
        Rig rig = Rig.withHub();
        rig.connect();
        append(rig, 3_000);
        assertThat(rig.drain(10 * SECOND)).isTrue();
        assertThat(rig.store.saves).isLessThan(300);
        rig.simulation.pass(Confirmations.WAIT_MAX_NS);
        assertThat(rig.store.progress().confirmedSeq()).isEqualTo(3_000);
    }

    @Test
    void whatWasConfirmedShortlyBeforeACrashIsNotSentAgain() {
        Rig rig = Rig.withHub();
        rig.connect();
        append(rig, 1_000);
        rig.simulation.runUntil(() -> rig.forward.confirmedSeq() > 300, 10 * SECOND);
        assertThat(rig.store.progress().confirmedSeq()).isLessThan(rig.forward.confirmedSeq());
        rig.crash();
        rig.connect();
        assertThat(rig.drain(20 * SECOND)).isTrue();
        assertThat(rig.arrived()).isEqualTo(numbers(1_000));
    }

    @Test
    void capturedMessagesAreRemovedOnceConfirmed() {
        Rig rig = Rig.withHub();
        rig.connect();
        append(rig, 50);
        assertThat(rig.drain(10 * SECOND)).isTrue();
        assertThat(rig.store.size()).isZero();
    }

    @Test
    void aThinLinkIsNotFlooded() {
        Rig rig = Rig.withHub();
        rig.delayNs = 300 * Simulation.MS;
        rig.bytesPerSecond = 8_000;
        FakeLink link = rig.connect();
        append(rig, 8_000);
        rig.simulation.pass(60 * SECOND);
        long sent = link.sentBytes;
        rig.simulation.pass(60 * SECOND);
        assertThat(link.sentBytes - sent).as("the link is used").isGreaterThan(8_000L * 60 * 8 / 10);
        assertThat(rig.forward.window().flyingBytes()).as("little is under way").isLessThan(16_000);
    }

    @Test
    void waitsForTheBudgetWithoutComplaintAndGoesOn() {
        Rig rig = Rig.withHub();
        FakeLink link = rig.connect();
        append(rig, 2_000);
        rig.simulation.runUntil(() -> rig.forward.confirmedSeq() > 300, 10 * SECOND);
        overBudget(rig, link, true);
        assertThat(rig.forward.word()).isEqualTo("over budget");
        append(rig, 100);
        rig.simulation.pass(20 * 3_600 * SECOND);
        assertThat(rig.forward.tally().restarts()).isZero();
        assertThat(rig.forward.tally().lastError()).isNull();

        overBudget(rig, link, false);
        assertThat(rig.forward.word()).isEqualTo("sending");
        assertThat(rig.drain(20 * SECOND)).isTrue();
        assertThat(rig.arrived()).isEqualTo(numbers(2_100));
        assertThat(rig.forward.tally().resends()).isZero();
    }

    @Test
    void afterABreakWhileTheBudgetIsUsedUpTheUpstreamIsAskedBeforeAnythingIsSentAgain() {
        Rig rig = Rig.withHub();
        FakeLink link = rig.connect();
        append(rig, 2_000);
        rig.simulation.runUntil(() -> rig.forward.confirmedSeq() > 300, 10 * SECOND);
        overBudget(rig, link, true);
        rig.cut();
        rig.overBudget = true;
        FakeLink again = rig.connect();
        rig.simulation.pass(3_600 * SECOND); // the hub's duplicate window is over
        overBudget(rig, again, false);
        assertThat(rig.drain(20 * SECOND)).isTrue();
        assertThat(rig.arrived()).isEqualTo(numbers(2_000));
    }

    @Test
    void aConnectionThatBeginsOverBudgetWaitsWithItsQuestions() {
        Rig rig = Rig.withHub();
        rig.connect();
        append(rig, 2_000);
        rig.simulation.runUntil(() -> rig.forward.confirmedSeq() > 300, 10 * SECOND);
        rig.crash();
        rig.overBudget = true;
        FakeLink link = rig.connect();
        rig.simulation.pass(3_600 * SECOND);
        assertThat(rig.forward.word()).isEqualTo("over budget");
        overBudget(rig, link, false);
        assertThat(rig.drain(20 * SECOND)).isTrue();
        assertThat(rig.arrived()).isEqualTo(numbers(2_000));
    }

    private static void overBudget(Rig rig, FakeLink link, boolean now) {
        link.overBudget(now);
        rig.run();
    }

    @Test
    void aFullStreamIsTriedAgainAndNothingIsLost() {
        Rig rig = Rig.withHub();
        rig.connect();
        rig.hub.refuseCode = 10077;
        append(rig, 20);
        rig.simulation.pass(30 * SECOND);
        assertThat(rig.forward.word()).isEqualTo("refused");
        assertThat(rig.forward.tally().lastError()).contains("10077");
        rig.hub.refuseCode = 0;
        assertThat(rig.drain(120 * SECOND)).isTrue();
        assertThat(rig.arrived()).isEqualTo(numbers(20));
    }

    @Test
    void aMessageThatCanNeverFitIsParkedAndTheOthersGo() {
        Rig rig = Rig.withHub();
        rig.connect();
        rig.hub.refuseCode = 10054;
        rig.append("a", 10);
        rig.simulation.pass(SECOND);
        rig.hub.refuseCode = 0;
        append(rig, 5);
        rig.simulation.pass(SECOND);
        assertThat(rig.arrived()).containsExactly(2L, 3L, 4L, 5L, 6L);
        assertThat(rig.forward.parked()).isEqualTo(1);
        assertThat(rig.store.size()).as("it stays here").isEqualTo(1);
        rig.simulation.pass(Parking.RETRY_NS);
        assertThat(rig.arrived()).endsWith(1L);
        assertThat(rig.forward.parked()).isZero();
        assertThat(rig.store.size()).isZero();
    }

    @Test
    void parkedMessagesSurviveACrashAndAreTriedAgain() {
        Rig rig = Rig.withHub();
        rig.connect();
        rig.hub.refuseCode = 10054;
        append(rig, 3);
        rig.simulation.pass(SECOND);
        rig.crash();
        assertThat(rig.forward.parked()).isEqualTo(3);
        rig.hub.refuseCode = 0;
        rig.connect();
        assertThat(rig.drain(10 * SECOND)).isTrue();
        assertThat(rig.arrived()).isEqualTo(numbers(3));
    }

    @Test
    void deniedSubjectsWaitForTheirPermission() {
        Rig rig = Rig.withHub();
        FakeLink link = rig.connect();
        link.permitted = subject -> !subject.toString().startsWith("secret");
        rig.append("secret.a", 10);
        rig.append("open.a", 10);
        rig.simulation.pass(SECOND);
        assertThat(rig.arrived()).containsExactly(2L);
        assertThat(rig.forward.tally().lastError()).contains("secret.a");
        link.permitted = subject -> true;
        rig.forward.permissionsChanged();
        rig.run();
        rig.simulation.pass(SECOND);
        assertThat(rig.arrived()).containsExactly(2L, 1L);
        assertThat(rig.forward.parked()).isZero();
    }

    @Test
    void backlogWithoutProgressIsTakenUpAnew() {
        Rig rig = Rig.withHub();
        rig.connect();
        rig.hub.deaf = true;
        append(rig, 10);
        rig.simulation.pass(9 * SECOND);
        assertThat(rig.forward.tally().restarts()).isEqualTo(1);
        rig.hub.deaf = false;
        assertThat(rig.drain(30 * SECOND)).isTrue();
        assertThat(rig.arrived()).isEqualTo(numbers(10));
    }

    @Test
    void aMissingStreamIsToldAndAwaited() {
        Rig rig = new Rig(1, true, new FakeHubSettings("OTHER", 0, false));
        rig.connect();
        append(rig, 3);
        rig.simulation.pass(30 * SECOND);
        assertThat(rig.forward.tally().lastError()).contains("stream not found");
        assertThat(rig.arrived()).isEmpty();
    }

    @Test
    void withoutTheApiTheDuplicateWindowIsReliedOn() {
        Rig rig = new Rig(1, true, new FakeHubSettings("HUB", 3600 * SECOND, false));
        FakeLink link = rig.connect();
        link.permitted = subject -> !subject.toString().startsWith("$JS");
        append(rig, 100);
        rig.simulation.pass(15 * Simulation.MS);
        rig.cut();
        FakeLink again = rig.connect();
        again.permitted = link.permitted;
        assertThat(rig.drain(60 * SECOND)).isTrue();
        assertThat(rig.arrived()).isEqualTo(numbers(100));
    }

    @Test
    void aRestoredBackupNeitherRepeatsNorSkips() {
        Rig rig = Rig.withHub();
        rig.connect();
        append(rig, 10);
        rig.drain(10 * SECOND);
        rig.simulation.pass(SECOND);
        Runnable restore = rig.store.backup();
        append(rig, 5);
        rig.drain(10 * SECOND);
        rig.cut();
        restore.run();
        rig.crash();
        rig.connect();
        append(rig, 7);
        assertThat(rig.drain(10 * SECOND)).isTrue();
        assertThat(rig.hub.history).hasSize(10 + 5 + 7);
    }

    @Test
    void supersededMessagesAreNotWaitedFor() {
        Rig rig = Rig.withHub();
        append(rig, 5);
        rig.connect();
        rig.cut();
        rig.store.remove(1);
        rig.store.remove(3);
        rig.connect();
        assertThat(rig.drain(10 * SECOND)).isTrue();
        assertThat(rig.arrived()).containsExactly(2L, 4L, 5L);
    }

    @Test
    void nothingPassesAfterStop() {
        Rig rig = Rig.withHub();
        rig.forward.stop();
        FakeLink link = rig.connect();
        append(rig, 5);
        rig.simulation.pass(SECOND);
        assertThat(link.sentMessages).isZero();
        assertThat(rig.forward.word()).isEqualTo("stopped");
    }

    private static void append(Rig rig, int count) {
        for (int i = 0; i < count; i++) {
            rig.append("plant." + i % 7, 100);
        }
    }

    private static List<Long> numbers(int last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }
}
