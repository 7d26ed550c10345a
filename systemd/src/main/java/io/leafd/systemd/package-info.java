/**
 * What systemd wants of a service: readiness, watchdog beats, journal priorities. Also the log, which is slf4j's only provider.
 *
 * <p>Threads: {@code watchdog} and {@code log}, one each. Knows nothing of a broker.
 */
@NullMarked
package io.leafd.systemd;

import org.jspecify.annotations.NullMarked;
