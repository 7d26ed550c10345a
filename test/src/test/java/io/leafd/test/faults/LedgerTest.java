package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge must be able to condemn. */
class LedgerTest {
    private static final int MESSAGES = 10;

    private final Ledger ledger = new Ledger(2);
    private final List<Ledger.Entry> stream = new ArrayList<>();

    LedgerTest() {
        for (int i = 1; i <= MESSAGES; i++) {
            MessageId id = ledger.attempt(i % 2);
            ledger.acknowledged(id, i);
            stream.add(new Ledger.Entry(i, id));
        }
    }

    @Test
    void acquitsWhatIsAllThere() {
        assertThat(ledger.judge(stream, 0).clean()).isTrue();
        assertThat(ledger.judge(stream, 0).totals()).isEqualTo(new Verdict.Totals(MESSAGES, MESSAGES, MESSAGES));
    }

    @Test
    void seesALostMessage() {
        Ledger.Entry gone = stream.remove(4);

        assertThat(ledger.judge(stream, 0).failures().lost()).containsExactly(gone.id());
        assertThat(ledger.judge(stream, 0).honest()).isFalse();
    }

    @Test
    void toldLossIsHonestAndNotClean() {
        Ledger.Entry gone = stream.remove(4);
        Verdict verdict = ledger.judge(stream, 0, List.of(new Ledger.SeqRange(gone.seq(), gone.seq() + 1)));

        assertThat(verdict.failures().declared()).containsExactly(gone.id());
        assertThat(verdict.honest()).isTrue();
        assertThat(verdict.clean()).isFalse();
    }

    @Test
    void seesADuplicate() {
        stream.add(new Ledger.Entry(MESSAGES + 1, stream.get(3).id()));

        assertThat(ledger.judge(stream, 0).failures().duplicate())
                .containsExactly(stream.get(3).id());
        assertThat(ledger.judge(stream, 0).clean()).isFalse();
    }

    @Test
    void seesAMessageBehindALaterOneOfItsWriter() {
        MessageId early = ledger.attempt(0);
        MessageId late = ledger.attempt(0);
        stream.add(new Ledger.Entry(MESSAGES + 1, late));
        stream.add(new Ledger.Entry(MESSAGES + 2, early));

        assertThat(ledger.judge(stream, 0).failures().reordered()).containsExactly(early);
    }

    @Test
    void seesAMessageUnderAnotherSequence() {
        Collections.swap(stream, 2, 3);
        List<Ledger.Entry> renumbered = new ArrayList<>();
        stream.forEach(entry -> renumbered.add(new Ledger.Entry(renumbered.size() + 1L, entry.id())));

        assertThat(ledger.judge(renumbered, 0).failures().reordered()).isEmpty();
        assertThat(ledger.judge(renumbered, 0).failures().moved()).hasSize(2);
    }

    @Test
    void seesAMessageThatNobodySent() {
        stream.add(new Ledger.Entry(MESSAGES + 1, new MessageId(0, 99)));
        stream.add(new Ledger.Entry(MESSAGES + 2, new MessageId(7, 1)));

        assertThat(ledger.judge(stream, 0).failures().unexpected()).hasSize(2);
    }

    @Test
    void seesDamage() {
        assertThat(ledger.judge(stream, 1).honest()).isFalse();
    }

    @Test
    void anUnacknowledgedMessageMayBeThereOrNot() {
        MessageId open = ledger.attempt(1);

        assertThat(ledger.judge(stream, 0).clean()).isTrue();
        stream.add(new Ledger.Entry(MESSAGES + 1, open));
        assertThat(ledger.judge(stream, 0).clean()).isTrue();
    }

    @Test
    void acknowledgementsAfterTheMarkAreTakenBack() {
        Ledger.Mark mark = ledger.mark();
        MessageId later = ledger.attempt(0);
        ledger.acknowledged(later, MESSAGES + 1);

        assertThat(ledger.judge(stream, 0).failures().lost()).containsExactly(later);
        ledger.rewind(mark);
        assertThat(ledger.judge(stream, 0).clean()).isTrue();
    }

    @Test
    void aPayloadTellsItsIdAndEachWrongByte() {
        byte[] payload = new MessageId(3, 12345).payload();

        assertThat(MessageId.of(payload)).isEqualTo(new MessageId(3, 12345));
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= 1;
            assertThat(MessageId.of(payload)).isNull();
            payload[i] ^= 1;
        }
    }
}
