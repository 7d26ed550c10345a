package io.leafd.link.forward;

import io.leafd.broker.InternalClient;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamListener;
import io.leafd.protocol.Message;
import io.leafd.store.loop.LoopTimer;
import io.leafd.store.loop.StoreLoop;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Drives one {@link Forward}: brings it the stream's commits, the link's coming and going, the upstream's answers and the time,
 * and runs it after each. Owned by the store loop, but for what says otherwise.
 */
final class RunningForward implements StreamListener {
    private static final long STATS_EVERY_NS = 200_000_000L;
    private static final double NS_PER_MS = 1e6;

    private final ForwardConfig config;
    private final Stream stream;
    private final StreamBacklog backlog;
    private final Forward forward;
    private final InternalClient client;
    private final StoreLoop loop;
    private final InstantSource wall;
    private final Runnable onStreamDeleted;
    /** Bound: what the forward has under way, as nobody else may answer. */
    private final Queue<Message> answers = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean answersCalled = new AtomicBoolean(); // the loop will look at them
    private volatile @Nullable Uplink uplink; // read by event loops
    private @Nullable LoopTimer timer;
    private boolean due;
    private boolean ended;
    private long statsAtNs;
    private volatile @Nullable ForwardStats stats;

    /** Who the forward is upstream: the identity of this store, and the subject below which answers come. */
    record Names(String site, String inbox) {}

    /**
     * A forward that reads {@code stream} and goes on where it was.
     *
     * @param client a client of the account, for this forward alone
     * @param onStreamDeleted runs when the stream is deleted, behind {@link #stop}
     */
    RunningForward(
            ForwardConfig config,
            Stream stream,
            StreamBacklog backlog,
            InternalClient client,
            Names names,
            InstantSource wall,
            Runnable onStreamDeleted) {
        this.config = config;
        this.stream = stream;
        this.backlog = backlog;
        this.client = client;
        this.loop = stream.scope().store().loop();
        this.wall = wall;
        this.onStreamDeleted = onStreamDeleted;
        var around = new Forward.Surroundings(
                names.site(), names.inbox(), this::execute, loop::nanoTime, wall, RandomGenerator.getDefault());
        this.forward = new Forward(config, backlog, backlog.progress(), backlog.parked(), around);
        client.subscribe(names.inbox() + ".*", null, delivery -> {
            Uplink now = uplink;
            if (now == null || !now.isOrigin(delivery.origin())) {
                return false; // only the upstream may answer
            }
            answers.add(delivery.message().toMessage());
            if (answersCalled.compareAndSet(false, true)) {
                execute(this::takeAnswers);
            }
            return true;
        });
        stream.listen(this);
        backlog.onCommit(this::soon);
        run();
    }

    /** The link came up. */
    void online(Upstream upstream) {
        Uplink connection = upstream.uplink(config.domain(), config.priority(), () -> execute(() -> {}));
        if (connection != null) { // else it is gone again, which will be told next
            uplink = connection;
            forward.online(connection);
            soon();
        }
    }

    /** The link is gone. */
    void offline() {
        uplink = null;
        forward.offline();
        soon();
    }

    /** What may cross has changed. */
    void permissionsChanged() {
        forward.permissionsChanged();
        soon();
    }

    /** Whether it waits for the link's budget has changed. */
    void budgetChanged() {
        soon();
    }

    /** Ends it; what is not confirmed stays. */
    void stop() {
        forward.stop();
        forward.run(); // keeps the position
        end();
    }

    private void end() {
        ended = true;
        stream.unlisten(this);
        client.close();
        if (timer != null) {
            timer.cancel();
        }
    }

    /** What it shows of itself; null before it ran. Any thread. */
    @Nullable
    ForwardStats stats() {
        return stats;
    }

    @Override
    public void onCommitted(long lastSeq) {
        backlog.committed(lastSeq);
        soon();
    }

    @Override
    public void onDeleted() {
        forward.stop();
        end();
        onStreamDeleted.run();
    }

    private void takeAnswers() {
        answersCalled.set(false); // first: what comes from now on calls again
        for (Message answer = answers.poll(); answer != null; answer = answers.poll()) {
            forward.answer(answer.subject(), answer);
        }
    }

    /** Runs a task on the loop, and the forward behind it. Any thread. */
    private void execute(Runnable task) {
        loop.control(() -> {
            if (!ended) {
                task.run();
                soon();
            }
        });
    }

    /** Runs the forward once for all events of this group. */
    private void soon() {
        if (!due && !ended) {
            due = true;
            loop.defer(this::run);
        }
    }

    private void run() {
        due = false;
        if (ended) {
            return;
        }
        long wakeAtNs = forward.run();
        publishStats();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (wakeAtNs != Long.MAX_VALUE) {
            timer = loop.schedule(Math.max(1_000_000, wakeAtNs - loop.nanoTime()), this::run);
        }
    }

    private void publishStats() {
        long nowNs = loop.nanoTime();
        if (stats != null && nowNs - statsAtNs < STATS_EVERY_NS) {
            return;
        }
        statsAtNs = nowNs;
        stats = measured(nowNs);
    }

    /** Measures anew, for somebody who asks. */
    void refreshStats() {
        stats = measured(loop.nanoTime());
    }

    private ForwardStats measured(long nowNs) {
        long[] waiting = backlog.waiting(forward.confirmedSeq());
        Tally tally = forward.tally();
        double rate = tally.messagesPerSecond(nowNs);
        long ageMs = waiting[2] == 0 ? 0 : Math.max(0, wall.millis() - (long) (waiting[2] / NS_PER_MS));
        long etaMs = waiting[0] == 0 ? 0 : rate < 0.1 ? -1 : (long) (waiting[0] / rate * 1000);
        return new ForwardStats(
                config.name(),
                forward.word(),
                waiting[0],
                waiting[1],
                ageMs,
                forward.parked(),
                tally.confirmed(),
                tally.confirmedBytes(),
                rate,
                etaMs,
                tally.lastSuccessMs(),
                tally.lastError(),
                tally.lastErrorMs(),
                tally.restarts(),
                tally.resends());
    }
}
