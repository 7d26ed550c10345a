package io.leafd.link.forward;

import org.jspecify.annotations.Nullable;

/**
 * What a forward shows of itself. Immutable, any thread.
 *
 * @param name the forward
 * @param state offline, checking, sending, refused, stopped, or "over budget": it waits for the next period of the link's budget
 * @param messages stored here and not confirmed, parked ones included
 * @param bytes of these
 * @param oldestAgeMs age of the oldest of them, 0 if there is none
 * @param parked set aside, see {@link Parked}
 * @param confirmed confirmed since start
 * @param confirmedBytes of these
 * @param messagesPerSecond confirmed, smoothed over about ten seconds
 * @param etaMs until the backlog is gone at this rate, -1 if it cannot be told
 * @param lastSuccessMs when the upstream confirmed last, ms since 1970, 0 for never
 * @param lastError what is wrong now, or was last
 * @param lastErrorMs when that was, ms since 1970, 0 for never
 * @param restarts times that a backlog without progress was taken up anew
 * @param resends messages sent more than once
 */
public record ForwardStats(
        String name,
        String state,
        long messages,
        long bytes,
        long oldestAgeMs,
        int parked,
        long confirmed,
        long confirmedBytes,
        double messagesPerSecond,
        long etaMs,
        long lastSuccessMs,
        @Nullable String lastError,
        long lastErrorMs,
        long restarts,
        long resends) {}
