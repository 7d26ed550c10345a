package io.leafd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.protocol.Subject;
import io.leafd.protocol.SubjectFilter;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.RemovalVisitor;
import io.leafd.store.log.StreamLog;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory does not grow with the number of subjects or streams. */
class ManySubjectsTest {
    private static final int SUBJECTS = 200_000;

    @TempDir
    Path directory;

    @Test
    void cachesStayWithinTheirBoundsAndAnswersStayExact() {
        try (Stores stores = Stores.small(directory)) {
            StreamLog log = stores.stream("KV");
            byte[] body = new byte[16];
            for (int i = 0; i < SUBJECTS; i++) {
                log.append(subject(i), body, 0, i, null);
                if (i % 1000 == 999) {
                    stores.run();
                }
            }
            long heapBudget = stores.config.memoryBytes() / 8;
            assertThat(stores.store.resources().heldBytes()).isLessThanOrEqualTo(heapBudget);
            assertThat(log.state().subjects()).isEqualTo(SUBJECTS);

            var random = new Random(3);
            for (int i = 0; i < 2000; i++) {
                int key = random.nextInt(SUBJECTS);
                if (log.messages(subject(key)) == 1 && log.lastSeq(subject(key)) == key + 1) {
                    log.append(subject(key), body, 0, SUBJECTS + i, null);
                    assertThat(log.removeFirst(subject(key), RemovalVisitor.NONE))
                            .isEqualTo(key + 1);
                }
                assertThat(log.messages(subject(key))).isEqualTo(1);
            }
            stores.run();
            assertThat(log.messages()).isEqualTo(SUBJECTS);
            assertThat(log.countFrom(0, LogFilter.of(SubjectFilter.of("device.7.*"))))
                    .isEqualTo(SUBJECTS / 100);
            assertThat(log.lastPerSubject(LogFilter.of(SubjectFilter.of("device.8.>")), Long.MAX_VALUE, 10_000))
                    .hasSize(SUBJECTS / 100)
                    .isSorted();
            assertThat(stores.store.resources().heldBytes()).isLessThanOrEqualTo(heapBudget);
        }
    }

    private static Subject subject(int number) {
        return Subject.of("device." + number % 100 + "." + number);
    }
}
