/**
 * What systemd wants of a service: readiness, watchdog beats, journal priorities.
 */
@NullMarked
package io.leafd.systemd;

import org.jspecify.annotations.NullMarked;
