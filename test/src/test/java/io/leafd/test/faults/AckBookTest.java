package io.leafd.test.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge of consumers must be able to condemn. */
class AckBookTest {
    private static final MessageId FIRST = new MessageId(0, 1);
    private static final MessageId SECOND = new MessageId(0, 2);

    private final AckBook book = new AckBook(1);

    @Test
    void aMessageThatNeverCameIsSkipped() {
        book.delivered(SECOND);

        assertThat(book.skipped(List.of(new Ledger.Entry(1, FIRST), new Ledger.Entry(2, SECOND))))
                .containsExactly(FIRST);
    }

    @Test
    void aConfirmedMessageThatComesAgainWasForgotten() {
        book.delivered(FIRST);
        book.delivered(FIRST);
        assertThat(book.forgotten()).isEmpty();
        book.confirmed(FIRST);
        book.delivered(FIRST);
        assertThat(book.forgotten()).containsExactly(FIRST);
    }

    @Test
    void confirmationsAfterTheMarkAreTakenBack() {
        var mark = book.mark();
        book.confirmed(FIRST);
        book.rewind(mark);
        book.delivered(FIRST);
        assertThat(book.forgotten()).isEmpty();
    }
}
