package io.leafd.jetstream.stream;

import static io.leafd.jetstream.stream.StreamField.*;

import io.leafd.jetstream.api.AccountLimits;
import io.leafd.jetstream.api.AccountScope;
import io.leafd.jetstream.api.JsError;
import io.leafd.jetstream.json.GoTime;
import io.leafd.protocol.Subjects;
import io.leafd.store.log.StreamLog;
import java.util.Collection;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one account: makes, changes, deletes and finds them. Owned by the store loop.
 *
 * <p>No two streams take the same subject, so each message is stored at most once.
 */
public final class Streams {
    private record Served(Stream stream, StreamInbox inbox, StreamOrigins origins, DirectGet direct) {}

    private final AccountScope scope;
    private final IntakeGate gate;
    private final StreamConsumers.Factory consumers;
    private final StreamOrigins.Factory origins;
    private final StreamRules rules;
    private final TreeMap<String, Served> byName = new TreeMap<>();

    /** The streams of an account; none before they are loaded or made. */
    public Streams(
            AccountScope scope, IntakeGate gate, StreamConsumers.Factory consumers, StreamOrigins.Factory origins) {
        this.scope = scope;
        this.gate = gate;
        this.consumers = consumers;
        this.origins = origins;
        this.rules = new StreamRules(scope.limits(), new OriginRules(this::configOf));
    }

    /** The account. */
    public AccountScope scope() {
        return scope;
    }

    /** The stream of this name, or null. */
    public @Nullable Stream find(String name) {
        Served served = byName.get(name);
        return served == null ? null : served.stream;
    }

    /**
     * The stream of this name.
     *
     * @throws io.leafd.jetstream.api.ApiException {@link JsError#STREAM_NOT_FOUND} if there is none
     */
    public Stream get(String name) {
        return served(name).stream;
    }

    /** All streams in order of their names. */
    public Collection<Stream> all() {
        return byName.values().stream().map(Served::stream).toList();
    }

    /** What copies into a stream. */
    public StreamOrigins originsOf(Stream stream) {
        return served(stream.name()).origins;
    }

    /** Serves a stream that was found on disk; one with memory storage ends with the process that made it and is deleted. */
    public void load(StreamLog log) {
        if (StreamConfig.parse(log.config()).get(STORAGE) == Storage.MEMORY) {
            scope.store().streams().delete(log);
        } else {
            passOverLost(log);
            serve(log);
        }
    }

    /**
     * Goes on behind sequences whose messages were acknowledged and then lost with a damaged file, so that none is given twice. A
     * mirror's messages have their sequences from elsewhere, and are fetched once more.
     */
    private void passOverLost(StreamLog log) {
        if (StreamConfig.parse(log.config()).get(MIRROR) == null) {
            log.skipTo(log.lastSeq() + 1 + scope.store().lostTailMax(log));
        }
    }

    /**
     * Makes a stream, or finds that it exists just so.
     *
     * @throws io.leafd.jetstream.api.ApiException if the configuration is not valid, the name is taken or a limit reached
     */
    public Stream create(StreamConfig sent, boolean pedantic) {
        StreamConfig config = rules.complete(sent, pedantic);
        if (config.is(SEALED)) {
            throw StreamRules.invalid("stream configuration for create can not be sealed");
        }
        Stream existing = find(config.name());
        if (existing != null) {
            if (existing.config().equals(config)) {
                return existing;
            }
            throw JsError.STREAM_NAME_EXIST.refuse();
        }
        if (scope.limits().streams() >= 0 && byName.size() >= scope.limits().streams()) {
            throw JsError.MAXIMUM_STREAMS_LIMIT.refuse();
        }
        checkReservation(config);
        checkOverlap(config);
        StreamLog log = scope.store()
                .streams()
                .create(
                        scope.account(),
                        config.name(),
                        config.toBytes(),
                        GoTime.epochNs(scope.clock().instant()));
        if (config.get(FIRST_SEQ) > 1) {
            log.skipTo(config.get(FIRST_SEQ));
        }
        Stream stream = serve(log).stream;
        announce("CREATED", "create", stream);
        return stream;
    }

    /**
     * Gives a stream another configuration.
     *
     * @throws io.leafd.jetstream.api.ApiException if the configuration is not valid or the change not possible
     */
    public Stream update(StreamConfig sent, boolean pedantic) {
        StreamConfig complete = rules.complete(sent, pedantic);
        Served served = served(complete.name());
        Stream stream = served.stream;
        StreamConfig before = stream.config();
        StreamConfig wanted = UpdateRules.check(before, complete);
        checkReservation(wanted);
        checkOverlap(wanted);
        stream.consumers().checkUpdate(wanted);
        stream.update(wanted);
        served.inbox.open(wanted.subjects(), ingestOf(stream));
        served.direct.open();
        served.origins.onUpdated(before);
        announce("UPDATED", "modify", stream);
        return stream;
    }

    /** Deletes a stream. */
    public void delete(Stream stream) {
        Served served = served(stream.name());
        close(served);
        byName.remove(stream.name());
        stream.delete();
        announce("DELETED", "delete", stream);
    }

    /** Reads everything again after the store was reopened; streams may have come or gone. */
    public void reload(Collection<StreamLog> logs) {
        byName.values().removeIf(served -> {
            boolean gone = !logs.contains(served.stream.log());
            if (gone) {
                close(served);
            }
            return gone;
        });
        for (StreamLog log : logs) {
            passOverLost(log);
            Served served = byName.get(log.name());
            if (served == null) {
                serve(log);
            } else {
                served.stream.reload();
                served.inbox.open(served.stream.config().subjects(), ingestOf(served.stream));
                served.direct.open();
                served.origins.onReopened();
            }
        }
    }

    /** Takes no more messages and answers no more direct gets. */
    public void close() {
        for (Served served : byName.values()) {
            served.inbox.close();
            served.direct.close();
        }
    }

    /** Bytes that streams with this storage hold. */
    public long usedBytes(Storage storage) {
        long sum = 0;
        for (Served served : byName.values()) {
            if (served.stream.config().get(STORAGE) == storage) {
                sum += served.stream.log().bytes();
            }
        }
        return sum;
    }

    /** Bytes that streams with this storage may come to hold, as far as they say so. */
    public long reservedBytes(Storage storage) {
        return reservedBytes(storage, "");
    }

    private long reservedBytes(Storage storage, String except) {
        long sum = 0;
        for (Served served : byName.values()) {
            StreamConfig config = served.stream.config();
            if (config.get(STORAGE) == storage && !config.name().equals(except)) {
                sum += Math.max(0, config.get(MAX_BYTES));
            }
        }
        return sum;
    }

    private Served serve(StreamLog log) {
        Stream stream = new Stream(scope, log, consumers);
        var ingest = ingestOf(stream);
        var served = new Served(stream, new StreamInbox(gate, ingest), origins.open(stream), new DirectGet(stream));
        byName.put(stream.name(), served);
        served.inbox.open(stream.config().subjects(), ingest);
        served.direct.open();
        return served;
    }

    private StreamIngest ingestOf(Stream stream) {
        Storage storage = stream.config().get(STORAGE);
        long most = storage == Storage.MEMORY
                ? scope.limits().memoryBytes()
                : scope.limits().storageBytes();
        return new StreamIngest(stream, most < 0 ? bytes -> true : bytes -> usedBytes(storage) + bytes <= most);
    }

    private static void close(Served served) {
        served.inbox.close();
        served.direct.close();
        served.origins.onDeleted();
    }

    private Served served(String name) {
        Served served = byName.get(name);
        if (served == null) {
            throw JsError.STREAM_NOT_FOUND.refuse();
        }
        return served;
    }

    private @Nullable StreamConfig configOf(String name) {
        Stream stream = find(name);
        return stream == null ? null : stream.config();
    }

    private void checkReservation(StreamConfig config) {
        Storage storage = config.get(STORAGE);
        AccountLimits limits = scope.limits();
        long most = storage == Storage.MEMORY ? limits.memoryBytes() : limits.storageBytes();
        long wanted = Math.max(0, config.get(MAX_BYTES));
        if (most >= 0 && reservedBytes(storage, config.name()) + wanted > most) {
            throw storage == Storage.MEMORY
                    ? JsError.MEMORY_RESOURCES_EXCEEDED.refuse()
                    : JsError.STORAGE_RESOURCES_EXCEEDED.refuse();
        }
    }

    private void checkOverlap(StreamConfig config) {
        for (Served served : byName.values()) {
            if (served.stream.name().equals(config.name())) {
                continue;
            }
            for (String taken : served.stream.config().subjects()) {
                for (String wanted : config.subjects()) {
                    if (Subjects.overlaps(taken, wanted)) {
                        throw JsError.STREAM_SUBJECT_OVERLAP.refuse();
                    }
                }
            }
        }
    }

    private void announce(String event, String action, Stream stream) {
        scope.advisories()
                .publish(
                        "ADVISORY.STREAM." + event + "." + stream.name(),
                        "advisory.v1.stream_action",
                        json -> json.field("stream", stream.name()).field("action", action));
    }
}
