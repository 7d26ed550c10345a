package io.leafd.jetstream.consumer;

import static io.leafd.jetstream.consumer.config.ConsumerConfig.*;

import io.leafd.jetstream.api.AccountLimits;
import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.api.Nuid;
import io.leafd.jetstream.consumer.config.AckPolicy;
import io.leafd.jetstream.consumer.config.ConsumerConfig;
import io.leafd.jetstream.consumer.config.ConsumerRules;
import io.leafd.jetstream.consumer.config.DeliverPolicy;
import io.leafd.jetstream.consumer.config.StreamTerms;
import io.leafd.jetstream.consumer.pull.PullStatus;
import io.leafd.jetstream.json.GoTime;
import io.leafd.jetstream.stream.ConsumerLimits;
import io.leafd.jetstream.stream.IntakeGate;
import io.leafd.jetstream.stream.Removal;
import io.leafd.jetstream.stream.Retention;
import io.leafd.jetstream.stream.Stream;
import io.leafd.jetstream.stream.StreamConfig;
import io.leafd.jetstream.stream.StreamConsumers;
import io.leafd.jetstream.stream.StreamField;
import io.leafd.protocol.Subject;
import io.leafd.protocol.json.JsonWriter;
import io.leafd.store.ConsumerStore;
import io.leafd.store.log.LogFilter;
import io.leafd.store.log.StoredMessage;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of one stream: makes, changes, finds and deletes them, and tells them what happens to the stream. Owned by the
 * store loop.
 */
final class Consumers implements StreamConsumers {
    private static final int NAME_LENGTH = 8;

    private final Stream stream;
    private final IntakeGate gate;
    private final DeliverInterest interest;
    private final Runnable onGone;
    private final TreeMap<String, Consumer> byName = new TreeMap<>();
    private final ConsumerIndex index = new ConsumerIndex();

    /**
     * @param onGone called when the stream is deleted
     */
    Consumers(Stream stream, IntakeGate gate, DeliverInterest interest, Runnable onGone) {
        this.stream = stream;
        this.onGone = onGone;
        this.gate = gate;
        this.interest = interest;
    }

    Stream stream() {
        return stream;
    }

    /** Serves the consumers that are on disk. */
    void load() {
        for (ConsumerStore store : stream.scope().store().consumers().list(stream.log())) {
            var consumer = new Consumer(
                    this, gate, store.name(), store.createdNs(), ConsumerConfig.parse(store.config()), store);
            add(consumer);
        }
    }

    /** The consumer of this name, hidden ones too, or null. */
    @Nullable
    Consumer find(String name) {
        return byName.get(name);
    }

    /**
     * The consumer of this name.
     *
     * @throws io.leafd.jetstream.api.ApiException {@link JsError#CONSUMER_NOT_FOUND} if there is none
     */
    Consumer get(String name) {
        Consumer consumer = byName.get(name);
        if (consumer == null) {
            throw JsError.CONSUMER_NOT_FOUND.refuse();
        }
        return consumer;
    }

    /** Those that are shown, in order of their names. */
    List<Consumer> listed() {
        return byName.values().stream().filter(Consumer::isPublic).toList();
    }

    /**
     * Makes a consumer, changes it, or finds that it exists just so.
     *
     * @throws io.leafd.jetstream.api.ApiException if the configuration is not valid, does not go with the stream's other consumers,
     *     or the action does not permit it
     */
    Consumer create(ConsumerConfig sent, CreateRequest.Action action, boolean pedantic) {
        ConsumerConfig config = ConsumerRules.complete(sent, terms(), pedantic);
        String name = config.durable() ? config.get(DURABLE) : config.get(NAME);
        Consumer existing = byName.get(name);
        if (existing != null) {
            if (action == CreateRequest.Action.CREATE && !existing.config().sameAs(config)) {
                throw JsError.CONSUMER_ALREADY_EXISTS.refuse();
            }
            checkUnique(config, name);
            change(existing, config);
            return existing;
        }
        if (action == CreateRequest.Action.UPDATE) {
            throw JsError.CONSUMER_DOES_NOT_EXIST.refuse();
        }
        checkCount();
        checkWorkqueue(config, name);
        return make(name.isEmpty() ? newName() : name, ConsumerRules.withThreshold(config));
    }

    /** Deletes a consumer; on a stream that keeps messages for its consumers, what only it needed goes as well. */
    void delete(Consumer consumer) {
        if (byName.remove(consumer.name(), consumer)) {
            index.remove(consumer);
            interest.remove(consumer);
            long floor = consumer.engine().acks().floor().stream();
            LogFilter filter = consumer.filter();
            consumer.delete();
            if (stream.config().retention() == Retention.INTEREST) {
                release(floor + 1, filter);
            }
        }
    }

    /** Gives a consumer another configuration that was completed. */
    void change(Consumer consumer, ConsumerConfig wanted) {
        LogFilter before = consumer.filter();
        index.remove(consumer);
        interest.remove(consumer);
        try {
            consumer.update(wanted);
        } finally {
            index.add(consumer);
            interest.add(consumer);
        }
        if (consumer.filter() != before && stream.config().retention() == Retention.INTEREST) {
            release(stream.log().firstSeq(), before);
        }
    }

    /** Ends all, keeping what is on disk; open requests get this status. */
    void close(PullStatus status) {
        for (Consumer consumer : byName.values()) {
            interest.remove(consumer);
            consumer.close(status);
        }
        byName.clear();
        index.clear();
    }

    @Override
    public int count() {
        int count = 0;
        for (Consumer consumer : byName.values()) {
            count += consumer.isPublic() ? 1 : 0;
        }
        return count;
    }

    @Override
    public void writeInfos(JsonWriter json) {
        json.array();
        for (Consumer consumer : listed()) {
            json.object();
            new ConsumerInfo(consumer).writeListed(json);
            json.end();
        }
        json.end();
    }

    @Override
    public void onAppended(long seq, Subject subject, int sizeBytes) {
        index.forEach(subject, consumer -> {
            consumer.engine().onAppended();
            return true;
        });
    }

    @Override
    public void onRemoved(long seq, Subject subject, Removal cause) {
        index.forEach(subject, consumer -> {
            consumer.onRemoved(seq, cause);
            return true;
        });
    }

    @Override
    public void onPurged(LogFilter filter) {
        byName.values().forEach(consumer -> consumer.onPurged(filter));
    }

    @Override
    public void onPutBack() {
        byName.values().forEach(Consumer::onPutBack);
    }

    @Override
    public boolean match(Subject subject) {
        return index.wants(subject);
    }

    @Override
    public boolean await(long seq) {
        if (byName.isEmpty() || !(stream.log().get(seq) instanceof StoredMessage message)) {
            return false;
        }
        return !index.forEach(message.subject(), consumer -> !consumer.needs(seq));
    }

    @Override
    public void checkUpdate(StreamConfig wanted) {
        ConsumerLimits limits = wanted.get(StreamField.CONSUMER_LIMITS);
        Predicate<Consumer> violates = consumer -> {
            ConsumerConfig config = consumer.config();
            return (limits.inactiveThresholdNs() > 0 && config.get(INACTIVE_THRESHOLD) > limits.inactiveThresholdNs())
                    || (limits.maxAckPending() > 0 && config.get(MAX_ACK_PENDING) > limits.maxAckPending());
        };
        List<String> violating =
                listed().stream().filter(violates).map(Consumer::name).toList();
        if (!violating.isEmpty()) {
            throw JsError.STREAM_UPDATE.refuse("change to limits violates consumers: " + String.join(", ", violating));
        }
    }

    @Override
    public void onUpdated(StreamConfig before) {
        if (before.retention() == Retention.LIMITS && stream.config().retention() == Retention.INTEREST) {
            release(stream.log().firstSeq(), LogFilter.ALL);
        }
    }

    @Override
    public void onReopened() {
        close(PullStatus.MOVED);
        load();
    }

    @Override
    public void onDeleted() {
        for (Consumer consumer : byName.values()) {
            interest.remove(consumer);
            consumer.delete();
        }
        byName.clear();
        index.clear();
        onGone.run();
    }

    private Consumer make(String name, ConsumerConfig config) {
        AccountScope scope = stream.scope();
        long createdNs = GoTime.epochNs(scope.clock().instant());
        boolean kept = !config.is(DIRECT) && !config.is(MEMORY);
        ConsumerStore store =
                kept ? scope.store().consumers().create(stream.log(), name, config.toBytes(), createdNs) : null;
        var consumer = new Consumer(this, gate, name, createdNs, config, store);
        add(consumer);
        consumer.events().created();
        return consumer;
    }

    private void add(Consumer consumer) {
        consumer.open();
        byName.put(consumer.name(), consumer);
        index.add(consumer);
        interest.add(consumer);
    }

    private String newName() {
        String name;
        do {
            name = Nuid.next(stream.scope().random(), NAME_LENGTH);
        } while (byName.containsKey(name));
        return name;
    }

    private StreamTerms terms() {
        StreamConfig config = stream.config();
        ConsumerLimits limits = config.get(StreamField.CONSUMER_LIMITS);
        return new StreamTerms(
                config.retention(),
                config.subjects(),
                limits.maxAckPending(),
                stream.scope().limits().ackPending(),
                limits.inactiveThresholdNs());
    }

    private void checkCount() {
        long ofStream = stream.config().get(StreamField.MAX_CONSUMERS);
        long ofAccount = stream.scope().limits().consumers();
        long max = ofStream > 0 && (ofAccount <= 0 || ofStream <= ofAccount) ? ofStream : ofAccount;
        if (max <= 0) {
            max = AccountLimits.CONSUMERS_DEFAULT;
        }
        if (byName.values().stream().filter(Consumer::isLimited).count() >= max) {
            throw JsError.MAXIMUM_CONSUMERS_LIMIT.refuse();
        }
    }

    private void checkWorkqueue(ConsumerConfig config, String name) {
        if (stream.config().retention() != Retention.WORKQUEUE || config.is(DIRECT) || config.is(SOURCING)) {
            return;
        }
        AckPolicy policy = config.get(ACK_POLICY);
        if (policy != AckPolicy.EXPLICIT && policy != AckPolicy.FLOW_CONTROL) {
            throw JsError.CONSUMER_WORK_QUEUE_REQUIRES_EXPLICIT_ACK.refuse();
        }
        if (config.get(DELIVER_POLICY) != DeliverPolicy.ALL) {
            throw JsError.CONSUMER_WORK_QUEUE_CONSUMER_NOT_DELIVER_ALL.refuse();
        }
        if (config.filters().isEmpty() && byName.values().stream().anyMatch(Consumer::isLimited)) {
            throw JsError.CONSUMER_WORK_QUEUE_MULTIPLE_UNFILTERED.refuse();
        }
        checkUnique(config, name);
    }

    /** On a workqueue no two consumers may want the same message. */
    private void checkUnique(ConsumerConfig config, String name) {
        if (stream.config().retention() != Retention.WORKQUEUE) {
            return;
        }
        LogFilter filter = Filters.of(config);
        for (Consumer other : byName.values()) {
            if (other.isLimited()
                    && !other.name().equals(name)
                    && !config.filters().isEmpty()
                    && Filters.overlap(filter, other.filter())) {
                throw JsError.CONSUMER_WORK_QUEUE_CONSUMER_NOT_UNIQUE.refuse();
            }
        }
    }

    /** Looks from a sequence on which messages nobody needs any more. */
    private void release(long fromSeq, LogFilter filter) {
        new InterestSweep(stream, fromSeq, filter).run();
    }
}
