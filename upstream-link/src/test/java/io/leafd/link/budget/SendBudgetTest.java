package io.leafd.link.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A budget of a day through its life, with clocks that are set by hand. */
class SendBudgetTest {
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final int FRAME_BYTES = 1_000;
    private static final BudgetPlan PLAN = new BudgetPlan(10_000_000, Period.DAY, Duration.ofMinutes(5));
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final FakeLedger ledger = new FakeLedger();
    private long wallMs = NOON.toEpochMilli();
    private long nowNs;
    private int changes;
    private SendBudget budget = started(PLAN);

    @Test
    void ordinaryDataEndsBeforeUrgentDataAndThatBeforeTheEnd() {
        long ordinary = sendAll(false);
        assertThat(ordinary).isBetween(PLAN.ordinaryBytes() - FRAME_BYTES, PLAN.ordinaryBytes());
        assertThat(budget.meter().usedUp(false)).isTrue();
        assertThat(budget.meter().usedUp(true)).isFalse();

        long urgent = sendAll(true);
        assertThat(ordinary + urgent).isBetween(PLAN.urgentBytes() - FRAME_BYTES, PLAN.urgentBytes());
        assertThat(PLAN.urgentBytes()).isLessThan(PLAN.bytes() - 200_000);
        assertThat(budget.meter().usedUp(true)).isTrue();
        assertThat(changes).isEqualTo(2);
    }

    @Test
    void controlPassesAndCountsWhenNothingElseMayGo() {
        sendAll(true);
        budget.meter().sent(500_000);
        assertThat(status().spentBytes()).isGreaterThan(PLAN.bytes());
        assertThat(budget.meter().admits(true, 1)).isFalse();
    }

    @Test
    void theNextPeriodBeginsAtMidnight() {
        sendAll(true);
        pass(DAY_MS / 2 - 1);
        assertThat(sendAll(true)).isZero();
        assertThat(status().nextInMs()).isEqualTo(1);

        pass(1);
        assertThat(changes).isEqualTo(2); // used up, which ordinary data learnt with it, and going on
        assertThat(status().spentBytes()).isZero();
        assertThat(sendAll(false)).isBetween(PLAN.ordinaryBytes() - FRAME_BYTES, PLAN.ordinaryBytes());
    }

    @Test
    void dataWaitsForTheLeaseToBeOnDisk() {
        ledger.slow = true;
        long sent = sendAll(false);
        assertThat(sent).isLessThanOrEqualTo(PLAN.leaseBytes());
        assertThat(budget.meter().usedUp(false)).isFalse();

        ledger.write();
        assertThat(sendAll(false)).isPositive().isLessThanOrEqualTo(2 * PLAN.leaseBytes());
    }

    @Test
    void theStoreIsNotWrittenForEachMessage() {
        sendAll(true);
        assertThat(ledger.saves).isLessThan(250);
    }

    @Test
    void aKillWastesAHundredthPartAtMostAndHandsNothingOutTwice() {
        long spent = 0;
        for (int i = 0; i < 5; i++) {
            spent += send(true, 777_000);
            kill(PLAN);
            assertThat(status().spentBytes()).isBetween(spent, spent + (i + 1) * (PLAN.leaseBytes() + FRAME_BYTES));
        }
        spent += sendAll(true);
        assertThat(spent).isBetween(PLAN.urgentBytes() - 6 * (PLAN.leaseBytes() + FRAME_BYTES), PLAN.urgentBytes());
        kill(PLAN);
        assertThat(sendAll(true)).isLessThanOrEqualTo(FRAME_BYTES);
    }

    @Test
    void startingAgainAndAgainCostsLittle() {
        for (int i = 0; i < 20; i++) {
            budget.meter().sent(1_000); // a handshake
            kill(PLAN);
        }
        assertThat(status().spentBytes()).isBetween(20_000L, 20 * (PLAN.leaseBytes() / 10 + 2_000));
    }

    @Test
    void handshakesBeforeTheLeaseIsReadCount() {
        send(true, 100_000);
        long before = status().spentBytes();
        var killed = new SendBudget("hq", around());
        ledger.failing = true;
        killed.plan(PLAN);
        killed.meter().sent(4_000);
        assertThat(killed.meter().admits(true, 1)).isFalse();
        assertThat(killed.status()).isNull();

        ledger.failing = false;
        killed.tick();
        assertThat(Objects.requireNonNull(killed.status()).spentBytes()).isGreaterThanOrEqualTo(before + 4_000);
        assertThat(killed.meter().admits(true, 1)).isTrue();
    }

    @Test
    void aStoreThatCouldNotWriteIsAskedAgain() {
        ledger.failing = true;
        sendAll(false);
        assertThat(budget.meter().admits(false, FRAME_BYTES)).isFalse();
        ledger.failing = false;
        pass(10_000);
        pass(1_000);
        assertThat(budget.meter().admits(false, FRAME_BYTES)).isTrue();
    }

    @Test
    void aClockSetBackHandsNothingOutAgain() {
        sendAll(true);
        wallMs -= 3 * DAY_MS;
        budget.tick();
        assertThat(sendAll(true)).isZero();
        wallMs += 2 * DAY_MS;
        budget.tick();
        assertThat(sendAll(true)).isZero();
        wallMs += DAY_MS;
        budget.tick();
        assertThat(sendAll(true)).isZero();
    }

    @Test
    void aClockSetToAndFroBeginsOnePeriodOnly() {
        sendAll(true);
        wallMs += 700 * DAY_MS;
        budget.tick();
        assertThat(sendAll(true)).isPositive();
        for (int i = 0; i < 10; i++) {
            wallMs += (i % 2 == 0 ? -700 : 700) * DAY_MS;
            pass(1_000);
            assertThat(sendAll(true)).isZero();
        }
        wallMs -= 700 * DAY_MS;
        pass(DAY_MS); // as far as the clock is behind, periods go on as time passes
        assertThat(sendAll(true)).isPositive();
    }

    @Test
    void aClockSetBackWhileLeafdWasDownHandsNothingOutAgain() {
        sendAll(true);
        wallMs -= 3 * DAY_MS;
        kill(PLAN);
        assertThat(sendAll(true)).isZero();
        pass(DAY_MS / 2);
        assertThat(sendAll(true)).isPositive();
    }

    @Test
    void aBoxWithoutAClockGoesOnFromItsLastLease() {
        sendAll(true);
        int hours = 0;
        while (budget.meter().usedUp(true)) { // a start in 1970, an hour of service, each time
            for (int minute = 0; minute < 60; minute++) {
                pass(60_000);
            }
            wallMs = 0;
            kill(PLAN);
            hours++;
        }
        assertThat(hours).isBetween(12, 14);
        wallMs = NOON.toEpochMilli() + 5 * DAY_MS;
        budget.tick();
        assertThat(status().spentBytes()).isZero();
    }

    @Test
    void aRaisedBudgetGoesOnAndForgetsNothing() {
        long spent = sendAll(false);
        budget.plan(new BudgetPlan(20_000_000, Period.DAY, PLAN.pingInterval()));
        assertThat(budget.meter().usedUp(false)).isFalse();
        assertThat(changes).isEqualTo(2);
        assertThat(status().spentBytes()).isEqualTo(spent);
        assertThat(sendAll(false)).isBetween(8_000_000L, 9_000_000L);
    }

    @Test
    void aLoweredBudgetIsUsedUpAtOnce() {
        send(false, 5_000_000);
        budget.plan(new BudgetPlan(4_000_000, Period.DAY, PLAN.pingInterval()));
        assertThat(budget.meter().usedUp(true)).isTrue();
        assertThat(changes).isEqualTo(1);
    }

    @Test
    void withoutABudgetEverythingGoesAndCountsForOneThatComesBack() {
        sendAll(true);
        budget.plan(null);
        assertThat(budget.status()).isNull();
        assertThat(send(false, 1_000_000)).isGreaterThanOrEqualTo(1_000_000);
        budget.plan(PLAN);
        assertThat(status().spentBytes()).isGreaterThan(PLAN.bytes());
        assertThat(sendAll(true)).isZero();
    }

    @Test
    void aFirstBudgetCountsFromWhenItIsGiven() {
        ledger.kept = null;
        var unbounded = new SendBudget("other", around());
        unbounded.meter().sent(50_000_000);
        unbounded.plan(PLAN);
        assertThat(Objects.requireNonNull(unbounded.status()).spentBytes()).isZero();
        assertThat(unbounded.meter().admits(false, FRAME_BYTES)).isTrue();
    }

    @Test
    void anotherPeriodKeepsWhatWasSpent() {
        send(false, 5_000_000);
        budget.plan(new BudgetPlan(100_000_000, Period.MONTH, PLAN.pingInterval()));
        assertThat(status().spentBytes()).isGreaterThanOrEqualTo(5_000_000);
        pass(DAY_MS);
        assertThat(status().spentBytes()).isGreaterThanOrEqualTo(5_000_000);
        pass(10 * DAY_MS);
        assertThat(status().spentBytes()).isZero();
    }

    @Test
    void aDamagedLeaseCountsAsUsedUpUntilTheNextPeriod() {
        ledger.kept = new byte[] {9};
        budget = started(PLAN);
        assertThat(sendAll(true)).isZero();
        pass(DAY_MS / 2);
        assertThat(sendAll(true)).isPositive();
    }

    @Test
    void theLeastBudgetLetsTheLargestMessageThrough() {
        for (Period period : Period.values()) {
            long least = BudgetPlan.leastBytes(period, Duration.ofSeconds(10), 1 << 20);
            var plan = new BudgetPlan(least, period, Duration.ofSeconds(10));
            assertThat(plan.ordinaryBytes())
                    .isGreaterThan((1 << 20) + (64 << 10))
                    .isGreaterThan(BudgetPlan.keepAliveBytes(period, Duration.ofSeconds(10)));
        }
    }

    private SendBudget.Surroundings around() {
        return new SendBudget.Surroundings(Runnable::run, ledger, () -> Instant.ofEpochMilli(wallMs), () -> nowNs);
    }

    private SendBudget started(BudgetPlan plan) {
        var made = new SendBudget("hq", around());
        made.onChange(() -> changes++);
        made.plan(plan);
        return made;
    }

    private void kill(BudgetPlan plan) {
        nowNs = 5_000_000_000L; // another boot, perhaps
        budget = started(plan);
    }

    private void pass(long ms) {
        wallMs += ms;
        nowNs += ms * 1_000_000;
        budget.tick();
    }

    private BudgetStatus status() {
        return Objects.requireNonNull(budget.status());
    }

    private long sendAll(boolean urgent) {
        return send(urgent, Long.MAX_VALUE);
    }

    /** Sends frames until one does not go even after more was asked for, or so many bytes went; says how many. */
    private long send(boolean urgent, long bytesMax) {
        long sent = 0;
        Meter meter = budget.meter();
        while (sent < bytesMax) {
            if (!meter.admits(urgent, FRAME_BYTES)) {
                meter.want(urgent, FRAME_BYTES);
                if (!meter.admits(urgent, FRAME_BYTES)) {
                    return sent;
                }
            }
            meter.sent(FRAME_BYTES);
            sent += FRAME_BYTES;
        }
        return sent;
    }
}
