package io.leafd.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastWordTest {
    private final List<Integer> halted = new ArrayList<>();
    private final LastWord lastWord = new LastWord(halted::add);

    @Test
    void aThreadThatEndsByABugEndsTheProcess() {
        endBy(Thread.ofPlatform(), new IllegalStateException("a bug"));
        assertThat(halted).containsExactly(1);
    }

    @Test
    void soDoesATaskForWhichThereIsNoMemory() {
        endBy(Thread.ofVirtual(), new OutOfMemoryError("Cannot reserve direct buffer memory"));
        assertThat(halted).containsExactly(1);
    }

    @Test
    void aTaskWithABugDoesNot() {
        endBy(Thread.ofVirtual(), new IllegalStateException("a bug"));
        assertThat(halted).isEmpty();
    }

    private void endBy(Thread.Builder builder, Throwable cause) {
        lastWord.uncaughtException(builder.unstarted(() -> {}), cause);
    }
}
