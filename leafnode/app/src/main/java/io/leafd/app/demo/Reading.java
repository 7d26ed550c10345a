package io.leafd.app.demo;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * One value of one sensor. Immutable.
 *
 * @param seq counts the readings of this sensor from 1
 */
record Reading(Sensor sensor, long seq, Instant at, double value) {
    static Reading of(Sensor sensor, long seq, Instant at) {
        return new Reading(sensor, seq, at, sensor.at(at.toEpochMilli() / 1000.0));
    }

    /** Names the reading to a stream, so that sending it again is not storing it again. */
    String id() {
        return sensor.subject() + "/" + seq;
    }

    /** {@code 61.42 °C}. */
    String shown() {
        return String.format(Locale.ROOT, "%.2f %s", value, sensor.kind().unit());
    }

    /** {@code {"seq":17,"at":"2026-11-21T07:26:46.037Z","value":61.42,"unit":"°C"}}. */
    byte[] payload() {
        return String.format(
                        Locale.ROOT,
                        "{\"seq\":%d,\"at\":\"%s\",\"value\":%.2f,\"unit\":\"%s\"}",
                        seq,
                        at.truncatedTo(ChronoUnit.MILLIS),
                        value,
                        sensor.kind().unit())
                .getBytes(StandardCharsets.UTF_8);
    }
}
