package io.leafd.jetstream.consumer;

import static io.leafd.jetstream.consumer.config.ConsumerConfig.*;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.consumer.ack.AckListener;
import io.leafd.jetstream.consumer.ack.AckState;
import io.leafd.jetstream.consumer.ack.AckSubject;
import io.leafd.jetstream.consumer.ack.AckVerb;
import io.leafd.jetstream.consumer.ack.PendingMessage;
import io.leafd.jetstream.consumer.config.AckPolicy;
import io.leafd.jetstream.consumer.config.ConsumerConfig;
import io.leafd.jetstream.consumer.config.ReplayPolicy;
import io.leafd.jetstream.consumer.pull.PullStatus;
import io.leafd.jetstream.consumer.push.Replay;
import io.leafd.jetstream.stream.Removal;
import io.leafd.jetstream.stream.Retention;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamField;
import io.leafd.protocol.Message;
import io.leafd.protocol.Subject;
import io.leafd.store.ConsumerStore;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.StreamLog;
import org.jspecify.annotations.Nullable;

/**
 * What makes a consumer move: takes every event that can let messages go out or come to rest, keeps positions and journal in step,
 * and runs the {@link Pump} when there is something for it to do. Owned by the store loop.
 *
 * <p>Every event is a turn: read the clock, change state, pump if that may help, write positions if they changed, settle. The pump
 * is not run for each stored message: after a run {@link #stop} says what is missing, and only an event that brings just that
 * wakes it again. With nobody asking, an append costs a counter.
 */
final class Engine implements AckListener, Pump.PumpListener {
    private static final String DELETED_REASON = "Unacknowledged message was deleted";
    private static final long RETRY_NS = 1_000_000;

    private final Stream stream;
    private final AccountScope scope;
    private final ConsumerEvents events;
    private final TurnClock clock;
    private final Deliveries out;
    private final Journal journal;
    private final AckState acks;
    private final Feed feed;
    private final Mode mode;
    private final Pump pump;
    private final Runnable onSettled;
    private int samplePercent;
    private boolean acksByFlow;
    private Pump.Stop stop = Pump.Stop.END_OF_DATA;
    private boolean paused;
    private boolean waking;
    private boolean closed;
    private final Activity activity = new Activity();

    /**
     * @param store where positions are kept; null for a consumer in memory
     * @param onSettled called at the end of each turn: times may have changed
     */
    Engine(
            Consumer consumer,
            ConsumerConfig config,
            @Nullable ConsumerStore store,
            Deliveries out,
            Runnable onSettled) {
        this.stream = consumer.stream();
        this.scope = stream.scope();
        this.events = consumer.events();
        this.out = out;
        this.onSettled = onSettled;
        this.clock = new TurnClock(scope);
        this.acks = new AckState(config.ackRules(), this);
        this.feed = new Feed(stream.log(), Filters.of(config));
        this.journal = new Journal(store, scope.store().loop(), acks, feed);
        var frames = new Frames(out, acks, feed);
        String flowPrefix = Intake.flowPrefix(stream.name(), consumer.name());
        this.mode = config.push()
                ? new PushMode(scope, config, frames, acks, flowPrefix, burstBytes(), clock.nowNs())
                : new PullMode(scope, config, frames, events, clock.nowNs());
        byte[] ackPrefix = AckSubject.prefix(stream.name(), consumer.name());
        this.pump = new Pump(stream.log(), acks, feed, mode, out, this, ackPrefix);
        configure(config);
    }

    /** Goes on from what was written, or begins where the configuration says. */
    void start(ConsumerConfig config) {
        boolean restored = journal.restore(clock);
        StreamLog log = stream.log();
        if (!restored) {
            begin(config, log);
        } else if (acks.delivered().stream() > log.lastSeq()) {
            reset(log.lastSeq() + 1); // the stream was replaced by an older one
        }
        if (config.get(REPLAY_POLICY) == ReplayPolicy.ORIGINAL) {
            pump.replay(new Replay(log.lastSeq()));
        }
        wake();
    }

    private void begin(ConsumerConfig config, StreamLog log) {
        long seq = StartPosition.of(config, log, feed.filter());
        if (StartPosition.isLastPerSubject(config, stream.config())) {
            feed.startWithLast(seq, log.lastSeq());
        } else {
            feed.start(seq);
        }
        acks.reset(seq);
        journal.begin();
    }

    AckState acks() {
        return acks;
    }

    Feed feed() {
        return feed;
    }

    Mode mode() {
        return mode;
    }

    TurnClock clock() {
        return clock;
    }

    /** When something was delivered and acknowledged last. */
    Activity activity() {
        return activity;
    }

    /** Takes over what may be changed while the consumer exists. */
    void update(ConsumerConfig before, ConsumerConfig wanted) {
        clock.tick();
        configure(wanted);
        acks.rules(wanted.ackRules(), clock);
        mode.update(wanted, clock.nowNs());
        if (!before.get(DELIVER_SUBJECT).equals(wanted.get(DELIVER_SUBJECT))) {
            acks.expireAll();
        }
        LogFilter filter = Filters.of(wanted);
        if (!filter.parts().equals(feed.filter().parts())) {
            feed.filter(filter);
        }
        wake();
    }

    /** Stops or goes on delivering; heartbeats and acknowledgements go on. */
    void pause(boolean wanted) {
        paused = wanted;
        if (!wanted) {
            wake();
        }
    }

    /** Starts over at a sequence. */
    void reset(long seq) {
        acks.reset(seq);
        feed.restore(seq, 0);
        activity.clear();
        journal.reset();
        wake();
    }

    /** A message that the filter selects was stored. */
    void onAppended() {
        feed.onAppended();
        if (stop == Pump.Stop.END_OF_DATA) {
            wake();
        }
    }

    /** A message that the filter selects left the stream. */
    void onRemoved(long seq, Removal cause) {
        feed.onRemoved(seq);
        PendingMessage gone = acks.removed(seq);
        if (gone != null) {
            journal.moved();
            if (cause == Removal.LIMIT || cause == Removal.DELETED) {
                events.terminated(new AckSubject(gone.deliveries(), seq, gone.consumerSeq()), DELETED_REASON);
            }
            wake();
        }
    }

    /** The stream was purged; what this consumer can still get begins at {@code firstSeq}. */
    void onPurged(long firstSeq) {
        StreamLog log = stream.log();
        feed.onPurged(firstSeq);
        boolean empty = log.messages() == 0;
        acks.purged(feed.nextSeq(), firstSeq, seq -> !empty && seq >= log.firstSeq() && log.get(seq) != null);
        journal.moved();
        wake();
    }

    /** Messages that had been lost are back in the stream: those that it has not passed are delivered in their turn. */
    void onPutBack() {
        feed.onPutBack();
        wake();
    }

    /** A pull request came. */
    void onPull(Subject reply, byte[] payload) {
        clock.tick();
        if (mode instanceof PullMode pull) {
            pull.queue().offer(reply, payload, feed.pending() + acks.redeliveries(), clock.nowNs());
            run();
        } else {
            out.tell(reply, null, PullStatus.PUSH_BASED.headers());
        }
    }

    /** An acknowledgement came. */
    void onAck(AckMessage message) {
        clock.tick();
        mode.touch(clock.nowNs());
        AckSubject ack = message.subject();
        boolean answered = switch (message.verb()) {
            case AckVerb.Ack done -> ack(ack, true);
            case AckVerb.Term term -> terminate(ack, term.reason());
            case AckVerb.Nak nak -> nak(ack, nak.delayNs());
            case AckVerb.Progress progress -> progress(ack);
            case AckVerb.Unknown unknown -> ack.streamSeq() > 0;
            case AckVerb.Next next -> {
                ack(ack, true);
                if (message.reply() != null) {
                    onPull(message.reply(), next.request());
                }
                yield false;
            }
        };
        if (answered && message.reply() != null) {
            journal.write();
            out.sendDurably(Message.empty(message.reply()));
        }
        if (acks.redeliveries() > 0) {
            wake();
        } else if (stop == Pump.Stop.FULL && !acks.full()) {
            stop = Pump.Stop.YIELD;
            again(); // behind the acknowledgements that came with this one: then there is room for more than one
            // message
        }
        settle();
    }

    /** An answer to a flow control request came, with the positions that the receiver has reached, or zeros. */
    void onFlowControl(Subject subject, long consumerSeq, long streamSeq) {
        clock.tick();
        if (!(mode instanceof PushMode push) || !push.onFlowControl(subject)) {
            return;
        }
        mode.touch(clock.nowNs());
        if (acksByFlow && streamSeq > 0) {
            acks.ack(Math.min(streamSeq, acks.delivered().stream()), consumerSeq);
            journal.moved();
        }
        wake();
        settle();
    }

    /** Sends a message behind all that was delivered before, once it is durable what it tells of. */
    void answer(Message message) {
        journal.write();
        out.sendDurably(message);
    }

    /** Somebody began or ceased to listen on the deliver subject. */
    void onInterest() {
        clock.tick();
        if (mode instanceof PushMode push) {
            push.onInterest(clock.nowNs());
            if (!push.active()) {
                feed.close();
            }
        }
        wake();
        settle();
    }

    /** Time has passed: redeliveries, heartbeats and requests may be due. */
    void onTime() {
        clock.tick();
        acks.expire(clock.nowNs());
        mode.sweep(stop == Pump.Stop.END_OF_DATA, clock.nowNs());
        run();
    }

    /** Nanoseconds until {@link #onTime} has something to do. */
    long dueNs() {
        long nowNs = clock.nowNs();
        long due = Math.min(acks.expiryNs(nowNs), mode.dueNs(nowNs));
        return Math.min(due, pump.dueNs());
    }

    /** Lets the pump run right after the present work, in the same group. */
    void wake() {
        if (!waking && !closed) {
            waking = true;
            scope.store().loop().defer(this::awake);
        }
    }

    /** Keeps another configuration. */
    void keep(ConsumerConfig config) {
        journal.config(config.toBytes());
    }

    /** Forgets all that is kept; {@link #close} follows. */
    void delete() {
        journal.delete();
    }

    /** Ends it: open requests get this status. What is to be kept is written at shutdown; else it is gone, or the store is another. */
    void close(PullStatus status) {
        closed = true;
        if (status == PullStatus.SHUTDOWN) {
            journal.end();
        } else {
            journal.forget();
        }
        out.hold();
        if (mode instanceof PullMode pull) {
            pull.queue().endAll(status);
        }
        feed.close();
        out.close();
    }

    @Override
    public void onDelivered(long streamSeq) {
        journal.moved();
        activity.delivered(clock.wallNs());
        if (stream.config().retention() != Retention.LIMITS && !acks.needs(streamSeq)) {
            stream.release(streamSeq); // nobody acknowledges: delivered is done
        }
    }

    @Override
    public void onLost(long streamSeq) {
        onRemoved(streamSeq, Removal.DELETED);
    }

    @Override
    public void onPending(PendingMessage message) {
        journal.changed(message.streamSeq());
    }

    @Override
    public void onReleased(long streamSeq) {
        journal.changed(streamSeq);
        if (stream.config().retention() != Retention.LIMITS) {
            stream.release(streamSeq);
        }
    }

    @Override
    public void onExhausted(PendingMessage message) {
        journal.exhausted(message.streamSeq());
        events.exhausted(message.streamSeq(), message.deliveries());
    }

    @Override
    public void onForgotten(long streamSeq) {
        journal.changed(streamSeq);
    }

    private void configure(ConsumerConfig config) {
        pump.headersOnly(config.is(HEADERS_ONLY));
        samplePercent = config.samplePercent();
        acksByFlow = config.get(ACK_POLICY) == AckPolicy.FLOW_CONTROL;
    }

    private void awake() {
        waking = false;
        clock.tick();
        run();
    }

    private void run() {
        if (closed) {
            return;
        }
        stop = paused ? Pump.Stop.NO_RECEIVER : pump.run(clock, this::wake);
        if (stop == Pump.Stop.END_OF_DATA && mode.impatient()) {
            mode.sweep(true, clock.nowNs());
        }
        if (stop == Pump.Stop.YIELD) {
            again();
        }
        settle();
    }

    /** Goes on behind everybody who waits for the loop. */
    private void again() {
        if (!scope.store().loop().offer(this::awake, 0)) {
            scope.store().loop().schedule(RETRY_NS, this::awake);
        }
    }

    private void settle() {
        if (closed) {
            return;
        }
        if (stream.config().retention() != Retention.LIMITS) {
            journal.write(); // with the removal of what this consumer was the last to need
        }
        onSettled.run();
    }

    private boolean ack(AckSubject ack, boolean sampled) {
        PendingMessage message = acks.pending(ack.streamSeq());
        if (message != null && sampled && isSampled()) {
            events.sampled(ack, clock.wallNs() - message.sinceNs());
        }
        boolean known = acks.ack(ack.streamSeq(), ack.consumerSeq());
        if (known) {
            journal.moved();
            activity.acknowledged(clock.wallNs());
        }
        return known;
    }

    private boolean terminate(AckSubject ack, String reason) {
        boolean known = ack(ack, false);
        events.terminated(ack, reason);
        return known;
    }

    private boolean nak(AckSubject ack, long delayNs) {
        if (acks.nak(ack.streamSeq(), ack.consumerSeq(), delayNs, clock)) {
            events.naked(ack);
        }
        return ack.streamSeq() > 0;
    }

    private boolean progress(AckSubject ack) {
        acks.progress(ack.streamSeq(), clock);
        return ack.streamSeq() > 0;
    }

    private boolean isSampled() {
        return samplePercent > 0 && (samplePercent >= 100 || scope.random().nextInt(100) < samplePercent);
    }

    private long burstBytes() {
        long message = stream.config().get(StreamField.MAX_MSG_SIZE);
        return message > 0 ? message : 1 << 20;
    }

    /** When something happened last, by the wall clock; 0 for never. Not kept over restarts, as in nats-server. */
    static final class Activity {
        private long deliveredAtNs;
        private long acknowledgedAtNs;

        void delivered(long wallNs) {
            deliveredAtNs = wallNs;
        }

        void acknowledged(long wallNs) {
            acknowledgedAtNs = wallNs;
        }

        void clear() {
            deliveredAtNs = 0;
            acknowledgedAtNs = 0;
        }

        long deliveredAtNs() {
            return deliveredAtNs;
        }

        long acknowledgedAtNs() {
            return acknowledgedAtNs;
        }
    }
}
