package io.leafd.jetstream.consumer.ack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AckStateTest {
    private static final long WAIT_NS = 30_000;

    private final AckLog log = new AckLog();
    private final TestClock clock = new TestClock();
    private AckState state = explicit(0);

    @Test
    void outOfOrderAcksMoveTheFloorWhenTheGapCloses() {
        deliver(1, 2, 3);

        state.ack(3, 3);
        assertThat(state.floor()).isEqualTo(new SeqPair(0, 0));
        state.ack(1, 1);
        assertThat(state.floor()).isEqualTo(new SeqPair(1, 1));
        state.ack(2, 2);
        assertThat(state.floor()).isEqualTo(new SeqPair(3, 3));
        assertThat(state.pendingCount()).isZero();
    }

    @Test
    void theFloorLiesRightBelowTheLowestPendingMessageOfAFilteredStream() {
        deliver(5, 9, 12);

        state.ack(9, 2);
        assertThat(state.floor()).isEqualTo(SeqPair.ZERO);
        state.ack(5, 1);
        assertThat(state.floor()).isEqualTo(new SeqPair(2, 11));
    }

    @Test
    void withoutAcksTheFloorIsTheDelivered() {
        state = with(new AckRules(AckRules.Kind.NONE, 0, List.of(), 0, 0));
        deliver(4, 7);

        assertThat(state.floor()).isEqualTo(new SeqPair(2, 7)).isEqualTo(state.delivered());
        assertThat(state.ack(4, 1)).isFalse();
        assertThat(state.full()).isFalse();
        assertThat(log.events).isEmpty();
    }

    @Test
    void ackAllStandsForEverythingBefore() {
        state = with(new AckRules(AckRules.Kind.CUMULATIVE, WAIT_NS, List.of(), 0, 0));
        deliver(1, 2, 3, 4);
        log.take();

        assertThat(state.ack(3, 3)).isTrue();
        assertThat(log.take()).containsExactly("released 1", "released 2", "released 3");
        assertThat(state.floor()).isEqualTo(new SeqPair(3, 3));
        assertThat(state.ack(2, 2)).isTrue();
        assertThat(log.take()).isEmpty();
        assertThat(state.pendingCount()).isEqualTo(1);
    }

    @Test
    void aRedeliveryTakesANewConsumerSequenceAndKeepsItsPlace() {
        deliver(1, 2);
        clock.advance(WAIT_NS);
        assertThat(state.expire(clock.nowNs())).isTrue();

        assertThat(redeliver()).isEqualTo("1 x2 as 3");
        assertThat(redeliver()).isEqualTo("2 x2 as 4");
        assertThat(state.redelivery()).isNull();
        assertThat(state.redeliveredCount()).isEqualTo(2);
        state.ack(1, 3);
        assertThat(state.floor()).isEqualTo(new SeqPair(1, 1));
        assertThat(state.redeliveredCount()).isEqualTo(1);
    }

    @Test
    void theWaitCountsFromTheLastDelivery() {
        deliver(1);
        clock.advance(WAIT_NS - 1);
        assertThat(state.expire(clock.nowNs())).isFalse();
        assertThat(state.expiryNs(clock.nowNs())).isEqualTo(1);

        state.progress(1, clock);
        assertThat(state.expiryNs(clock.nowNs())).isEqualTo(WAIT_NS);
    }

    @Test
    void backoffReplacesTheWaitAndItsLastEntryRepeats() {
        state = with(new AckRules(AckRules.Kind.EXPLICIT, 10, List.of(10L, 200L), 0, 0));
        deliver(1);
        assertThat(state.expiryNs(clock.nowNs())).isEqualTo(10);
        clock.advance(10);
        state.expire(clock.nowNs());
        redeliver();
        assertThat(state.expiryNs(clock.nowNs())).isEqualTo(200);
        clock.advance(200);
        state.expire(clock.nowNs());
        redeliver();
        assertThat(state.expiryNs(clock.nowNs())).isEqualTo(200);
    }

    @Test
    void naksAreRedeliveredInTheOrderOfTheirArrival() {
        deliver(1, 2, 3);

        assertThat(state.nak(3, 3, -1, clock)).isTrue();
        assertThat(state.nak(1, 1, -1, clock)).isTrue();
        assertThat(state.nak(3, 3, -1, clock)).isTrue();
        assertThat(redeliver()).isEqualTo("3 x2 as 4");
        assertThat(redeliver()).isEqualTo("1 x2 as 5");
        assertThat(state.redelivery()).isNull();
    }

    @Test
    void aNakWithDelayWaitsThatLong() {
        deliver(1, 2);

        state.nak(1, 1, 500, clock);
        assertThat(state.redelivery()).isNull();
        clock.advance(500);
        assertThat(state.expire(clock.nowNs())).isTrue();
        assertThat(redeliver()).isEqualTo("1 x2 as 3");
    }

    @Test
    void aDelayedNakTakesBackAnImmediateOne() {
        deliver(1);
        state.nak(1, 1, -1, clock);
        state.nak(1, 1, 500, clock);

        assertThat(state.redelivery()).isNull();
        assertThat(state.expiryNs(clock.nowNs())).isEqualTo(500);
    }

    @Test
    void naksOfWhatIsNotPendingHaveNoEffect() {
        deliver(1, 2);
        state.ack(1, 1);

        assertThat(state.nak(1, 1, -1, clock)).isFalse();
        assertThat(state.nak(2, 1, -1, clock)).isFalse();
        assertThat(state.nak(2, 9, -1, clock)).isFalse();
        assertThat(state.nak(7, 2, -1, clock)).isFalse();
    }

    @Test
    void acksOfWhatWasNeverDeliveredAreNotAnswered() {
        deliver(1, 2);

        assertThat(state.ack(3, 3)).isFalse();
        assertThat(state.ack(2, 2)).isTrue();
        assertThat(state.ack(2, 2)).isTrue();
    }

    @Test
    void theLastPermittedDeliveryLeavesPendingWhenItsWaitEnds() {
        state = explicit(2);
        deliver(1, 2);
        clock.advance(WAIT_NS);
        state.expire(clock.nowNs());
        redeliver();
        log.take();
        clock.advance(WAIT_NS);

        assertThat(state.expire(clock.nowNs())).isFalse();
        assertThat(log.take()).containsExactly("exhausted 1 x2");
        assertThat(state.pendingCount()).isEqualTo(1);
        assertThat(state.redeliveredCount()).isEqualTo(1);
        assertThat(state.needs(1)).isTrue();
        assertThat(state.floor()).isEqualTo(SeqPair.ZERO);

        assertThat(state.ack(1, 3)).isTrue(); // late, but it counts
        assertThat(log.take()).containsExactly("released 1");
        assertThat(state.needs(1)).isFalse();
    }

    @Test
    void aNakOfTheLastPermittedDeliveryEndsIt() {
        state = explicit(1);
        deliver(1);
        state.nak(1, 1, -1, clock);
        log.take();

        assertThat(state.redelivery()).isNull();
        assertThat(log.take()).containsExactly("exhausted 1 x1");
    }

    @Test
    void fullAtMaxAckPending() {
        state = with(new AckRules(AckRules.Kind.EXPLICIT, WAIT_NS, List.of(), 0, 2));
        deliver(1);
        assertThat(state.full()).isFalse();
        deliver(2);
        assertThat(state.full()).isTrue();
        state.ack(1, 1);
        assertThat(state.full()).isFalse();
    }

    @Test
    void aMessageThatLeavesTheStreamIsForgotten() {
        deliver(1, 2);
        log.take();

        PendingMessage gone = state.removed(1);

        assertThat(gone).isNotNull();
        assertThat(state.floor()).isEqualTo(new SeqPair(1, 1));
        assertThat(log.take()).containsExactly("forgotten 1");
        assertThat(state.removed(1)).isNull();
    }

    @Test
    void purgeOfEverythingMovesBothPositionsToTheEnd() {
        deliver(1, 2);

        state.purged(11, 11, seq -> false);

        assertThat(state.delivered()).isEqualTo(new SeqPair(2, 10));
        assertThat(state.floor()).isEqualTo(new SeqPair(2, 10));
        assertThat(state.pendingCount()).isZero();
    }

    @Test
    void purgeOfAPartKeepsWhatIsStillThere() {
        deliver(1, 2, 3, 4);

        state.purged(5, 3, seq -> seq != 3);

        assertThat(state.pendingCount()).isEqualTo(1);
        assertThat(state.floor()).isEqualTo(new SeqPair(3, 2));
        assertThat(state.delivered()).isEqualTo(new SeqPair(4, 4));
    }

    @Test
    void resetStartsOver() {
        deliver(1, 2, 3);
        state.reset(2);

        assertThat(state.delivered()).isEqualTo(new SeqPair(0, 1));
        assertThat(state.floor()).isEqualTo(new SeqPair(0, 1));
        assertThat(state.deliver(2, clock)).isEqualTo(1);
    }

    @Test
    void resumingLeavesOutWhatRanOutOfDeliveries() {
        state = explicit(1);
        deliver(1, 2);
        assertThat(state.resumeSeq()).isEqualTo(1);
        clock.advance(WAIT_NS);
        state.expire(clock.nowNs());
        assertThat(state.resumeSeq()).isEqualTo(3);
    }

    @Test
    void aChangedDeliverSubjectRedeliversEverything() {
        deliver(1, 2);
        state.expireAll();

        assertThat(redeliver()).isEqualTo("1 x2 as 3");
        assertThat(redeliver()).isEqualTo("2 x2 as 4");
    }

    @Test
    void aRestartKeepsCountsAndWaits() {
        state.restore(new SeqPair(4, 9), new SeqPair(1, 3));
        state.restorePending(5, 2, 2, 0, 9, clock.nowNs() + 7);
        state.restorePending(9, 4, 1, 0, 9, clock.nowNs() + 9);
        state.restoreExhausted(4, 3);

        assertThat(state.redeliveredCount()).isEqualTo(2);
        assertThat(state.expiryNs(clock.nowNs())).isEqualTo(7);
        assertThat(state.needs(4)).isTrue();
        state.ack(5, 2);
        assertThat(state.floor()).isEqualTo(new SeqPair(3, 8));
    }

    private AckState explicit(int deliveriesMax) {
        return with(new AckRules(AckRules.Kind.EXPLICIT, WAIT_NS, List.of(), deliveriesMax, 0));
    }

    private AckState with(AckRules rules) {
        return new AckState(rules, log);
    }

    private void deliver(long... seqs) {
        for (long seq : seqs) {
            state.deliver(seq, clock);
        }
    }

    private String redeliver() {
        PendingMessage message = state.redelivery();
        assertThat(message).isNotNull();
        long consumerSeq = state.redeliver(message, clock);
        return message.streamSeq() + " x" + message.deliveries() + " as " + consumerSeq;
    }
}
