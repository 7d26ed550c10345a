package io.leafd.store.loop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that runs everything that reads or writes streams, and commits it in groups.
 *
 * <pre>
 *   event loops ── offer ──▶ inbox (bounded) ─┐                     ┌─▶ completion 1
 *   control, API ─ control ▶ control lane ────┼─▶ run … run ─▶ commit ─▶ completion 2
 *   schedule ──────────────▶ timers ──────────┘  (stage)   (1 write,└─▶ …
 *                                                           1 fsync)
 * </pre>
 *
 * The idea is group commit without waiting: a group is whatever was queued when the loop came round, up to {@link
 * LoopBounds#groupItems} or the byte bound of the {@link GroupCommit}. One publisher alone pays one fsync per message; a
 * thousand waiting publishers share one. A delay "to collect more" was rejected: it makes the lone publisher slower and the
 * thousand no faster, since the queue fills while the previous group is being synced.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>{@link Work#run}, timers and completions run on this thread only, one at a time.
 *   <li>A completion runs after the commit of everything staged before it was registered, in order of registration; if that
 *       commit failed, {@link Completion#failed} runs instead, never {@code committed}.
 *   <li>An item is never split over two groups by the loop; the group's bounds are looked at between items.
 *   <li>The loop parks only when inbox and control lane are empty and nothing is staged, nor written and owed a sync.
 * </ol>
 *
 * <p>It needs no thread: tests call {@link #runOnce} or {@link #runUntilIdle}, which then make the caller the loop's thread.
 */
public final class StoreLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StoreLoop.class);
    private static final long PARK_MAX_NS = 60_000_000_000L;
    /** A quarter of nanoTime's range: due times stay comparable by difference. */
    private static final long DELAY_MAX_NS = Long.MAX_VALUE / 2;

    private static final long CLOSE_WAIT_MS = 30_000;

    private final LoopBounds bounds;
    private final LongSupplier nanoTime;
    private final GroupCommit group;
    private final Inbox inbox;
    /** Unbounded by itself: its users hold at most a few items each (an API request, a timer of the control thread). */
    private final Queue<Work> control = new ConcurrentLinkedQueue<>();

    private final Timers timers = new Timers();
    private ArrayList<Completion> completions = new ArrayList<>();
    private ArrayList<Completion> completing = new ArrayList<>();
    private final ArrayList<Runnable> departures = new ArrayList<>();
    private boolean durable; // whether a completion of the group waits for all that was written
    private final ArrayDeque<Work> deferred = new ArrayDeque<>();

    private volatile Thread owner = Thread.currentThread();
    private volatile @Nullable Thread thread;
    private volatile boolean parked;
    private volatile boolean stopping;
    private volatile long roundNs; // when the present or last round began
    private volatile boolean inRound;

    /** A loop that is not running yet. The calling thread owns it until {@link #start}. */
    public StoreLoop(LoopBounds bounds, LongSupplier nanoTime, GroupCommit group) {
        this.bounds = bounds;
        this.nanoTime = nanoTime;
        this.group = group;
        this.inbox = new Inbox(bounds.inboxItems(), bounds.inboxBytes());
    }

    /** Starts the thread {@code store-1}, which from here on owns the loop and everything on it. */
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but how long others wait
    public void start() {
        if (thread != null) {
            throw new IllegalStateException("store loop already started");
        }
        var started = new Thread(this::live, "store-1");
        started.setPriority(Thread.MIN_PRIORITY); // a busy disk keeps nobody waiting who only passes messages on
        thread = started;
        owner = started;
        started.start();
    }

    /**
     * Any thread. Queues work that holds {@code bytes} of payload in memory; false if the inbox is full: the caller slows its
     * publisher down or refuses, it does not spin.
     */
    public boolean offer(Work work, int bytes) {
        if (stopping || !inbox.offer(work, bytes)) {
            return false;
        }
        wake();
        return true;
    }

    /**
     * Any thread. Queues control work: API requests, acknowledgements' clean-up, configuration. Never refused, and run before
     * the inbox, so that an overloaded store can still be looked at and relieved. Not for anything a peer can send in bulk.
     */
    public void control(Work work) {
        control.add(work);
        wake();
    }

    /** On the loop. Runs {@code work} right after the current item, in the same group if there is room. */
    public void defer(Work work) {
        assert inLoop();
        deferred.add(work);
    }

    /** On the loop. Runs {@code work} once, not before {@code delayNs} from now. */
    public LoopTimer schedule(long delayNs, Work work) {
        assert inLoop();
        return timers.add(nanoTime.getAsLong() + Math.clamp(delayNs, 0, DELAY_MAX_NS), work);
    }

    /**
     * On the loop. Called when everything staged so far is durable, or failed to be; see {@link Completion}. What was staged softly,
     * in this group or an earlier one, is made durable for it.
     */
    public void afterCommit(Completion completion) {
        assert inLoop();
        durable = true;
        completions.add(completion);
    }

    /**
     * On the loop. As {@link #afterCommit}, but for who does not promise anything about what was staged softly: a group of soft
     * records that only such completions wait for is written without sync.
     */
    public void afterWrite(Completion completion) {
        assert inLoop();
        completions.add(completion);
    }

    /**
     * On the loop. Runs {@code departure} once, before the loop next waits for the disk or for work, and after all completions that are
     * being run: there other threads are woken, once, for all that work or completions have for them.
     */
    public void beforeWaiting(Runnable departure) {
        assert inLoop();
        departures.add(departure);
    }

    /** Any thread. Whether the caller is the loop's thread. */
    public boolean inLoop() {
        return Thread.currentThread() == owner;
    }

    /** The loop's monotonic clock, in nanoseconds. Any thread. */
    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    /** Items waiting in the inbox. Any thread, approximate. */
    public int queuedItems() {
        return inbox.size();
    }

    /** Payload bytes waiting in the inbox. Any thread, approximate. */
    public long queuedBytes() {
        return inbox.heldBytes();
    }

    /** Any thread. For how long the present round has lasted, of which most is a sync; 0 between rounds. */
    public long heldUpNs() {
        return inRound ? Math.max(0, nanoTime.getAsLong() - roundNs) : 0;
    }

    /** Any thread but the loop's. Refuses who waits in the inbox and has not begun, as far as that is {@link Refusable}. */
    public void refuseWaiting() {
        inbox.refuseWaiting();
    }

    /**
     * One round: due timers, then queued work up to the group's bounds, then commit and completions. For tests and for the
     * thread itself.
     *
     * @return number of timers, items, commits and completions run; 0 means idle
     */
    public int runOnce() {
        assert inLoop();
        roundNs = nanoTime.getAsLong();
        inRound = true;
        int ran = runTimers();
        while (ran < bounds.groupItems() && !group.full()) {
            Work work = nextWork();
            if (work == null) {
                break;
            }
            run(work);
            ran++;
        }
        ran += commit();
        inRound = false;
        return ran;
    }

    /** Rounds until one finds nothing to do. For tests. */
    public void runUntilIdle() {
        while (runOnce() > 0) {
            // each round is bounded
        }
    }

    /**
     * Any thread but the loop's. Stops taking offers, runs what is queued, commits, and ends the thread. Idempotent. Without a
     * thread the caller runs the rest itself.
     */
    @Override
    public void close() {
        stopping = true;
        Thread running = thread;
        if (running == null) {
            runUntilIdle();
            return;
        }
        LockSupport.unpark(running);
        try {
            running.join(CLOSE_WAIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (running.isAlive()) {
            throw new StoreException.Unavailable(
                    "store loop did not end within " + CLOSE_WAIT_MS + " ms: the disk does not answer", null);
        }
        owner = Thread.currentThread(); // the closer may now take the store apart
    }

    private void live() {
        while (true) {
            if (runOnce() > 0) {
                continue;
            }
            if (stopping && isIdle()) {
                return;
            }
            park();
        }
    }

    private int runTimers() {
        long nowNs = nanoTime.getAsLong();
        int ran = 0;
        while (ran < bounds.groupItems()) {
            LoopTimer timer = timers.pollDue(nowNs);
            if (timer == null) {
                break;
            }
            run(timer.work);
            ran++;
        }
        return ran;
    }

    private @Nullable Work nextWork() {
        Work work = deferred.poll();
        if (work == null) {
            work = control.poll();
        }
        return work == null ? inbox.poll() : work;
    }

    private void run(Work work) {
        try {
            work.run();
        } catch (StoreException e) {
            fail(work, e);
        } catch (RuntimeException e) {
            // A bug in one item. Stopping the process instead was rejected: the same message would stop it again after
            // the
            // restart, and the box serves more than this one stream. What was staged is written; the asker is told.
            log.error("store work failed class={}", work.getClass().getName(), e);
            fail(work, new StoreException.Unavailable("internal error, see the log: " + e, e));
        }
    }

    private static void fail(Work work, StoreException cause) {
        try {
            work.failed(cause);
        } catch (RuntimeException e) {
            log.error("store work failed to answer class={}", work.getClass().getName(), e);
        }
    }

    /** Answers what was done: the commit, if anything was staged, and the completions. */
    private int commit() {
        depart();
        boolean pending = group.pending();
        if (!pending && completions.isEmpty()) {
            return 0;
        }
        StoreException failure = null;
        boolean wanted = durable;
        durable = false;
        try {
            group.commit(wanted);
        } catch (StoreException e) {
            failure = e;
        }
        ArrayList<Completion> done = completions;
        completions = completing; // completions may register further ones: those belong to the next group
        completing = done;
        for (int i = 0; i < done.size(); i++) {
            complete(done.get(i), failure);
        }
        int count = done.size();
        done.clear();
        depart();
        return pending ? count + 1 : count;
    }

    private void depart() {
        for (int i = 0; i < departures.size(); i++) {
            try {
                departures.get(i).run();
            } catch (RuntimeException e) {
                log.error("store departure failed", e);
            }
        }
        departures.clear();
    }

    private static void complete(Completion completion, @Nullable StoreException failure) {
        try {
            if (failure == null) {
                completion.committed();
            } else {
                completion.failed(failure);
            }
        } catch (RuntimeException e) {
            log.error("store completion failed class={}", completion.getClass().getName(), e);
        }
    }

    private boolean isIdle() {
        return inbox.isEmpty() && control.isEmpty() && deferred.isEmpty() && completions.isEmpty() && !group.pending();
    }

    private void wake() {
        if (parked) {
            parked = false;
            LockSupport.unpark(thread);
        }
    }

    private void park() {
        parked = true;
        if (isIdle() && !stopping) {
            long delayNs = Math.min(timers.delayNs(nanoTime.getAsLong()), PARK_MAX_NS);
            if (delayNs > 0) {
                LockSupport.parkNanos(this, delayNs);
            }
        }
        parked = false;
    }
}
