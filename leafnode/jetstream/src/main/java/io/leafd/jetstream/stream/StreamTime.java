package io.leafd.jetstream.stream;

import io.leafd.jetstream.json.GoTime;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time that a stream stamps its messages with, and their age by it, on a box whose wall clock may be set at any moment. Owned
 * by the store loop.
 *
 * <p>Between two looks the time goes on with the monotonic clock. When the wall clock was set forward (a box without battery
 * learns the time), new messages get the new time, and messages that were stamped before count as old as they are by the monotonic
 * clock: nothing expires early. When it was set back, the time goes on as before until the wall clock has caught up: timestamps
 * never fall.
 *
 * <p>Across restarts, by what {@link Memory} kept:
 *
 * <ol>
 *   <li>In the same boot of the box the monotonic clock goes on, so the time goes on too; what happened to the wall clock meanwhile is
 *       a jump like any other.
 *   <li>In another boot nobody knows how long the box was off. A wall clock behind the last message is not believed: the time goes on
 *       from that message. A wall clock ahead is, and the time off counts; unless the last message is from before
 *       {@link #UNSET_BEFORE_NS}: then its clock had never been set, and its messages are as old as they were.
 * </ol>
 *
 * <p>Bound: the last {@value #JUMPS_MAX} jumps. Of more, the two oldest become one, by which messages count as too young, never as too
 * old.
 */
final class StreamTime {
    /** 2025-01-01T00:00:00Z. A clock that shows less was never set: there was no leafd then. */
    static final long UNSET_BEFORE_NS = 1_735_689_600_000_000_000L;

    static final int JUMPS_MAX = 16;
    private static final long TOLERANCE_NS = 1_000_000_000L;

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Memory memory;
    private final String boot;
    private final ArrayDeque<ClockJump> jumps = new ArrayDeque<>();
    private long startNs;
    private long baseNs;
    private boolean kept;

    /** Keeps the bytes of a {@link ClockRecord} with the stream. */
    interface Memory {
        /** What was kept; null for a stream that never stored a message. */
        byte @Nullable [] load();

        /** Keeps the bytes with what the present work item writes. */
        void save(byte[] bytes);
    }

    /**
     * The time of a stream that is being opened.
     *
     * @param boot names the present run of the box's kernel; the monotonic clock goes on as long as it is the same
     * @param lastTimestampNs of the stream's last message; 0 if it never had one
     */
    StreamTime(InstantSource clock, LongSupplier nanoTime, String boot, Memory memory, long lastTimestampNs) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.memory = memory;
        this.boot = boot;
        begin(lastTimestampNs);
    }

    /** The present, in nanoseconds since 1970. */
    long nowNs() {
        long monotonicNs = nanoTime.getAsLong();
        long expectedNs = monotonicNs + baseNs;
        long wallNs = GoTime.epochNs(clock.instant());
        if (wallNs - expectedNs <= TOLERANCE_NS) {
            return expectedNs;
        }
        jumped(new ClockJump(startNs, expectedNs + 1, wallNs - expectedNs, monotonicNs));
        baseNs = wallNs - monotonicNs;
        return wallNs;
    }

    /** The present, for a message that is being stored: what its age will be counted by is kept with it. */
    long stampNs() {
        long nowNs = nowNs();
        if (!kept) {
            memory.save(new ClockRecord(boot, startNs, baseNs, List.copyOf(jumps)).toBytes());
            kept = true;
        }
        return nowNs;
    }

    /** How old a message with this timestamp is. */
    long ageNs(long timestampNs) {
        long ageNs = nowNs() - timestampNs;
        for (ClockJump jump : jumps) {
            if (timestampNs >= jump.startNs() && timestampNs < jump.fromNs()) {
                ageNs -= jump.deltaNs();
            }
        }
        return ageNs;
    }

    /** A window before the present, longer by what the clock jumped within it: what was inside stays inside. */
    long windowNs(long windowNs) {
        long stretchedNs = windowNs;
        long monotonicNs = nanoTime.getAsLong();
        for (ClockJump jump : jumps) {
            if (monotonicNs - jump.nanoTime() < windowNs) {
                stretchedNs += jump.deltaNs();
            }
        }
        return stretchedNs;
    }

    private void begin(long lastTimestampNs) {
        long monotonicNs = nanoTime.getAsLong();
        long wallNs = GoTime.epochNs(clock.instant());
        byte[] bytes = memory.load();
        ClockRecord before = bytes == null ? null : ClockRecord.parse(bytes);
        if (before != null && before.boot().equals(boot)) {
            jumps.addAll(before.jumps());
            startNs = before.startNs();
            baseNs = before.baseNs();
            kept = true;
            return;
        }
        if (before != null) {
            before.jumps().forEach(jump -> jumps.add(jump.longAgo(monotonicNs)));
        }
        startNs = Math.max(wallNs, lastTimestampNs + 1);
        baseNs = startNs - monotonicNs;
        if (lastTimestampNs > 0 && lastTimestampNs < UNSET_BEFORE_NS && wallNs >= UNSET_BEFORE_NS) {
            jumped(new ClockJump(0, lastTimestampNs + 1, wallNs - lastTimestampNs, monotonicNs));
        }
    }

    private void jumped(ClockJump jump) {
        if (jumps.size() == JUMPS_MAX) {
            ClockJump oldest = jumps.removeFirst();
            ClockJump next = jumps.getFirst();
            if (oldest.startNs() == next.startNs()) {
                jumps.removeFirst();
                jumps.addFirst(oldest.joined(next));
            }
        }
        jumps.addLast(jump);
        kept = false;
    }
}
