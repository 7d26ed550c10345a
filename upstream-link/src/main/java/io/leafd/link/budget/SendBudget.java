package io.leafd.link.budget;

import io.leafd.link.budget.Meter.Grant;
import io.leafd.store.loop.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one upstream's link may send in the running period. Owned by the control thread, but for what says otherwise; lives
 * longer than any connection of the link.
 *
 * <pre>
 *   event loops                     control                      store loop
 *   {@link Meter} counts bytes ── more? ──▶ is it within the plan? ── lease ──▶ cursor
 *        ▲                         │                               │ fsync
 *        └───────── grant ─────────┴◀────────── durable ───────────┘
 * </pre>
 *
 * <p>Bytes are taken from the budget ahead, at most a hundredth part of it at a time, and that is on disk before they are sent. So
 * the store is written a few hundred times in a period however many messages go, a kill wastes a hundredth part at most, and
 * nothing is ever handed out twice. While the store cannot write, data waits when the lease is used up.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Data goes only while all bytes of the period, that data among them, are within the durable lease and the plan.
 *   <li>The period never goes back ({@link OnwardTime}): a clock set back hands nothing out again, a clock set forward begins
 *       another period. A box without a clock, which begins in 1970 at each start, goes on from the time of its last lease, as
 *       if it had not been off, until somebody sets the clock. So that restarts cannot hold time up, a lease is taken anew
 *       {@value #RENEWALS} times in a period even if nothing is sent.
 *   <li>A changed plan keeps what was spent, also if the period is another one then.
 * </ol>
 *
 * <p>A record that cannot be read counts as a budget that is used up: the next period heals it.
 */
public final class SendBudget {
    private static final Logger LOG = LoggerFactory.getLogger(SendBudget.class);
    private static final int RENEWALS = 288; // each five minutes of a day
    private static final int SMALL_LEASE_PART = 10;
    private static final long ASK_AGAIN_NS = 5_000_000_000L;

    private final String link;
    private final Surroundings around;
    private final Meter meter;
    private Runnable onChange = () -> {};
    private @Nullable BudgetPlan plan;
    private @Nullable OnwardTime time; // null until it is known what was spent before
    private boolean reading;
    private long firstBytes; // the meter's count when there was a budget first
    private long periodStartMs;
    private long originBytes; // the meter's count at which nothing of the period was spent
    private long durableBytes; // of the period, on disk
    private @Nullable Lease asked; // that is on its way to the disk
    private long askedNs;
    private long leasedAtMs;
    private boolean ordinaryUsedUp;
    private boolean urgentUsedUp;
    private volatile @Nullable View view;

    /**
     * What a budget lives in.
     *
     * @param control runs tasks on the thread that owns the budget
     * @param nanoTime monotonic clock
     */
    public record Surroundings(Executor control, Ledger ledger, InstantSource wall, LongSupplier nanoTime) {}

    /** What others see; the time was {@code atMs} when the monotonic clock was {@code atNs}. */
    private record View(
            BudgetPlan plan,
            long originBytes,
            long nextMs,
            long atMs,
            long atNs,
            boolean ordinaryUsedUp,
            boolean urgentUsedUp) {}

    /** The budget of the link of this name: none until {@link #plan}. */
    public SendBudget(String link, Surroundings around) {
        this.link = link;
        this.around = around;
        this.meter = new Meter((urgent, bytes) -> around.control.execute(() -> more(urgent, bytes)), Grant.unbounded());
    }

    /** Where the link's connections count and ask. Any thread. */
    public Meter meter() {
        return meter;
    }

    /** Runs {@code action} on the control thread when data has to wait for the next period, or need not any more. Any thread. */
    public void onChange(Runnable action) {
        around.control.execute(() -> onChange = action);
    }

    /** Changes what may be sent in a period; null for no bound. Any thread. What was spent stays spent. */
    public void plan(@Nullable BudgetPlan changed) {
        if (changed != null && view == null) {
            meter.grant(Grant.notYet()); // at once: what is sent before the lease is read would not be within it
        }
        around.control.execute(() -> follow(changed));
    }

    /** The budget as the box owner sees it, null if there is none. Any thread. */
    public @Nullable BudgetStatus status() {
        View now = view;
        if (now == null) {
            return null;
        }
        long passedMs = Math.max(0, (around.nanoTime.getAsLong() - now.atNs) / 1_000_000);
        return new BudgetStatus(
                meter.sentBytes() - now.originBytes,
                now.plan.bytes(),
                now.plan.period().name().toLowerCase(Locale.ROOT),
                Math.max(0, now.nextMs - now.atMs - passedMs),
                now.ordinaryUsedUp,
                now.urgentUsedUp);
    }

    /** Looks at the clock; called every second. */
    public void tick() {
        BudgetPlan now = plan;
        if (now == null) {
            return;
        }
        if (time == null) {
            read();
            return;
        }
        long atMs = time.ms(around.wall.millis(), around.nanoTime.getAsLong());
        if (now.period().startMs(atMs) > periodStartMs) {
            begin(now, atMs);
            return;
        }
        boolean due = atMs - leasedAtMs > now.period().longest().toMillis() / RENEWALS;
        boolean overdue = asked != null && around.nanoTime.getAsLong() - askedNs > ASK_AGAIN_NS;
        if (overdue) {
            asked = null; // the store could not write
        }
        if (due || overdue) {
            lease(now, 0, atMs);
        }
        settle(now, atMs);
    }

    private void follow(@Nullable BudgetPlan changed) {
        BudgetPlan before = plan;
        if (changed != null && changed.equals(before)) {
            return;
        }
        plan = changed;
        if (changed == null) {
            view = null;
            ordinaryUsedUp = false;
            urgentUsedUp = false;
            meter.grant(Grant.unbounded());
            onChange.run();
            return;
        }
        OnwardTime running = time;
        if (running == null) {
            if (before == null) {
                firstBytes = meter.sentBytes();
            }
            read();
            return;
        }
        long atMs = running.ms(around.wall.millis(), around.nanoTime.getAsLong());
        boolean over = changed.period().startMs(atMs) > periodStartMs
                && (before == null || changed.period() == before.period());
        if (over) {
            begin(changed, atMs);
        } else {
            periodStartMs = changed.period().startMs(atMs);
            lease(changed, 0, atMs);
            judge(changed, before, atMs);
        }
    }

    /** Asks the ledger what was spent before the start of the process. */
    private void read() {
        if (!reading) {
            reading = true;
            around.ledger.read(
                    link,
                    kept -> around.control.execute(() -> open(kept)),
                    why -> around.control.execute(() -> unread(why)));
        }
    }

    private void unread(RuntimeException why) {
        if (why instanceof StoreException.Corrupt) {
            open(new byte[0]);
        } else {
            reading = false; // tick asks again
            LOG.debug("what was spent of the budget can't be read yet link={} cause={}", link, why.toString());
        }
    }

    private void open(byte @Nullable [] kept) {
        reading = false;
        BudgetPlan now = plan;
        if (now == null || time != null) {
            return;
        }
        long wallMs = around.wall.millis();
        Lease lease = lease(kept, now, wallMs);
        var opened = new OnwardTime(lease.atMs(), wallMs, around.nanoTime.getAsLong());
        time = opened;
        long atMs = opened.ms(wallMs, around.nanoTime.getAsLong());
        long startMs = now.period().startMs(atMs);
        periodStartMs = startMs;
        // a lease of a longer period than the present one's counts too, as it cannot be told when its bytes were sent
        boolean running = startMs <= lease.atMs();
        durableBytes = running ? lease.bytes() : 0;
        originBytes = firstBytes - durableBytes;
        leasedAtMs = atMs;
        lease(now, 0, atMs);
        judge(now, null, atMs);
    }

    private Lease lease(byte @Nullable [] kept, BudgetPlan now, long wallMs) {
        if (kept == null) {
            return new Lease(now.period().startMs(wallMs), wallMs, 0);
        }
        try {
            return Lease.of(kept);
        } catch (IllegalArgumentException e) {
            LOG.error(
                    "what was spent of the budget is damaged, taking it as used up link={} cause={}",
                    link,
                    e.getMessage());
            return new Lease(now.period().startMs(wallMs), wallMs, now.bytes());
        }
    }

    /** A new period begins. */
    private void begin(BudgetPlan now, long atMs) {
        periodStartMs = now.period().startMs(atMs);
        originBytes = meter.sentBytes();
        durableBytes = 0;
        asked = null;
        boolean waited = ordinaryUsedUp;
        ordinaryUsedUp = false;
        urgentUsedUp = false;
        lease(now, 0, atMs);
        settle(now, atMs);
        if (waited) {
            goesOn(now);
        }
    }

    /** An event loop wants to send more. */
    private void more(boolean urgent, long bytes) {
        BudgetPlan now = plan;
        OnwardTime running = time;
        if (now == null || running == null) {
            return;
        }
        long atMs = running.ms(around.wall.millis(), around.nanoTime.getAsLong());
        if (now.period().startMs(atMs) > periodStartMs) {
            begin(now, atMs);
        }
        if (bytes > 0 && spentBytes() + bytes > (urgent ? now.urgentBytes() : now.ordinaryBytes())) {
            usedUp(now, urgent, atMs);
        } else {
            lease(now, bytes, atMs);
        }
    }

    private long spentBytes() {
        return meter.sentBytes() - originBytes;
    }

    /**
     * How much is taken ahead: no more than this process has sent yet, so that a box that starts again and again without sending
     * does not spend its budget on that; and little when only control frames go.
     */
    private long aheadBytes(BudgetPlan now) {
        long most = now.leaseBytes();
        long least = Math.max(1, most / SMALL_LEASE_PART);
        return urgentUsedUp ? least : Math.clamp(meter.sentBytes(), least, most);
    }

    /** Takes more of the budget, for {@code bytes} that wait and what comes behind them. */
    private void lease(BudgetPlan now, long bytes, long atMs) {
        var next = new Lease(periodStartMs, atMs, Math.max(durableBytes, spentBytes() + bytes + aheadBytes(now)));
        if (asked != null && asked.periodStartMs() == periodStartMs && asked.bytes() >= next.bytes()) {
            return; // that one is on its way
        }
        asked = next;
        askedNs = around.nanoTime.getAsLong();
        around.ledger.save(link, next.toBytes(), () -> around.control.execute(() -> durable(next)));
    }

    private void durable(Lease lease) {
        if (lease.equals(asked)) {
            asked = null;
        }
        BudgetPlan now = plan;
        if (now != null && lease.periodStartMs() == periodStartMs) {
            durableBytes = Math.max(durableBytes, lease.bytes());
            leasedAtMs = lease.atMs();
            settle(now, lease.atMs());
        }
    }

    /** Data of this kind, or all, waits for the next period. */
    private void usedUp(BudgetPlan now, boolean urgent, long atMs) {
        boolean news = urgent ? !urgentUsedUp : !ordinaryUsedUp;
        ordinaryUsedUp = true;
        urgentUsedUp |= urgent;
        settle(now, atMs);
        if (news) {
            LOG.warn(
                    urgent
                            ? "budget is used up, data waits link={} spent_bytes={} budget_bytes={} next_period={}"
                            : "budget is used up but for live messages and urgent forwards, the other forwards wait link={}"
                                    + " spent_bytes={} budget_bytes={} next_period={}",
                    link,
                    spentBytes(),
                    now.bytes(),
                    Instant.ofEpochMilli(now.period().nextMs(atMs)));
            onChange.run();
        }
    }

    /** Another plan, or another start: what is used up by it? What has become so is told. */
    private void judge(BudgetPlan now, @Nullable BudgetPlan before, long atMs) {
        boolean waited = ordinaryUsedUp;
        boolean allWaited = urgentUsedUp;
        long spent = spentBytes();
        boolean more = before == null || now.ordinaryBytes() > before.ordinaryBytes();
        boolean waits = spent >= now.ordinaryBytes() || (waited && !more);
        boolean allWaits = spent >= now.urgentBytes() || (allWaited && !more);
        ordinaryUsedUp = waits && waited;
        urgentUsedUp = allWaits && allWaited;
        if ((waits && !waited) || (allWaits && !allWaited)) {
            usedUp(now, allWaits, atMs);
            return;
        }
        settle(now, atMs);
        if (waited && !waits) {
            goesOn(now);
        } else if (allWaited && !allWaits) {
            onChange.run();
        }
    }

    private void goesOn(BudgetPlan now) {
        LOG.info("budget lets data go again link={} spent_bytes={} budget_bytes={}", link, spentBytes(), now.bytes());
        onChange.run();
    }

    /** Tells the connections how far they may go, and others what to show. */
    private void settle(BudgetPlan now, long atMs) {
        view = new View(
                now,
                originBytes,
                now.period().nextMs(atMs),
                atMs,
                around.nanoTime.getAsLong(),
                ordinaryUsedUp,
                urgentUsedUp);
        meter.grant(new Grant(
                originBytes + Math.min(durableBytes, now.ordinaryBytes()),
                originBytes + Math.min(durableBytes, now.urgentBytes()),
                originBytes + durableBytes - aheadBytes(now) / 2,
                ordinaryUsedUp,
                urgentUsedUp,
                new AtomicBoolean()));
    }
}
