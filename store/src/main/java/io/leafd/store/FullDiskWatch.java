package io.leafd.store;

import io.leafd.store.loop.StoreLoop;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has publishers refused that would wait for a sync only to hear that the disk is full. A thread of its own, which owns what it remembers
 * of free space; {@link #refusing} any thread.
 *
 * <p>Whoever fills the disk also holds up whoever syncs. Observed on ext4 in ordered mode, 64 MiB: somebody writes 32 MB in a tenth of a
 * second, and our next sync has to flush them with our log. It takes 0.3 to 2.7 s, succeeds, and then the disk is full. All that time free
 * space stands still, a little above what must stay free, because the other one is held up as well: a look at whether the disk is full comes
 * too late. Therefore the other question:
 *
 * <pre>
 *   spare  ████████████████▇▅▃▂▂▂▂▂▂▂▂▂▂▂▂▂▁          filling: within two seconds more went than is left
 *   loop   ─┤ round ├┤ round ├┤ round · · · · · ├     held up: its round lasts longer than {@value #PATIENCE_MS} ms
 *   answer                       ok   refused  · · ·
 * </pre>
 *
 * <p>While both are so, or the loop is held up and the store was full already, everybody is refused who waits in the inbox, and whoever
 * comes is refused at the door.
 *
 * <ol>
 *   <li>Only what was not begun is refused, and it is never stored: {@link io.leafd.store.loop.Refusable}.
 *   <li>What is in the sync is left alone: mostly it succeeds, and is acknowledged then, late. To refuse that too was tried: just as many
 *       refusals came late, of messages that were stored nevertheless.
 *   <li>A refusal may turn out to have been needless, if the other one stops in time. At such a pace there were less than two seconds left.
 * </ol>
 */
final class FullDiskWatch implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(FullDiskWatch.class);
    private static final long PATIENCE_MS = 50;
    private static final long PATIENCE_NS = PATIENCE_MS * 1_000_000;
    private static final long LOOK_NS = 15_000_000;
    private static final long LOOK_SELDOM_NS = 250_000_000;
    /** With more than this nobody fills the disk between two looks. */
    private static final long SPARE_LOW_BYTES = 256L << 20;
    /** What was spare is remembered for so long, up to twice as long. */
    private static final long MEMORY_NS = 1_000_000_000;
    /** It is told again after so long without. */
    private static final long TELL_AGAIN_NS = 10_000_000_000L;

    private final StoreLoop loop;
    private final LongSupplier spareBytes;
    private final BooleanSupplier full;
    private volatile boolean refusing;
    private volatile boolean stopped;
    private @Nullable Thread thread;
    private long earlierBytes = Long.MIN_VALUE; // most that was spare in the second before this one
    private long highestBytes = Long.MIN_VALUE; // most since sinceNs
    private long sinceNs;
    private long refusedNs;

    /**
     * A watch that does not run yet.
     *
     * @param spareBytes what others may use up before nothing is taken in; asked at each look
     * @param full whether nothing is taken in already
     */
    FullDiskWatch(StoreLoop loop, LongSupplier spareBytes, BooleanSupplier full) {
        this.loop = loop;
        this.spareBytes = spareBytes;
        this.full = full;
        this.sinceNs = loop.nanoTime();
        this.refusedNs = sinceNs - TELL_AGAIN_NS;
    }

    void start() {
        var started = new Thread(this, "store-watch");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    /** Ends the thread, soon. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    /** Any thread. Whether whoever waits for an answer is to be refused at the door. */
    boolean refusing() {
        return refusing;
    }

    @Override
    public void run() {
        while (!stopped) {
            long untilNextNs = LOOK_SELDOM_NS;
            try {
                untilNextNs = look();
            } catch (RuntimeException e) {
                log.error(
                        "store watch failed",
                        e); // a publisher that could not be told; the others are with the next look
            }
            LockSupport.parkNanos(this, untilNextNs);
        }
    }

    /** Looks once, and has refused whom it must. Answers after how many nanoseconds to look again. */
    long look() {
        boolean heldUp = loop.heldUpNs() > PATIENCE_NS;
        long spare = spareBytes.getAsLong();
        boolean filling = filling(spare, heldUp);
        refusing = heldUp && (filling || full.getAsBoolean());
        if (refusing) {
            tell(spare);
            loop.refuseWaiting();
        }
        return spare < SPARE_LOW_BYTES ? LOOK_NS : LOOK_SELDOM_NS;
    }

    private void tell(long spare) {
        long nowNs = loop.nanoTime();
        if (nowNs - refusedNs >= TELL_AGAIN_NS) {
            log.warn(
                    "publishers are refused, a sync takes long on a disk that is full or being filled spare_bytes={}",
                    spare);
        }
        refusedNs = nowNs;
    }

    /** Whether more went lately than is left. While the loop is held up, what was spare before is not forgotten. */
    private boolean filling(long spare, boolean heldUp) {
        long nowNs = loop.nanoTime();
        if (nowNs - sinceNs > MEMORY_NS && !heldUp) {
            earlierBytes = highestBytes;
            highestBytes = spare;
            sinceNs = nowNs;
        }
        highestBytes = Math.max(highestBytes, spare);
        return Math.max(highestBytes, earlierBytes) - spare > spare;
    }
}
