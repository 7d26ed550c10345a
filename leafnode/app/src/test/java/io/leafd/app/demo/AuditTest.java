package io.leafd.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.leafd.app.client.NatsClient.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The demo must not praise what is not there. */
class AuditTest {
    private static final Sensor SENSOR = Sensor.hall().getFirst();
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    private final List<Reading> sent = IntStream.rangeClosed(1, 100)
            .mapToObj(seq -> Reading.of(SENSOR, seq, START.plusMillis(50L * seq)))
            .toList();
    private final List<Delivery> received = new ArrayList<>(sent.stream()
            .map(reading -> new Delivery(SENSOR.subject(), reading.payload()))
            .toList());

    @Test
    void everythingOnceAndInOrderIsGood() {
        assertThat(verdict().good()).isTrue();
        assertThat(verdict().tree())
                .containsEntry("ok", true)
                .containsEntry("sent", 100L)
                .containsEntry("held", 40L)
                .containsEntry("received", 100L)
                .containsEntry("lost", 0L)
                .containsEntry("duplicates", 0L)
                .containsEntry("out_of_order", 0L);
    }

    @Test
    void oneMissingIsLost() {
        received.remove(41);
        assertThat(verdict().total().lost()).isEqualTo(1);
        assertThat(verdict().total().disordered()).isZero();
        assertThat(verdict().good()).isFalse();
        assertThat(verdict().sentence()).startsWith("FAILED: 1 lost");
    }

    @Test
    void theLastOneMissingIsLost() {
        received.removeLast();
        assertThat(verdict().total().lost()).isEqualTo(1);
    }

    @Test
    void oneTwiceIsADuplicate() {
        received.add(received.get(7));
        assertThat(verdict().total().duplicates()).isEqualTo(1);
        assertThat(verdict().total().disordered()).isZero();
        assertThat(verdict().good()).isFalse();
    }

    @Test
    void twoThatChangedPlacesAreOutOfOrder() {
        Collections.swap(received, 10, 11);
        assertThat(verdict().total().disordered()).isEqualTo(1);
        assertThat(verdict().total().lost()).isZero();
        assertThat(verdict().good()).isFalse();
    }

    @Test
    void otherBytesAreNotTheReading() {
        received.set(3, new Delivery(SENSOR.subject(), "{\"seq\":4}".getBytes(StandardCharsets.UTF_8)));
        assertThat(verdict().total().altered()).isEqualTo(1);
        assertThat(verdict().total().lost()).isEqualTo(1);
        assertThat(verdict().good()).isFalse();
    }

    @Test
    void messagesOfNobodyAreNotGood() {
        received.add(new Delivery("plant.unknown", new byte[0]));
        assertThat(verdict().foreign()).isEqualTo(1);
        assertThat(verdict().good()).isFalse();
    }

    @Test
    void anOutageInWhichNothingWasHeldShowsNothing() {
        Verdict verdict = Verdict.of(Audit.compare(List.of(sent), Map.of(), received), received.size());
        assertThat(verdict.good()).isFalse();
        assertThat(verdict.sentence()).contains("nothing was held");
    }

    private Verdict verdict() {
        return Verdict.of(Audit.compare(List.of(sent), Map.of(SENSOR.subject(), 40L), received), received.size());
    }
}
