package io.leafd.store;

import io.leafd.store.engine.Engine;
import io.leafd.store.engine.Family;
import io.leafd.store.engine.Scan;
import io.leafd.store.log.StreamLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Which durable consumers there are. Owned by the store loop. */
public final class ConsumerRegistry {
    private final Engine engine;
    private final Ids ids;

    ConsumerRegistry(Engine engine, Ids ids) {
        this.engine = engine;
        this.ids = ids;
    }

    /**
     * The consumers of a stream, in order of creation, as they are on disk. Makes new objects: call it once per opening of the
     * store, for older objects of the same consumers would not see what these write.
     */
    public List<ConsumerStore> list(StreamLog stream) {
        stream.checkOpen();
        engine.readThrough();
        var consumers = new ArrayList<ConsumerStore>();
        try (Scan scan = engine.scan(Family.CONSUMERS)) {
            boolean valid = scan.seek(ConsumerStore.prefix(stream.id(), ConsumerStore.CONFIG));
            while (valid && ConsumerStore.isKind(scan.key(), stream.id(), ConsumerStore.CONFIG)) {
                long id = ConsumerStore.idOf(scan.key());
                ByteBuffer body = scan.body();
                consumers.add(ConsumerStore.read(engine, stream, id, body));
                valid = scan.next();
            }
        }
        for (ConsumerStore consumer : consumers) {
            consumer.loadState();
        }
        return consumers;
    }

    /** Makes a consumer; durable with the current group. The caller sees to it that names are unique within the stream. */
    public ConsumerStore create(StreamLog stream, String name, byte[] config, long createdNs) {
        stream.checkOpen();
        var consumer = new ConsumerStore(engine, stream, ids.next(), name, createdNs, config);
        consumer.putConfig();
        return consumer;
    }
}
