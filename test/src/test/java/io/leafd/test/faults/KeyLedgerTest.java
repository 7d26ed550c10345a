package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The judge of buckets must be able to condemn. */
class KeyLedgerTest {
    private final KeyLedger ledger = new KeyLedger();

    KeyLedgerTest() {
        change("a", "1");
        change("a", "2");
    }

    @Test
    void theLastAcknowledgedValueIsRight() {
        assertThat(ledger.judge(Map.of("a", "2"))).isEmpty();
    }

    @Test
    void anOlderValueIsWrong() {
        assertThat(ledger.judge(Map.of("a", "1"))).hasSize(1);
        assertThat(ledger.judge(Map.of())).hasSize(1);
    }

    @Test
    void aTriedValueIsPossible() {
        ledger.attempt("a", "3");
        assertThat(ledger.judge(Map.of("a", "2"))).isEmpty();
        assertThat(ledger.judge(Map.of("a", "3"))).isEmpty();
        assertThat(ledger.judge(Map.of("a", "1"))).hasSize(1);
    }

    @Test
    void aDeletedKeyMustNotComeBack() {
        change("a", "");
        assertThat(ledger.judge(Map.of())).isEmpty();
        assertThat(ledger.judge(Map.of("a", "2"))).hasSize(1);
    }

    @Test
    void aKeyThatNobodyWroteIsWrong() {
        assertThat(ledger.judge(Map.of("a", "2", "b", "1"))).hasSize(1);
    }

    @Test
    void changesAfterTheMarkMayBeThereOrNot() {
        Map<String, Integer> mark = ledger.mark();
        change("a", "3");
        assertThat(ledger.judge(Map.of("a", "2"))).hasSize(1);
        ledger.rewind(mark);
        assertThat(ledger.judge(Map.of("a", "2"))).isEmpty();
        assertThat(ledger.judge(Map.of("a", "3"))).isEmpty();
        assertThat(ledger.judge(Map.of("a", "1"))).hasSize(1);
    }

    private void change(String key, String value) {
        ledger.attempt(key, value);
        ledger.acknowledged(key);
    }
}
