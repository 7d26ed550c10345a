package io.leafd.jetstream.stream;

import static io.leafd.jetstream.stream.StreamField.*;

import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.JsError;
import io.leafd.protocol.Subject;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.Purge;
import io.leafd.store.log.RemovalVisitor;
import io.leafd.store.log.StoredMessage;
import io.leafd.store.log.StreamLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream: its configuration, its log, its consumers, and every change of its messages. Owned by the store loop.
 *
 * <p>Whoever wants a message in or out comes through here, so that four things always happen together: the log changes, the
 * limits hold, the consumers know, and the timer of {@code max_age} is set. What is allowed was decided before: see {@link
 * StreamIngest} for publishers and {@link StreamRules} for configurations.
 */
public final class Stream {
    private static final int PORTION = 1000;

    private final AccountScope scope;
    private final StreamLog log;
    private final StreamConsumers consumers;
    private final ClockMemory clock;
    private final StreamTime time;
    private final Expiry expiry;
    private final RemovalVisitor onLimit;
    private final List<StreamListener> listeners = new ArrayList<>();
    private volatile StreamConfig config;
    private StreamLimits limits;
    private long lastTimestampNs;
    private boolean committing;
    private boolean puttingBack;
    private @Nullable String keeper;

    /** A stream over a log that was made or found; begins to expire messages at once. */
    @SuppressWarnings("this-escape") // consumers keep it and use it later, on the same thread
    Stream(AccountScope scope, StreamLog log, StreamConsumers.Factory factory) {
        this.scope = scope;
        this.log = log;
        this.config = StreamConfig.parse(log.config());
        this.lastTimestampNs = log.state().lastTimestampNs();
        this.onLimit = (seq, subject, size) -> removed(seq, subject, Removal.LIMIT);
        this.clock = new ClockMemory(scope.store().cursors(), scope.account(), log.name());
        this.time = new StreamTime(scope.clock(), scope.store().loop()::nanoTime, BootId.present(), clock, stampedNs());
        this.expiry = new Expiry(scope.store().loop(), time, log, onLimit);
        this.limits = new StreamLimits(log, config, onLimit);
        this.consumers = factory.open(this);
        expiry.start(config.get(MAX_AGE));
    }

    /** The name. Any thread. */
    public String name() {
        return log.name();
    }

    /** The present configuration. Any thread. */
    public StreamConfig config() {
        return config;
    }

    /** When it was made, nanoseconds since 1970. */
    public long createdNs() {
        return log.createdNs();
    }

    /** The account it lives in and what is there to work with. Any thread. */
    public AccountScope scope() {
        return scope;
    }

    /** The messages, for reading only. */
    public StreamLog log() {
        return log;
    }

    /** Its consumers. */
    public StreamConsumers consumers() {
        return consumers;
    }

    /**
     * Gives the stream to a part of this server that promised to see its messages through: from now on users can't delete, purge or
     * change it.
     *
     * @param who for people, for example {@code forward "telemetry" of upstream "hq"}
     */
    public void keepFor(String who) {
        keeper = who;
    }

    /**
     * Lets only streams through that users may change.
     *
     * @param error what is answered otherwise; its text names the keeper and says what to do
     */
    void requireFree(JsError error) {
        if (keeper != null) {
            throw error.refuse("stream belongs to " + keeper + "; remove that from the configuration first");
        }
    }

    /** Follows what is committed from now on. */
    public void listen(StreamListener listener) {
        listeners.add(listener);
    }

    /** Ends {@link #listen}. */
    public void unlisten(StreamListener listener) {
        listeners.remove(listener);
    }

    /**
     * Stores a message under the next sequence with the present time.
     *
     * <p>On a stream with interest retention a message that no consumer wants gets its sequence and is not kept.
     *
     * @param body header block directly followed by the payload; not kept
     * @param msgId what later duplicates are known by, or null
     * @return the sequence
     */
    public long append(Subject subject, ByteBuffer body, int headerLength, byte @Nullable [] msgId) {
        lastTimestampNs = Math.max(lastTimestampNs, time.stampNs());
        boolean kept = keeps(subject);
        if (!kept && msgId == null) {
            long seq = log.lastSeq() + 1;
            log.skipTo(seq + 1);
            return seq;
        }
        long seq = log.append(subject, body, headerLength, lastTimestampNs, msgId);
        if (kept) {
            appended(seq, subject, body.remaining(), headerLength);
        } else {
            log.delete(seq, RemovalVisitor.NONE); // only its id is kept
        }
        return seq;
    }

    /**
     * Stores a message of a mirrored stream as it was there; sequences in between count as deleted.
     *
     * @param seq must be above the last one
     */
    public void appendAt(long seq, Subject subject, byte[] body, int headerLength, long timestampNs) {
        lastTimestampNs = Math.max(lastTimestampNs, timestampNs);
        if (!keeps(subject)) {
            log.skipTo(seq + 1);
            return;
        }
        log.appendAt(seq, subject, body, headerLength, timestampNs, null);
        appended(seq, subject, body.length, headerLength);
    }

    /**
     * Puts a message of a mirrored stream back that was lost here. One that had expired by now is settled instead, and limits hold: so
     * what would be gone stays gone.
     */
    public void putBack(long seq, Subject subject, byte[] body, int headerLength, long timestampNs) {
        if (expiry.isOver(timestampNs)) {
            log.settleLost(seq, seq);
        } else if (log.putBack(seq, subject, body, headerLength, timestampNs)) {
            limits.enforce(subject);
            if (!puttingBack) {
                puttingBack = true;
                scope.store().loop().afterCommit(this::putBackDone);
            }
        }
    }

    private void putBackDone() {
        puttingBack = false;
        expiry.start(config.get(MAX_AGE)); // there may be an older first message than before
        consumers.onPutBack();
    }

    /** Gives away sequences, so that the next message gets {@code nextSeq}: what a mirror does about a gap at its end. */
    public void skipTo(long nextSeq) {
        log.skipTo(nextSeq);
    }

    /** Why a message may not be stored, in nats-server's words; null if the limits allow it. */
    public @Nullable String refusal(Subject subject, int sizeBytes) {
        return limits.refusal(subject, sizeBytes);
    }

    /** Removes one message; false if there is none at this sequence. */
    public boolean delete(long seq) {
        return log.delete(seq, (removedSeq, subject, size) -> removed(removedSeq, subject, Removal.DELETED));
    }

    /**
     * A consumer is done with a message: removes it if the retention says so. Idempotent.
     */
    public void release(long seq) {
        boolean done = switch (config.retention()) {
            case LIMITS -> false;
            case WORKQUEUE -> true;
            case INTEREST -> !consumers.await(seq);
        };
        if (done) {
            log.delete(seq, (removedSeq, subject, size) -> removed(removedSeq, subject, Removal.DONE));
        }
    }

    /**
     * Removes messages, in portions where they are many.
     *
     * @param done gets their number when all are gone, in the same turn of the loop or a later one
     */
    public void purge(Purge what, LongConsumer done) {
        if (what.filter().all() && what.keep() == 0) {
            long before = log.messages();
            log.purge(what, Long.MAX_VALUE, RemovalVisitor.NONE);
            consumers.onPurged(what.filter());
            done.accept(before - log.messages());
            return;
        }
        purgePortion(what, 0, done);
    }

    /** Removes what a roll-up covers: everything before {@code seq}, on its subject or altogether, at once. */
    void rollup(LogFilter filter, long seq) {
        var what = new Purge(filter, seq, 0);
        log.purge(what, Long.MAX_VALUE, filter.all() ? RemovalVisitor.NONE : purged());
        consumers.onPurged(filter);
    }

    /** Gives the stream another configuration, which must be valid; lowered limits take effect at once. */
    void update(StreamConfig wanted) {
        StreamConfig before = config;
        scope.store().streams().update(log, wanted.toBytes());
        config = wanted;
        limits = new StreamLimits(log, wanted, onLimit);
        expiry.start(wanted.get(MAX_AGE));
        enforceLimits();
        if (wanted.get(MAX_MSGS_PER_SUBJECT) > 0
                && (before.get(MAX_MSGS_PER_SUBJECT) <= 0
                        || before.get(MAX_MSGS_PER_SUBJECT) > wanted.get(MAX_MSGS_PER_SUBJECT))) {
            enforcePerSubject();
        }
        consumers.onUpdated(before);
    }

    /** Deletes the stream with its consumers and messages. */
    void delete() {
        expiry.stop();
        consumers.onDeleted();
        clock.forget();
        scope.store().streams().delete(log);
        listeners.forEach(StreamListener::onDeleted);
    }

    /** Reads again what was derived from the store, after it was reopened. */
    void reload() {
        config = StreamConfig.parse(log.config());
        lastTimestampNs = log.state().lastTimestampNs();
        limits = new StreamLimits(log, config, onLimit);
        expiry.start(config.get(MAX_AGE));
        consumers.onReopened();
    }

    /** Timestamp of the message stored last, in nanoseconds since 1970. */
    long lastTimestampNs() {
        return lastTimestampNs;
    }

    /** The sequence that was stored with this message id within a window before the present, or 0. */
    long duplicateOf(byte[] msgId, long windowNs) {
        long nowNs = nowNs();
        return log.duplicateOf(msgId, time.windowNs(windowNs), nowNs);
    }

    /** The present, in nanoseconds since 1970, but never before the last message. */
    public long nowNs() {
        return Math.max(lastTimestampNs, time.nowNs());
    }

    /** When the last message was stamped here; a mirror's messages were stamped elsewhere and say nothing about this box. */
    private long stampedNs() {
        return config.get(MIRROR) == null ? lastTimestampNs : 0;
    }

    private boolean keeps(Subject subject) {
        return config.retention() != Retention.INTEREST || consumers.match(subject);
    }

    private void appended(long seq, Subject subject, int bodyLength, int headerLength) {
        limits.enforce(subject);
        expiry.onAppended();
        consumers.onAppended(
                seq, subject, StoredMessage.sizeBytes(subject.length(), headerLength, bodyLength - headerLength));
        if (!committing && !listeners.isEmpty()) {
            committing = true;
            scope.store().loop().afterCommit(this::committed);
        }
    }

    private void committed() {
        committing = false;
        for (StreamListener listener : List.copyOf(listeners)) {
            listener.onCommitted(log.lastSeq());
        }
    }

    private void removed(long seq, Subject subject, Removal cause) {
        consumers.onRemoved(seq, subject, cause);
    }

    private RemovalVisitor purged() {
        return (seq, subject, size) -> removed(seq, subject, Removal.PURGED);
    }

    private void purgePortion(Purge what, long before, LongConsumer done) {
        long count = log.purge(what, PORTION, purged());
        if (count == PORTION) {
            scope.store().loop().control(() -> purgePortion(what, before + count, done));
        } else {
            consumers.onPurged(what.filter());
            done.accept(before + count);
        }
    }

    private void enforceLimits() {
        if (limits.enforceAll(PORTION)) {
            scope.store().loop().control(this::enforceLimits);
        }
    }

    private void enforcePerSubject() {
        var subjects = new ArrayList<Subject>();
        log.subjects(LogFilter.ALL, (subject, messages, lastSeq) -> {
            if (messages > config.get(MAX_MSGS_PER_SUBJECT)) {
                subjects.add(subject);
            }
            return subjects.size() < PORTION;
        });
        subjects.forEach(limits::enforce);
        if (subjects.size() == PORTION) {
            scope.store().loop().control(this::enforcePerSubject);
        }
    }
}
