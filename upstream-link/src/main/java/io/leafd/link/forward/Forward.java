package io.leafd.link.forward;

import io.leafd.link.forward.Backlog.Item;
import io.leafd.link.forward.ForwardState.Checking;
import io.leafd.link.forward.ForwardState.Doubting;
import io.leafd.link.forward.ForwardState.Offline;
import io.leafd.link.forward.ForwardState.Refused;
import io.leafd.link.forward.ForwardState.Sending;
import io.leafd.link.forward.ForwardState.Stopped;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the messages of one local stream up, in order and once each, and remembers how far it is. Owned by the store loop;
 * pure: clock, chance, store and link come in, so that a simulator can drive it.
 *
 * <pre>
 *                 ┌──────── offline ◄──────── link down (from anywhere)
 *      link up    ▼            ▲
 *            ┌─ checking ──────┤ window may have been stored without our knowing: ask what the upstream holds
 *            │    ▲            │
 *            ▼    │ no answer  │
 *         sending ─► doubting ─┘ too long without an answer: wait until all was read, then check
 *            │ ▲
 *            ▼ │
 *         refused               the upstream said no: back off, then try with one message
 * </pre>
 *
 * <p>While the budget of the link is used up, everything stands still but answers, in whatever state.
 *
 * <p>Events ({@link #online}, {@link #offline}, {@link #answer}) only note facts; {@link #run} does what follows from them:
 * it looks at the timers, fills the window and keeps the position.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>A message is passed over only when the upstream confirmed it, or its stream here no longer has it, or it is
 *       {@link Parked}. Everything else is sent, and sent again, for ever.
 *   <li>Before a message is sent, a {@link Progress#reservedSeq} that covers it is on disk. So after a crash the messages that
 *       may be upstream unknown to us are those between {@code confirmedSeq} and {@code reservedSeq}, and no others.
 *   <li>A message that may have been stored without our knowing is not sent again before the upstream was asked (unless it
 *       may not be asked: then its duplicate window is relied on, and the log says so once).
 *   <li>Messages are sent in the order of their sequence. One that was refused while later ones of the same window were
 *       taken comes late, which nothing but a window of one message could prevent; then a window of one is used until the
 *       upstream takes it.
 *   <li>{@code confirmedSeq} never decreases.
 * </ol>
 *
 * <p>Refusals that end by themselves (stream full, unavailable, another stream answers) are waited out with growing pauses.
 * Refusals of one message for what it is ({@link Answer.Refused#permanent}), messages too large for the upstream and
 * subjects it does not permit are parked. Tried and left: dropping them after some attempts, which is loss, and stopping
 * there, which lets one bad reading hold up a million good ones.
 */
final class Forward {
    /** A message without an answer for this and three round trips is in doubt. */
    static final long PATIENCE_NS = 5_000_000_000L;

    /** What the upstream's stream is given to answer what its server has read. */
    static final long ANSWER_NS = 2_000_000_000L;

    static final int CHECKS_MAX = 3;
    static final long REFUSED_MIN_NS = 1_000_000_000L;
    static final long REFUSED_MAX_NS = 60_000_000_000L;
    static final int BATCH_BYTES = 64 << 10;
    static final int WINDOW_MAX = 2 * Pace.COUNT_MAX;

    private static final Logger log = LoggerFactory.getLogger(Forward.class);
    private static final int WRONG_STREAM = 10060;

    private final ForwardConfig config;
    private final Backlog backlog;
    private final MessageIds ids;
    private final Envelope envelope;
    private final Window window;
    private final Reader reader;
    private final Reservation reservation;
    private final Parking parking;
    private final Confirmations confirmations = new Confirmations();
    private final Pace pace = new Pace();
    private final Tally tally;
    private final Surroundings around;

    private ForwardState state = new Offline();
    private @Nullable Uplink uplink;
    private boolean unchecked; // something due may be upstream without our knowing
    private boolean surveyed; // the upstream's last sequence is known, or cannot be
    private boolean fencing;
    private boolean overBudget; // what was given to the link since waits there, and nothing more is given
    private boolean saidUncheckable;
    private int inquiries;
    private int refusals; // in a row
    private Progress saved;

    /**
     * What a forward lives in.
     *
     * @param site identity of this store, see {@link MessageIds}
     * @param inbox answers come to this subject with one token behind it
     * @param loop runs a task on the store loop, and {@link Forward#run} after it
     * @param nanoTime monotonic clock
     * @param wall clock for people
     */
    record Surroundings(
            String site,
            String inbox,
            Executor loop,
            LongSupplier nanoTime,
            InstantSource wall,
            RandomGenerator random) {}

    /** A forward that goes on from {@code progress}; offline until it is told otherwise. */
    Forward(ForwardConfig config, Backlog backlog, Progress progress, Parked parked, Surroundings around) {
        this.config = config;
        this.backlog = backlog;
        this.around = around;
        this.tally = new Tally(config.name());
        this.saved = progress.within(backlog.lastSeq());
        this.ids = new MessageIds(around.site, config.name(), progress.runs());
        ids.begin(backlog.lastSeq(), around.random);
        this.envelope = new Envelope(config.into(), ids, around.inbox);
        this.window = new Window(saved);
        this.reader = new Reader(backlog, window, parked);
        this.reservation = new Reservation(saved.reservedSeq());
        this.parking = new Parking(parked, backlog, window, envelope, now());
        reader.restore(saved.reservedSeq());
        this.unchecked = window.size() > 0;
        this.surveyed = saved.upstreamSeq() > 0;
    }

    /** A connection is there. */
    void online(Uplink newUplink) {
        if (state instanceof Stopped) {
            return;
        }
        offline();
        uplink = newUplink;
        refusals = 0;
        fencing = false;
        pace.restart(now());
        reader.forget();
        parking.retry(newUplink, now());
        resume(newUplink);
    }

    /** The connection is gone. */
    void offline() {
        if (uplink != null) {
            uplink = null;
            overBudget = false;
            landAll();
            state = new Offline();
        }
    }

    /** The upstream's permissions or the export list changed: what was denied may be let through now. */
    void permissionsChanged() {
        if (uplink != null) {
            parking.retry(uplink, now());
        }
    }

    /** Ends it; what is not confirmed stays where it is. */
    void stop() {
        offline();
        state = new Stopped();
    }

    /** An answer of the upstream came to {@code reply}, a subject below the inbox. */
    void answer(Subject reply, Message message) {
        String text = reply.toString();
        if (state instanceof Checking checking
                && uplink != null
                && checking.inquiry().answer(text, message)) {
            state = new Checking(checking.inquiry(), checking.attempt(), now() + patienceNs(uplink));
            return;
        }
        long seq = envelope.seqOf(text);
        if (seq > 0) {
            switch (Answer.of(message)) {
                case Answer.Stored stored -> confirm(seq, stored.upstreamSeq());
                case Answer.Refused refused -> refuse(seq, refused);
            }
        }
    }

    /**
     * Does what follows from the events since the last run.
     *
     * @return when it must be run again even without an event, in the clock's nanoseconds; {@link Long#MAX_VALUE} for never
     */
    long run() {
        long wakeAtNs = Long.MAX_VALUE;
        Uplink link = uplink;
        if (link != null && !mayGoOn(link)) {
            save();
            return confirmations.dueAtNs();
        }
        if (link != null) {
            step(link);
            if (state instanceof Sending) {
                pump(link);
            }
            wakeAtNs = Math.min(wakeAtNs(link), parking.retryAtNs());
        }
        save();
        return Math.min(wakeAtNs, confirmations.dueAtNs());
    }

    /**
     * Whether the link's budget lets anything go. While it does not, no answer is late: what waits for one begins to wait when the
     * budget goes on.
     */
    private boolean mayGoOn(Uplink link) {
        boolean before = overBudget;
        overBudget = link.overBudget();
        if (before && !overBudget) {
            long nowNs = now();
            window.leaves(nowNs);
            if (state instanceof Checking checking) {
                state = new Checking(checking.inquiry(), checking.attempt(), nowNs + patienceNs(link));
            } else if (state instanceof Doubting doubting && doubting.read()) {
                state = new Doubting(doubting.seq(), true, nowNs + ANSWER_NS);
            }
        }
        return !overBudget;
    }

    /** Moves on from a state whose time has come. */
    private void step(Uplink link) {
        long nowNs = now();
        if (parking.retryAtNs() != Long.MAX_VALUE && nowNs - parking.retryAtNs() >= 0) {
            parking.retry(link, nowNs);
        }
        switch (state) {
            case Offline offline -> {}
            case Stopped stopped -> {}
            case Checking checking -> {
                if (checking.inquiry().holdings().done()) {
                    checked(link, checking.inquiry().holdings());
                } else if (nowNs - checking.deadlineNs() >= 0) {
                    checkTimedOut(link, checking);
                }
            }
            case Sending sending -> {
                Window.Sent oldest = window.oldestFlying();
                if (oldest != null && config.into() != null && nowNs - oldest.sentAtNs() >= patienceNs(link)) {
                    state = new Doubting(oldest.seq, false, nowNs);
                    link.fence(() -> around.loop.execute(() -> allRead(link)));
                }
            }
            case Doubting doubting -> {
                if (!window.isFlying(doubting.seq())) {
                    state = new Sending();
                } else if (doubting.read() && nowNs - doubting.untilNs() >= 0) {
                    takeUpAnew(link);
                }
            }
            case Refused refused -> {
                if (nowNs - refused.untilNs() >= 0) {
                    resume(link);
                }
            }
        }
    }

    private long wakeAtNs(Uplink link) {
        return switch (state) {
            case Offline offline -> Long.MAX_VALUE;
            case Stopped stopped -> Long.MAX_VALUE;
            case Checking checking -> checking.inquiry().holdings().done() ? now() : checking.deadlineNs();
            case Sending sending -> {
                Window.Sent oldest = window.oldestFlying();
                yield oldest == null || config.into() == null ? Long.MAX_VALUE : oldest.sentAtNs() + patienceNs(link);
            }
            case Doubting doubting -> doubting.read() ? doubting.untilNs() : Long.MAX_VALUE;
            case Refused refused -> refused.untilNs();
        };
    }

    /** Sends while the window has room. */
    private void pump(Uplink link) {
        long nowNs = now();
        List<Message> batch = new ArrayList<>();
        int batchBytes = 0;
        while (mayPump(link)) {
            Item item = reader.next();
            if (item == null || !reserve(item.seq())) {
                break;
            }
            Message message = envelope.of(item);
            int obstacle = Parking.obstacle(link, message);
            if (obstacle != 0) {
                park(item.seq(), obstacle, Parking.words(obstacle, message));
                continue;
            }
            if (window.isDue(item.seq())) {
                tally.resent();
            }
            int bytes = message.subject().length() + message.body().length;
            window.sent(item.seq(), item.message().subject(), bytes, nowNs);
            batch.add(message);
            batchBytes += bytes;
            if (batchBytes >= BATCH_BYTES) {
                link.send(batch);
                batch = new ArrayList<>();
                batchBytes = 0;
            }
        }
        if (!batch.isEmpty()) {
            link.send(batch);
        }
        if (config.into() == null && window.flyingCount() > 0 && !fencing) {
            fencing = true;
            long upTo = window.sentSeq();
            link.fence(() -> around.loop.execute(() -> readUpTo(link, upTo)));
        }
    }

    private boolean mayPump(Uplink link) {
        return state instanceof Sending
                && window.size() < WINDOW_MAX
                && pace.admits(window.flyingCount(), window.flyingBytes())
                && link.writable();
    }

    /** Whether a message may be sent already; has the next reservation written when it is time. */
    private boolean reserve(long seq) {
        long target = reservation.extend(seq, window.flyingCount());
        if (target > 0) {
            keep();
            backlog.afterCommit(() -> reservation.committed(target));
        }
        return reservation.covers(seq);
    }

    /** Decides between asking and sending. */
    private void resume(Uplink link) {
        String into = config.into();
        if (into == null || (surveyed && (!unchecked || window.firstDue() == 0))) {
            unchecked = false;
            state = new Sending();
            return;
        }
        String api = link.apiPrefix() + ".STREAM.MSG.GET." + into;
        if (link.mayRequest(Subject.of(api))) {
            check(link, into, 1);
        } else {
            relyOnDuplicateWindow("the upstream's permissions do not let " + api + " through");
        }
    }

    private void check(Uplink link, String into, int attempt) {
        var holdings = new Holdings(into, window.due(), ids, window.upstreamSeq());
        var inquiry = new Inquiry(holdings, link, around.inbox + ".q" + ++inquiries + "-");
        state = new Checking(inquiry, attempt, now() + patienceNs(link));
        inquiry.ask();
    }

    private void checked(Uplink link, Holdings holdings) {
        String failure = holdings.failure();
        if (failure != null) {
            holdUp("upstream stream \"" + config.into() + "\": " + failure);
            return;
        }
        for (long seq : holdings.held()) {
            confirm(seq, 0);
        }
        window.checked(holdings.lastSeq());
        surveyed = true;
        unchecked = false;
        resume(link);
    }

    private void checkTimedOut(Uplink link, Checking checking) {
        String into = config.into();
        if (into != null && checking.attempt() < CHECKS_MAX) {
            check(link, into, checking.attempt() + 1);
        } else {
            relyOnDuplicateWindow("the upstream's JetStream API does not answer at " + link.apiPrefix());
        }
    }

    private void relyOnDuplicateWindow(String why) {
        if (!saidUncheckable) {
            saidUncheckable = true;
            log.warn(
                    "forward cannot ask what the upstream holds, relies on its duplicate window forward={} cause={}",
                    config.name(),
                    why);
        }
        surveyed = true;
        unchecked = false;
        state = new Sending();
    }

    /** The upstream has read all that was sent before the doubt. */
    private void allRead(Uplink link) {
        if (uplink == link && state instanceof Doubting doubting) {
            state = new Doubting(doubting.seq(), true, now() + ANSWER_NS);
        }
    }

    /** Without a stream that acknowledges: what the upstream has read has arrived. */
    private void readUpTo(Uplink link, long seq) {
        if (uplink == link) {
            fencing = false;
            for (long read : window.flyingUpTo(seq)) {
                confirm(read, 0);
            }
        }
    }

    /** Read but not answered: asks at once the first time, after a pause from then on. */
    private void takeUpAnew(Uplink link) {
        tally.restarted();
        landAll();
        holdUp("no acknowledgement from upstream stream \"" + config.into()
                + "\": does it exist, and take these subjects?");
        if (refusals == 1) {
            resume(link);
        }
    }

    private void landAll() {
        unchecked |= window.flyingCount() > 0;
        window.landAll();
    }

    private void confirm(long seq, long upstreamSeq) {
        Window.Sent sent = window.confirm(seq, upstreamSeq);
        if (sent == null) {
            return;
        }
        long nowNs = now();
        refusals = 0;
        pace.confirmed(seq, sent.sentOnce() ? nowNs - sent.sentAtNs() : 0, window.sentSeq(), nowNs);
        tally.confirmed(sent.bytes, nowNs, around.wall.millis());
        parking.confirmed(seq);
        confirmations.add(seq, nowNs);
    }

    private void refuse(long seq, Answer.Refused refused) {
        if (refused.code() == WRONG_STREAM && !refused.stream().equals(config.into())) {
            tally.error(
                    "stream \"" + refused.stream() + "\" of the upstream takes this subject too", around.wall.millis());
            return; // the right one answers as well, or it will be noticed that it does not
        }
        if (!window.refuse(seq)) {
            return;
        }
        String text = refused.text() + " (" + refused.code() + ")";
        if (refused.permanent()) {
            park(seq, refused.code(), text);
        } else {
            holdUp("the upstream refuses: " + text);
        }
    }

    private void park(long seq, int reason, String text) {
        if (parking.park(seq, reason)) {
            tally.error("message " + seq + " is parked: " + text, around.wall.millis());
        } else {
            holdUp(Parked.MAX + " messages are parked and the next would be, too: " + text);
        }
    }

    /** Nothing is sent for a while, longer each time in a row; then one message at a time until one is taken. */
    private void holdUp(String text) {
        tally.error(text, around.wall.millis());
        pace.probe();
        if (!(state instanceof Refused)) {
            long delayNs = Math.min(REFUSED_MAX_NS, REFUSED_MIN_NS << Math.min(refusals, 6));
            refusals++;
            state = new Refused(now() + delayNs / 2 + around.random.nextLong(delayNs / 2));
        }
    }

    /** Keeps the position if it has changed and that cannot wait any longer. */
    private void save() {
        boolean changed = saved.confirmedSeq() != window.confirmedSeq() || saved.upstreamSeq() != window.upstreamSeq();
        boolean idle = window.flyingCount() == 0;
        if (confirmations.isEmpty() ? changed : idle || confirmations.due(now())) {
            keep();
        }
    }

    private void keep() {
        ids.forget(window.confirmedSeq());
        confirmations.release(backlog);
        saved = progress();
        backlog.save(saved);
    }

    private Progress progress() {
        return new Progress(
                window.confirmedSeq(), window.upstreamSeq(), reservation.askedSeq(), new TreeMap<>(ids.runs()));
    }

    private long patienceNs(Uplink link) {
        return PATIENCE_NS + 3 * Math.max(link.rttNs(), pace.smoothedNs());
    }

    private long now() {
        return around.nanoTime.getAsLong();
    }

    /** One word for people. */
    String word() {
        boolean waits = overBudget && backlog.lastSeq() > window.confirmedSeq();
        return waits ? "over budget" : state.word();
    }

    Tally tally() {
        return tally;
    }

    Window window() {
        return window;
    }

    /** Everything up to here is upstream, or parked, or gone. */
    long confirmedSeq() {
        return window.confirmedSeq();
    }

    int parked() {
        return parking.size();
    }
}
