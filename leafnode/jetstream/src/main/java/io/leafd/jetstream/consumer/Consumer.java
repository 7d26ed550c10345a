package io.leafd.jetstream.consumer;

import static io.leafd.jetstream.consumer.config.ConsumerConfig.*;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.consumer.config.AckPolicy;
import io.leafd.jetstream.consumer.config.ConsumerConfig;
import io.leafd.jetstream.consumer.config.ConsumerRules;
import io.leafd.jetstream.consumer.config.ConsumerUpdate;
import io.leafd.jetstream.consumer.config.PriorityPolicy;
import io.leafd.jetstream.consumer.pull.PullStatus;
import io.leafd.jetstream.json.GoTime;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.Removal;
import io.leafd.jetstream.stream.Stream;
import io.leafd.protocol.Subject;
import io.leafd.store.ConsumerStore;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One consumer: its configuration, its life, and the {@link Engine} that moves it. Owned by the store loop.
 *
 * <p>A consumer that is not durable, or has an inactive threshold, goes by itself when nobody has used it for that long: a push
 * consumer without listener, a pull consumer without open request whose messages are all acknowledged or overdue.
 */
final class Consumer {
    /** Deletion of pull consumers is put off by this and up to 0.9 s more, so that clients have time to ask again. */
    private static final long THRESHOLD_SLACK_NS = 100_000_000L;

    private static final int THRESHOLD_JITTER_NS = 900_000_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final Consumers siblings;
    private final Stream stream;
    private final String name;
    private final long createdNs;
    private final ConsumerEvents events;
    private final Engine engine;
    private final Intake intake;
    private final Alarm alarm;
    private ConsumerConfig config;
    private long thresholdNs;
    private long idleCheckAtNs = NEVER;
    private boolean paused;
    private boolean closed;

    /**
     * A consumer that does nothing yet: see {@link #open}.
     *
     * @param store where its state is kept; null for a consumer in memory
     */
    Consumer(
            Consumers siblings,
            IntakeGate gate,
            String name,
            long createdNs,
            ConsumerConfig config,
            @Nullable ConsumerStore store) {
        this.siblings = siblings;
        this.stream = siblings.stream();
        this.name = name;
        this.createdNs = createdNs;
        this.config = config;
        AccountScope scope = stream.scope();
        this.events = new ConsumerEvents(scope.advisories(), scope.account(), stream.name(), name);
        var out = new Deliveries(scope.store().loop(), scope.port().outlet("consumer " + stream.name() + "." + name));
        this.alarm = new Alarm(scope.store().loop(), this::onAlarm);
        this.engine = new Engine(this, config, store, out, this::onSettled);
        this.intake = new Intake(scope, gate, this, stream.name(), name);
        this.thresholdNs = threshold(config);
    }

    /** Begins, or goes on after a restart. */
    void open() {
        engine.start(config);
        paused = isPaused();
        engine.pause(paused);
        watchIdleness();
        AckPolicy policy = config.get(ACK_POLICY);
        intake.open(policy == AckPolicy.ALL || policy == AckPolicy.EXPLICIT, config.is(FLOW_CONTROL));
        onSettled();
    }

    Stream stream() {
        return stream;
    }

    String name() {
        return name;
    }

    /** When it was made, nanoseconds since 1970. */
    long createdNs() {
        return createdNs;
    }

    ConsumerConfig config() {
        return config;
    }

    ConsumerEvents events() {
        return events;
    }

    Engine engine() {
        return engine;
    }

    /** Whether it is shown and counted: not if it serves a mirror or source. */
    boolean isPublic() {
        return !config.is(DIRECT);
    }

    /** Whether it counts for limits and for the uniqueness of filters. */
    boolean isLimited() {
        return !config.is(DIRECT) && !config.is(SOURCING);
    }

    LogFilter filter() {
        return engine.feed().filter();
    }

    /** Where it delivers, or null if it is asked. */
    @Nullable
    Subject deliverSubject() {
        return engine.mode() instanceof PushMode push ? push.deliver() : null;
    }

    /** Whether it still has to deliver this message, which its filter selects, or waits for its acknowledgement. */
    boolean needs(long seq) {
        return seq >= engine.feed().nextSeq() || engine.acks().needs(seq);
    }

    /**
     * Gives it another configuration.
     *
     * @param completed by {@link ConsumerRules}
     * @throws io.leafd.jetstream.api.ApiException if something may not be changed
     */
    void update(ConsumerConfig completed) {
        ConsumerConfig wanted = ConsumerRules.withThreshold(completed);
        ConsumerUpdate.check(config, wanted, engine.mode() instanceof PushMode push && push.active());
        ConsumerConfig before = config;
        config = wanted;
        engine.keep(wanted);
        thresholdNs = threshold(wanted);
        engine.update(before, wanted);
        if (!Objects.equals(before.get(PAUSE_UNTIL), wanted.get(PAUSE_UNTIL))) {
            announcePause();
        }
        paused = isPaused();
        engine.pause(paused);
        watchIdleness();
        onSettled();
    }

    /** Stops delivering until then; null to go on. */
    void pause(@Nullable Instant until) {
        update(config.with(PAUSE_UNTIL, until).withRequiredLevel());
    }

    /** Announces whether it is paused. */
    void announcePause() {
        events.paused(config.get(PAUSE_UNTIL), stream.scope().clock().instant());
    }

    /** Whether it delivers nothing for the time being. */
    boolean isPaused() {
        Instant until = config.get(PAUSE_UNTIL);
        return until != null && stream.scope().clock().instant().isBefore(until);
    }

    /**
     * Starts over.
     *
     * @param wanted sequence of the next message; 0 for the first that is not acknowledged
     * @return that sequence
     * @throws io.leafd.jetstream.api.ApiException if the consumer's start does not permit it
     */
    long reset(long wanted) {
        long seq = wanted == 0 ? engine.acks().resumeSeq() : wanted;
        if (wanted != 0) {
            switch (config.get(DELIVER_POLICY)) {
                case ALL -> {}
                case BY_START_SEQUENCE -> refuseBelow(wanted, config.get(START_SEQ), "below start seq");
                case BY_START_TIME -> {
                    Instant start = Objects.requireNonNull(config.get(START_TIME));
                    refuseBelow(wanted, stream.log().seqAtTime(GoTime.epochNs(start)), "below start time");
                }
                case LAST, NEW, LAST_PER_SUBJECT -> throw JsError.CONSUMER_INVALID_RESET.refuse("not allowed");
            }
        }
        engine.reset(seq);
        return seq;
    }

    /** Takes the pin from the client of a priority group. */
    void unpin(String group) {
        if (engine.mode() instanceof PullMode pull && config.get(PRIORITY_POLICY) == PriorityPolicy.PINNED_CLIENT) {
            pull.queue().unpin(group);
            engine.wake();
        } else {
            events.unpinned(group, "admin");
        }
    }

    /** A message that its filter selects left the stream. */
    void onRemoved(long seq, Removal cause) {
        engine.onRemoved(seq, cause);
    }

    /** A purge of its stream is complete. */
    void onPurged(LogFilter purged) {
        StreamLog log = stream.log();
        if (purged.all() || !Filters.within(filter(), purged)) {
            if (Filters.overlap(filter(), purged)) {
                engine.onPurged(log.firstSeq());
            }
            return;
        }
        engine.onPurged(
                log.next(log.firstSeq(), purged) instanceof StoredMessage left ? left.seq() : log.lastSeq() + 1);
    }

    /** Messages that had been lost are back, somewhere in its stream. */
    void onPutBack() {
        engine.onPutBack();
    }

    /** A pull request came. On the store loop. */
    void onPull(Subject reply, byte[] payload) {
        if (!closed) {
            engine.onPull(reply, payload);
        }
    }

    /** An acknowledgement came. On the store loop. */
    void onAck(AckMessage ack) {
        if (!closed) {
            engine.onAck(ack);
        }
    }

    /** A flow control answer came. On the store loop. */
    void onFlowControl(Subject subject, long consumerSeq, long streamSeq) {
        if (!closed) {
            engine.onFlowControl(subject, consumerSeq, streamSeq);
        }
    }

    /** Somebody began or ceased to listen on its deliver subject. */
    void onInterest() {
        if (!closed) {
            watchIdleness();
            engine.onInterest();
        }
    }

    /** Deletes it with all that it kept. */
    void delete() {
        if (!closed) {
            engine.delete();
            events.deleted();
            close(PullStatus.DELETED);
        }
    }

    /** Ends it without deleting what it keeps; open requests get this status. */
    void close(PullStatus status) {
        if (!closed) {
            closed = true;
            alarm.cancel();
            intake.close();
            engine.close(status);
        }
    }

    private void onAlarm() {
        if (closed) {
            return;
        }
        if (paused && !isPaused()) {
            paused = false;
            announcePause();
            engine.pause(false);
        }
        engine.onTime();
        long nowNs = engine.clock().nowNs();
        if (idleCheckAtNs != NEVER && idleCheckAtNs - nowNs <= 0) {
            long leftNs = idleLeftNs(nowNs);
            if (leftNs <= 0) {
                siblings.delete(this);
                return;
            }
            idleCheckAtNs = leftNs == NEVER ? NEVER : nowNs + leftNs;
            onSettled();
        }
    }

    private void onSettled() {
        if (closed) {
            return;
        }
        long nowNs = engine.clock().nowNs();
        long due = engine.dueNs();
        Instant until = config.get(PAUSE_UNTIL);
        if (paused && until != null) {
            due = Math.min(
                    due, Math.max(0, GoTime.epochNs(until) - engine.clock().wallNs()));
        }
        if (idleCheckAtNs != NEVER) {
            due = Math.min(due, Math.max(0, idleCheckAtNs - nowNs));
        }
        alarm.within(due, nowNs);
    }

    /** Looks after the inactive threshold from now on. */
    private void watchIdleness() {
        idleCheckAtNs = thresholdNs == 0 ? NEVER : engine.clock().nowNs() + thresholdNs;
    }

    /** Nanoseconds until the consumer has to go if nobody uses it; {@link #NEVER} while somebody listens. */
    private long idleLeftNs(long nowNs) {
        if (engine.mode() instanceof PushMode push) {
            return push.active() ? NEVER : thresholdNs - push.idleNs(nowNs);
        }
        long waitNs = engine.acks().longestWaitNs(nowNs);
        long leftNs = thresholdNs - engine.mode().idleNs(nowNs);
        return waitNs > 0 ? Math.max(leftNs, waitNs + thresholdNs) : leftNs;
    }

    private long threshold(ConsumerConfig of) {
        long threshold = of.get(INACTIVE_THRESHOLD);
        if (threshold == 0 || of.push()) {
            return threshold;
        }
        return threshold + THRESHOLD_SLACK_NS + stream.scope().random().nextInt(THRESHOLD_JITTER_NS);
    }

    private static void refuseBelow(long wanted, long least, String why) {
        if (wanted < least) {
            throw JsError.CONSUMER_INVALID_RESET.refuse(why);
        }
    }
}
