package io.leafd.app.cli;

import io.leafd.app.config.schema.Quantities;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as in the configuration. */
final class TimeoutConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        Duration duration = Quantities.parseDuration(text);
        if (duration == null || duration.isZero()) {
            throw new TypeConversionException("\"" + text + "\" is no time; write for example 5s");
        }
        return duration;
    }
}
